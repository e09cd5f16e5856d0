"""Every example environment validates, renders, and is what its first lines say."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pulumi
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet import render, stack_settings
from multinet.cli.app import app
from multinet.findings import errors, warnings
from multinet.stack import load, schema, stackfile

ENVIRONMENTS = {
    "dev": (".", {"host-local-on-shared-l2", "default-route"}),
    "cilium": (".", {"host-local-on-shared-l2", "default-route"}),
    "airgapped": (".", set()),
    "edge": (".", set()),
    "large": ("examples/large", set()),
}
"""Stack → its directory, and the warnings that it has."""


pytestmark = pytest.mark.usefixtures("no_helm")


def file_of(project: Path, stack: str) -> Path:
    return stackfile.stack_path(project / ENVIRONMENTS[stack][0], stack)


def manifests(directory: Path) -> list[dict[str, Any]]:
    paths = sorted((directory / "manifests").glob("[0-9]*.yaml"))
    return [YAML(typ="safe", pure=True).load(path.read_text()) for path in paths]


def rendered(project: Path, stack: str, to: Path) -> tuple[int, str]:
    where = str(project / ENVIRONMENTS[stack][0])
    result = CliRunner().invoke(app, ["render", "-C", where, "-s", stack, "-o", str(to)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_every_stack_file_at_the_top_is_among_them(project: Path) -> None:
    shipped = {p.name.split(".")[1] for p in project.glob("Pulumi.*.yaml")}
    shipped |= {p.name.split(".")[1] for p in (project / "examples").glob("*/Pulumi.*.yaml")}
    assert set(ENVIRONMENTS) <= shipped


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_it_validates_and_editors_accept_it(stack: str, project: Path) -> None:
    found = load(file_of(project, stack))
    assert errors(found.findings) == []
    assert {f.code for f in warnings(found.findings)} == ENVIRONMENTS[stack][1]
    document = YAML(typ="safe", pure=True).load(file_of(project, stack))
    jsonschema.validate(document, schema.stack_file_schema())


@pytest.mark.parametrize("stack", ENVIRONMENTS)
def test_it_renders_all_but_its_chart(stack: str, project: Path, tmp_path: Path) -> None:
    code, output = rendered(project, stack, tmp_path / "out")
    existing = load(file_of(project, stack)).require().primary_cni.plugin == "existing"
    assert code == (0 if existing else 4), output
    outputs = json.loads((tmp_path / "out" / "outputs.json").read_text())
    nads = [m for m in manifests(tmp_path / "out") if m["kind"] == "NetworkAttachmentDefinition"]
    assert {m["metadata"]["name"] for m in nads} == set(outputs["networks"])
    assert nads


def test_without_a_way_out_nothing_comes_from_outside(project: Path, tmp_path: Path) -> None:
    _, output = rendered(project, "airgapped", tmp_path / "out")
    assert "tigera-operator" in output, "the chart itself is what cannot be had here"
    plan = render.run(
        project / "__main__.py",
        "multinet",
        "airgapped",
        stackfile.read(file_of(project, "airgapped")).config,
    )
    (chart,) = (r.inputs for r in plan.resources if r.type == "kubernetes:helm.sh/v4:Chart")
    assert chart["chart"] == "oci://registry.inside.example/charts/tigera-operator"
    text = "".join(p.read_text() for p in (tmp_path / "out").rglob("*") if p.is_file())
    for outside in ("ghcr.io", "quay.io", "docker.io", "github.com/containernetworking"):
        assert outside not in text, outside
    (daemon,) = (m for m in manifests(tmp_path / "out") if m["kind"] == "DaemonSet")
    pod = daemon["spec"]["template"]["spec"]
    images = {c["image"] for c in [*pod["containers"], *pod["initContainers"]]}
    assert all("@sha256:" in image for image in images)


def test_the_edge_uses_k3ss_directories_and_leaves_its_flannel_alone(
    project: Path, tmp_path: Path
) -> None:
    code, output = rendered(project, "edge", tmp_path / "out")
    assert code == 0, output
    found = manifests(tmp_path / "out")
    (daemon,) = (m for m in found if m["kind"] == "DaemonSet")
    mounts = {
        v["hostPath"]["path"]
        for v in daemon["spec"]["template"]["spec"]["volumes"]
        if "hostPath" in v
    }
    assert "/var/lib/rancher/k3s/agent/etc/cni/net.d" in mounts
    assert "/etc/cni/net.d" not in mounts
    assert "--multus-master-cni-file-name=10-flannel.conflist" in json.dumps(daemon)
    agents = {m["metadata"]["name"] for m in found if m["kind"] in ("DaemonSet", "Deployment")}
    assert agents == {"multinet-multus"}, "nothing of a primary"


def test_the_large_one_has_a_network_for_every_row_of_its_table(
    project: Path, tmp_path: Path
) -> None:
    rendered(project, "large", tmp_path / "out")
    with (project / "examples/large/networks.csv").open(newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert len(rows) >= 300
    nads = {
        m["metadata"]["name"]: m
        for m in manifests(tmp_path / "out")
        if m["kind"] == "NetworkAttachmentDefinition"
    }
    assert set(nads) == set(rows)
    for name, row in rows.items():
        config = json.loads(nads[name]["spec"]["config"])
        assert nads[name]["metadata"]["namespace"] == row["namespace"]
        assert (config["vlan"], config["ipam"]["range"]) == (int(row["vlan"]), row["subnet"])
    summary = (tmp_path / "out" / "summary.md").read_text()
    assert all(f"| {name} |" in summary for name in rows), "also what the program made itself"


def test_its_program_is_wired_as_the_projects_own(project: Path) -> None:
    own, theirs = (
        (project / name).read_text().partition("cluster = ")[2]
        for name in ("__main__.py", "examples/large/__main__.py")
    )
    assert theirs == own, "copy the wiring of __main__.py"


def test_the_page_shows_the_programs_own_text(project: Path) -> None:
    (shown_code,) = re.findall(
        r"```python\n(.*?)```", (project / "docs/environments.md").read_text(), re.DOTALL
    )
    program = (project / "examples/large/__main__.py").read_text()
    for part in shown_code.split("\n\n\n"):
        assert part.strip() in program, part


def test_every_mistake_in_the_table_is_told_at_once_and_nothing_is_written(
    project: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(project / "examples/large", broken)
    table = broken / "networks.csv"
    again = table.read_text().splitlines()[1]
    table.write_text(
        f"{table.read_text()}{again}\n"
        "wide,hall9,5000,10.40.0.0/24,1500\n"
        "astray,hall9,70,10.4.0.0/24,1500\n"
        "no-range,hall9,71,10.40.0.0/40,1500\n"
    )
    result = CliRunner().invoke(
        app, ["render", "-C", str(broken), "-s", "large", "-o", str(tmp_path / "out")]
    )
    assert result.exit_code == 2
    assert "4 problems" in result.output
    for told in ("duplicate-key", "5000", "overlaps the pods' addresses", "10.40.0.0/40"):
        assert told in result.output, told
    assert "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.fixture
def _configured() -> Any:
    """A running program's configuration: one network, as the engine hands it over."""
    blue = {"config": {"cniVersion": "1.0.0", "type": "bridge"}}
    pulumi.runtime.set_all_config({"multinet:networks": json.dumps({"blue": blue})})
    yield
    pulumi.runtime.set_all_config({})


@pytest.mark.usefixtures("_configured")
def test_a_programs_networks_join_those_of_the_stack() -> None:
    from multinet import Macvlan, NetworkArgs, NodeArgs

    made = {"red": NetworkArgs(config=Macvlan(master="eth0")), "green": Macvlan(master="eth1")}
    stack = stack_settings(networks=made, nodes=[("n1", NodeArgs(local=True))])
    assert list(stack.networks) == ["blue", "red", "green"]
    assert stack.networks["red"].config.main.type == "macvlan"
    assert list(stack.nodes) == ["n1"]


@pytest.mark.usefixtures("_configured")
def test_a_name_that_the_stack_has_is_refused() -> None:
    with pytest.raises(pulumi.RunError, match=r"duplicate-key.*multinet:networks\.blue"):
        stack_settings(networks={"blue": {"config": {"type": "bridge"}}})


def shown(page: Path, command: str) -> list[str]:
    """What a page shows below a command, up to the block's end."""
    _, found, after = page.read_text().partition(f"$ {command}\n")
    assert found, f"{page} does not show {command}"
    return after.partition("```")[0].splitlines()


@pytest.mark.parametrize(
    ("command", "where"),
    [
        ("multinet diff -s dev -s cilium", "."),
        ("multinet diagram -s airgapped -o airgapped.svg", "."),
        ("multinet diagram -s large -o large.svg", "examples/large"),
    ],
)
def test_the_page_shows_what_is_printed(
    command: str, where: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "project"
    shutil.copytree(project / where, copy, ignore=shutil.ignore_patterns(".*", "build", "tests"))
    monkeypatch.chdir(copy)
    result = CliRunner().invoke(app, command.split()[1:], env={"COLUMNS": "80"})
    expected = shown(project / "docs/environments.md", command)
    assert result.output.splitlines() == expected


def test_the_page_shows_how_a_table_with_mistakes_is_refused(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "large"
    shutil.copytree(project / "examples/large", copy)
    table = copy / "networks.csv"
    again = table.read_text().splitlines()[1]
    wide = "hall9-cell01-tools,hall9,5000,10.120.0.0/24,1500"
    table.write_text(f"{table.read_text()}{again}\n{wide}\n")
    monkeypatch.chdir(copy)
    command = "multinet render -s large -o build/large"
    result = CliRunner().invoke(app, command.split()[1:])
    assert result.output.splitlines() == shown(project / "docs/environments.md", command)


@pytest.mark.parametrize("page", ["docs/environments.md", "docs/adopt.md"])
def test_links_of_the_pages_lead_somewhere(page: str, project: Path) -> None:
    here = project / page
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", here.read_text()):
        if "://" not in target:
            assert (here.parent / target).exists(), f"{page} links to {target}"

"""`multinet render`: same input, same bytes; what is written is what was declared."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.names import OWNER
from multinet.render.apply import script
from multinet.render.steps import Step
from multinet.stack import stackfile


@pytest.fixture(autouse=True)
def _no_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit tests render no charts: whether helm is on the machine must not matter."""
    monkeypatch.setenv("MULTINET_HELM", "/nonexistent/helm")


def render(project: Path, to: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        app, ["render", "-C", str(project), "-o", str(to), *(arguments or ("-s", "dev"))]
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def digest(directory: Path) -> dict[str, str]:
    return {
        str(p.relative_to(directory)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in directory.rglob("*")
        if p.is_file()
    }


def manifests(directory: Path) -> dict[str, dict[str, Any]]:
    paths = sorted((directory / "manifests").glob("[0-9]*.yaml"))
    return {p.name: YAML(typ="safe").load(p.read_text()) for p in paths}


def nad(directory: Path, name: str = "macvlan-conf") -> dict[str, Any]:
    (found,) = (
        m
        for m in manifests(directory).values()
        if m["kind"] == "NetworkAttachmentDefinition" and m["metadata"]["name"] == name
    )
    return found


@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_rendering_twice_gives_the_same_bytes(stack: str, project: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        code, output = render(project, tmp_path / name, "-s", stack)
        assert code == 4, output
        assert "not rendered" in output, "the missing chart is named"
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


@pytest.mark.parametrize("stack", ["dev", "cilium"])
def test_the_nad_holds_exactly_what_the_file_declares(
    stack: str, project: Path, tmp_path: Path
) -> None:
    render(project, tmp_path / "out", "-s", stack)
    declared = stackfile.read(project / f"Pulumi.{stack}.yaml").config
    expected = declared["networks"]["macvlan-conf"]["config"] | {"name": "macvlan-conf"}
    assert json.loads(nad(tmp_path / "out")["spec"]["config"]) == expected


def test_the_order_of_keys_in_the_file_does_not_matter(project: Path, tmp_path: Path) -> None:
    one = {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br1", "isGateway": True}
    for name, config in (("one", one), ("two", dict(reversed(one.items())))):
        file = tmp_path / name / "Pulumi.test.yaml"
        file.parent.mkdir()
        networks = {"blue": {"config": config}}
        primary = {"plugin": "existing", "confFile": "10-x.conflist"}
        file.write_text(
            json.dumps({"config": {"multinet:networks": networks, "multinet:primaryCni": primary}})
        )
        code, output = render(project, file.parent / "out", "-f", str(file))
        assert code == 0, output
    rendered = [nad(tmp_path / name / "out", "blue") for name in ("one", "two")]
    assert rendered[0] == rendered[1]


def test_a_label_that_yaml_once_took_for_a_boolean_is_text_for_kubectl(
    project: Path, tmp_path: Path
) -> None:
    """It reads YAML 1.1, and the API server refuses a label that is true."""
    file = tmp_path / "Pulumi.test.yaml"
    words = ["yes", "No", "on", "OFF", "y", "n"]
    labels = {f"l{i}": word for i, word in enumerate(words)}
    network = {"labels": labels, "config": {"cniVersion": "1.0.0", "type": "bridge"}}
    primary = {"plugin": "existing", "confFile": "10-x.conflist"}
    config = {"multinet:networks": {"blue": network}, "multinet:primaryCni": primary}
    file.write_text(json.dumps({"config": config}))
    assert render(project, tmp_path / "out", "-f", str(file))[0] == 0
    (path,) = (tmp_path / "out/manifests").glob("*-blue.yaml")
    once = YAML(typ="safe")
    once.version = "1.1"
    assert labels.items() <= once.load(path)["metadata"]["labels"].items()


def test_files_are_in_the_order_of_dependencies(project: Path, tmp_path: Path) -> None:
    render(project, tmp_path / "out")
    kinds = [m["kind"] for m in manifests(tmp_path / "out").values()]
    assert kinds.index("CustomResourceDefinition") < kinds.index("NetworkAttachmentDefinition")
    assert kinds.index("ConfigMap") < kinds.index("DaemonSet")
    kustomization = YAML(typ="safe").load(tmp_path / "out/manifests/kustomization.yaml")
    assert kustomization["resources"] == list(manifests(tmp_path / "out"))


def test_manifests_carry_no_annotations_of_the_engine(project: Path, tmp_path: Path) -> None:
    render(project, tmp_path / "out")
    for name, manifest in manifests(tmp_path / "out").items():
        assert "pulumi.com/" not in json.dumps(manifest), name


ADOPTED = """\
config:
  multinet:primaryCni: {plugin: existing, confFile: 05-cilium.conflist, adopt: {plugin: cilium}}
"""


@pytest.fixture
def adopted(project: Path, tmp_path: Path) -> Path:
    """What is rendered for a Cilium that others manage."""
    (tmp_path / "adopted.yaml").write_text(ADOPTED)
    code, output = render(project, tmp_path / "out", "-f", str(tmp_path / "adopted.yaml"))
    assert code == 0, output
    return tmp_path / "out"


def test_what_is_set_on_others_objects_is_no_manifest(adopted: Path) -> None:
    patches = sorted(p.name for p in (adopted / "patches").iterdir())
    assert [p.partition("-")[2] for p in patches] == [
        "configmap-cilium-config.patch.yaml",
        "daemonset-cilium.patch.yaml",
    ]
    for name, manifest in manifests(adopted).items():
        assert "cilium" not in manifest["metadata"]["name"], name
    config = YAML(typ="safe").load((adopted / "patches" / patches[0]).read_text())
    assert config == {"data": {"cni-exclusive": "false"}}


def test_the_script_stops_at_an_error_and_takes_nothing_from_others(adopted: Path) -> None:
    text = (adopted / "apply.sh").read_text()
    said = text.splitlines()
    assert "set -eu" in said
    steps = [line for line in said if line.startswith(("apply ", "patch ", "marked "))]
    assert [line.split()[0] for line in steps[:2]] == ["patch", "marked"]
    assert "configmap/cilium-config --namespace kube-system" in steps[0], "agents read it first"
    assert all("--field-manager=multinet" in line for line in said if '"$kubectl" patch' in line)
    assert "apply --server-side --field-manager=multinet" in text
    checked = [Path(sys.executable).parent / "shellcheck", adopted / "apply.sh"]
    ran = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_crd_that_is_too_new_to_have_conditions_is_asked_again(tmp_path: Path) -> None:
    crd = Step({"apiVersion": "v1", "kind": "CRD", "metadata": {"name": "x"}}, waits="Established")
    (tmp_path / "apply.sh").write_text(script([("1.yaml", crd)]))
    # As kubectl v1.37 answered once: an error first.
    (tmp_path / "kubectl").write_text(
        "#!/bin/sh\n[ $1 = get ] || exit 0\n"
        "[ -e asked ] && { printf True; exit 0; }\n: >asked\necho nil is no array >&2; exit 1\n"
    )
    (tmp_path / "kubectl").chmod(0o755)
    command = ["env", f"KUBECTL={tmp_path}/kubectl", "sh", str(tmp_path / "apply.sh")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_dry_run_changes_nothing_and_waits_for_nothing(adopted: Path) -> None:
    """kubectl would wait for what is not there."""
    recorded = adopted.parent / "kubectl"
    recorded.write_text(f"#!/bin/sh\necho $* >>{adopted.parent}/asked\n")
    recorded.chmod(0o755)
    command = ["env", f"KUBECTL={recorded}", "sh", str(adopted / "apply.sh"), "--dry-run=server"]
    subprocess.run(command, capture_output=True, check=True)
    asked = [line.split() for line in (adopted.parent / "asked").read_text().splitlines()]
    assert {words[0] for words in asked} == {"get", "apply", "patch"}
    assert all("--dry-run=server" in words for words in asked if words[0] != "get")


def test_pods_older_than_their_account_are_replaced_and_those_that_cannot_go_not_waited_for(
    adopted: Path,
) -> None:
    """On a node that is away it stays for as long as that is."""
    asked, made = adopted.parent / "asked", "2026-01-01T10:00:00Z"
    pods = "2026-01-01T09:00:00Z old", "2026-01-01T09:00:00Z going 2026-01-01T09:30:00Z"
    pods += "2026-01-01T10:00:00Z same-second", "2026-01-01T10:00:01Z new"
    recorded = adopted.parent / "kubectl"
    listed = "\\n".join([*pods, ""])
    recorded.write_text(
        f"#!/bin/sh\necho $* >>{asked}\ncase $* in\n*'get crd'*) printf True ;;\n"
        f"*'get serviceaccount'*) printf {made} ;;\n*'get pods'*) printf '{listed}' ;;\nesac\n"
    )
    recorded.chmod(0o755)
    command = ["env", f"KUBECTL={recorded}", "sh", str(adopted / "apply.sh")]
    subprocess.run(command, capture_output=True, check=True, timeout=60)
    deleted = [line for line in asked.read_text().splitlines() if line.startswith("delete pod ")]
    assert {line.split()[2] for line in deleted} == {"old"}, "Multus's"
    assert all("--wait=false" in line for line in deleted)


@pytest.mark.parametrize("written", ["as rendered", "json", "quoted"])
def test_whose_they_are_is_asked_also_where_another_program_wrote_them_anew(
    tmp_path: Path, written: str
) -> None:
    owned = {"multinet.dev/owner": "multinet/dev"}
    mine, others = (
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "annotations": annotations},
        }
        for name, annotations in (("a", owned), ("b", {"multinet.dev/owner": "multinet/dev2"}))
    )
    (tmp_path / "manifests").mkdir()
    for name, made in (("1.yaml", mine), ("2.yaml", others)):
        text = {
            "as rendered": f"multinet.dev/owner: {made['metadata']['annotations'][OWNER]}\n",
            "json": json.dumps(made),
            "quoted": json.dumps(made, indent=2).replace('"', "'"),
        }[written]
        (tmp_path / "manifests" / name).write_text(text)
    (tmp_path / "apply.sh").write_text(script([("1.yaml", Step(mine))]))
    (tmp_path / "kubectl").write_text(f"#!/bin/sh\necho $* >>{tmp_path}/asked\n")
    (tmp_path / "kubectl").chmod(0o755)
    command = ["env", f"KUBECTL={tmp_path}/kubectl", "sh", str(tmp_path / "apply.sh")]
    subprocess.run(command, capture_output=True, check=True)
    asked = (tmp_path / "asked").read_text().splitlines()[0]
    assert asked.startswith("get ")
    assert asked.endswith(" --filename=manifests/1.yaml")


def test_multus_is_waited_for_before_the_networks(adopted: Path) -> None:
    said = (adopted / "apply.sh").read_text().splitlines()
    (waits,) = [line for line in said if "multinet-multus" in line and "rollout status" in line]
    assert "daemonset/multinet-multus --namespace kube-system" in waits
    assert not any("jsonpath={.metadata.uid}" in line for line in said)


def test_workloads_of_a_chart_are_applied_together_and_then_waited_for() -> None:
    agent, operator = (
        Step({"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}}, waits="rollout")
        for kind, name in (("DaemonSet", "cilium"), ("Deployment", "cilium-operator"))
    )
    role = Step({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}})
    lines = script([("1.yaml", agent), ("2.yaml", operator), ("3.yaml", role)]).splitlines()
    first = lines.index('apply 1.yaml "$@"')
    assert lines[first + 1] == 'apply 2.yaml "$@"', "the agent waits for CRDs of its operator"
    assert [line.split()[3] for line in lines[first + 2 : first + 4]] == [
        "daemonset/cilium",
        "deployment/cilium-operator",
    ]
    assert lines[first + 4] == 'apply 3.yaml "$@"'


def test_the_summary_shows_networks_findings_and_what_is_missing(
    project: Path, tmp_path: Path
) -> None:
    render(project, tmp_path / "out")
    text = (tmp_path / "out" / "summary.md").read_text()
    for part in ("```mermaid", "default/macvlan-conf", "192.168.1.200", "tigera-operator"):
        assert part in text


def test_a_directory_with_other_files_is_not_touched(project: Path, tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    code, output = render(project, tmp_path)
    assert code == 2
    assert "no render wrote" in output
    assert [p.name for p in tmp_path.iterdir()] == ["precious.txt"]


def test_a_refused_environment_writes_nothing(project: Path, tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text("config:\n  multinet:multus: {mode: thik}\n")
    code, output = render(project, tmp_path / "out", "-f", str(file))
    assert code == 2
    assert "multinet:multus.mode" in output
    assert not (tmp_path / "out").exists()


def test_json_lists_what_was_written(project: Path, tmp_path: Path) -> None:
    code, output = render(project, tmp_path / "out", "-s", "dev", "--json")
    assert code == 4
    document = json.loads(output)
    assert document["manifests"] == list(manifests(tmp_path / "out"))
    assert list(document["missingCharts"]) == ["tigera-operator v3.31.7"]

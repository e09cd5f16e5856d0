"""A warning about one network reaches whoever reads the environment, by whatever way."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.errors import InputPropertiesError
from typer.testing import CliRunner

from multinet import Attachment, Macvlan, Network, NetworkArgs, attach, render
from multinet.adopt import convert
from multinet.cli.app import app
from multinet.component_plugin.provider import ComponentPlugin
from multinet.names import PROJECT
from tests.unit.adopt import clusters
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor

CODE = "gateway-handed-out"
CONFIG = {
    "cniVersion": "1.0.0",
    "type": "macvlan",
    "master": "eth0",
    "ipam": {"type": "whereabouts", "range": "30.30.30.0/28", "gateway": "30.30.30.1"},
}
LAN = {"config": CONFIG}
QUIET = {**LAN, "ignore": {CODE: "pods of this network never ask for .1"}}
WRONG = {**LAN, "ignore": {"bogus": "no such code", CODE: "known"}}
ENVIRONMENT = {
    "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
    "addons": {"whereabouts": False},
}

PROGRAM = """
import json
from pathlib import Path
from multinet import stack_settings

stack_settings(networks=json.loads(Path(__file__).with_name("networks.json").read_text()))
"""


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [*arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


def test_the_engines_log_shows_it_at_up_and_preview(project: Path) -> None:
    def told(network: dict[str, Any]) -> list[str]:
        config = {**ENVIRONMENT, "networks": {"lan": network}}
        return render.run(project / "__main__.py", PROJECT, "test", config).warnings

    (text,) = told(LAN)
    assert text.startswith(f"warning[{CODE}] multinet:networks.lan.config.ipam.gateway")
    assert "30.30.30.1/32" in text, "with the way out"
    assert told(QUIET) == []


def test_render_shows_it_on_the_terminal_in_the_summary_and_in_json(
    project: Path, tmp_path: Path
) -> None:
    file = tmp_path / "Pulumi.lan.yaml"
    whole = {**ENVIRONMENT, "networks": {"lan": LAN}}
    file.write_text(json.dumps({"config": {f"{PROJECT}:{k}": v for k, v in whole.items()}}))
    command = ("render", "-C", str(project), "-f", str(file), "-o", str(tmp_path / "out"))

    code, _, shown = run(*command)
    _, output, _ = run(*command, "--json")

    assert code == 0
    assert shown.count(CODE) == 1
    assert (tmp_path / "out" / "summary.md").read_text().count(CODE) == 1
    document = json.loads(output)
    assert [f["code"] for f in document["findings"]] == [CODE]
    assert document["warnings"] == [], "the program told nothing that is not known already"


def test_render_shows_what_only_the_program_declares(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.own.yaml").write_text("config: {'multinet:addons': {whereabouts: false}}\n")
    (tmp_path / "__main__.py").write_text(PROGRAM)
    command = ("render", "-C", str(tmp_path), "-s", "own", "-o", str(tmp_path / "out"))
    (tmp_path / "networks.json").write_text(json.dumps({"lan": LAN}))

    _, _, shown = run(*command)
    _, output, _ = run(*command, "--json")

    assert f"of the program: warning[{CODE}] multinet:networks.lan" in shown
    assert "\\n" not in shown, "its lines are lines"
    assert CODE in (tmp_path / "out" / "summary.md").read_text()
    assert [CODE in text for text in json.loads(output)["warnings"]] == [True]

    (tmp_path / "networks.json").write_text(json.dumps({"lan": QUIET}))
    assert CODE not in run(*command)[2]

    (tmp_path / "networks.json").write_text(json.dumps({"lan": WRONG}))
    code, _, shown = run(*command)
    assert code == 2
    assert "unknown-code" in shown


def test_adopting_a_cluster_tells_it() -> None:
    nad = clusters.nad("lan", CONFIG)
    adopted = convert(clusters.seen(nad, **clusters.kubespray()), "multinet/prod")
    assert CODE in {f.code for f in adopted.warnings}


def test_importing_an_inventory_counts_the_warnings_and_names_the_command(tmp_path: Path) -> None:
    (tmp_path / "k8s-cluster.yml").write_text(
        "kube_network_plugin: calico\nkube_network_plugin_multus: true\n"
        "multus_image_repo: ghcr.io/k8snetworkplumbingwg/multus-cni\nmultus_image_tag: stable\n"
    )
    file = tmp_path / "Pulumi.imported.yaml"
    command = ("import-kubespray", str(tmp_path / "k8s-cluster.yml"), "-o", str(file), "--force")

    _, shown, _ = run(*command)
    _, output, _ = run(*command, "--json")

    said = {f["code"] for f in json.loads(output)["warnings"]}
    assert "moving-tag" in said
    assert f"multinet validate -f {file}" in shown
    _, validated, _ = run("validate", "-f", str(file), "--json")
    assert {f["code"] for f in json.loads(validated)["findings"]} == said


def test_a_component_of_another_language_tells_it(caplog: pytest.LogCaptureFixture) -> None:
    def made(inputs: dict[str, Any]) -> str:
        caplog.clear()

        async def program() -> None:
            result = ComponentPlugin().construct("lan", "multinet:index:Network", inputs)
            await pulumi.Output.from_input(result.urn).future()

        with caplog.at_level(logging.WARNING):
            monitor.run(Monitor(), program)
        return caplog.text

    assert f"warning[{CODE}] config.ipam.gateway" in made(LAN)
    assert CODE not in made(QUIET)
    with pytest.raises(InputPropertiesError, match=r"unknown-code.*ignore\.bogus"):
        made(WRONG)


def test_settings_that_a_program_checks_itself_tell_it(caplog: pytest.LogCaptureFixture) -> None:
    def made(network: dict[str, Any]) -> str:
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            monitor.run(Monitor(), lambda: Network("lan", NetworkArgs(**network)) and None)
        return caplog.text

    assert f"network lan: warning[{CODE}] config.ipam.gateway" in made(LAN)
    assert CODE not in made(QUIET)
    with pytest.raises(pulumi.RunError, match=r"unknown-code.*ignore\.bogus"):
        made(WRONG)


def test_what_is_refused_for_another_reason_tells_it_too(tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.lan.yaml"
    networks = {"lan": LAN, "other": {"config": {**CONFIG, "mode": "brige"}}}
    file.write_text(json.dumps({"config": {"multinet:networks": networks}}))

    code, output, _ = run("validate", "-f", str(file), "--json")

    assert code == 2
    told = [(f["code"], f["path"]) for f in json.loads(output)["findings"]]
    assert (CODE, "multinet:networks.lan.config.ipam.gateway") in told
    assert (CODE, "multinet:networks.other.config.ipam.gateway") in told


def test_what_a_pod_asks_for_in_vain_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def program() -> None:
        lan = Network("lan", Macvlan(master="eth0"))
        attach(Attachment("lan", default_route=["10.0.0.1"]), declared=[lan])

    with caplog.at_level(logging.WARNING):
        monitor.run(Monitor(), program)
    assert "attachment: warning[default-route-ignored] networks[0].default-route" in caplog.text

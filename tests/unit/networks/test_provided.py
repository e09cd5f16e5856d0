"""Networks whose configuration others lay out on the nodes: every command takes them as that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet import Attachment, Macvlan, Network, NetworkArgs, attach
from multinet.cli.app import app
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import Monitor
from tests.unit.validating import validate

PROVIDED: dict[str, Any] = {"perNode": "provided"}
MACVLAN = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    networks = {
        "lan": PROVIDED,
        "vf": {**PROVIDED, "resourceName": "intel.com/vf", "nodeSelector": {"rack": "b"}},
        "wan": {"config": MACVLAN},
    }
    config = {
        "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "networks": networks,
        "nodes": {"w1": {"host": "192.0.2.10"}},
    }
    path = tmp_path / "Pulumi.tried.yaml"
    path.write_text(json.dumps({"config": {f"multinet:{k}": v for k, v in config.items()}}))
    return path


def _ran(*arguments: str | Path) -> str:
    result = CliRunner().invoke(app, [str(a) for a in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stdout


def test_a_network_that_the_nodes_have_is_valid_and_nothing_is_said_of_it() -> None:
    networks = {"lan": PROVIDED, "other": {**PROVIDED, "namespace": "edge"}}

    assert validate(networks=networks, nodes={"w1": {}}).findings == []


@pytest.mark.parametrize(
    ("network", "path", "code"),
    [
        ({}, "config", "missing-key"),
        ({"namespace": "edge"}, "config", "missing-key"),
        ({"perNode": None}, "config", "missing-key"),
        ({"config": MACVLAN, **PROVIDED}, "perNode", "config-and-per-node"),
        ({"perNode": "provide"}, "perNode", "unknown-value"),
        ({"perNode": True}, "perNode", "unknown-value"),
        ({"config": None}, "config", "not-a-configuration"),
        ({"config": ""}, "config", "not-json"),
        ({"config": {}}, "config.type", "missing-type"),
    ],
)
def test_it_has_a_configuration_or_says_who_has(
    network: dict[str, Any], path: str, code: str
) -> None:
    assert validate(networks={"lan": network}).errors == {f"multinet:networks.lan.{path}": code}


def test_a_mistyped_key_is_told_once() -> None:
    told = validate(networks={"a": {"confg": MACVLAN}, "b": {"pernode": "provided"}})

    assert set(told.errors.values()) == {"unknown-key"}
    assert "config" in told.text("unknown-key")
    assert "perNode" in told.text("unknown-key")


def test_the_object_holds_no_configuration(file: Path, project: Path, tmp_path: Path) -> None:
    _ran("render", "-C", project, "-f", file, "-o", tmp_path / "out")
    made = {
        found["metadata"]["name"]: found
        for path in (tmp_path / "out" / "manifests").glob("*networkattachmentdefinition*")
        for found in [YAML(typ="safe").load(path)]
    }

    assert made["lan"]["spec"] == {}
    assert made["vf"]["spec"] == {}
    annotations = made["vf"]["metadata"]["annotations"]
    assert annotations["k8s.v1.cni.cncf.io/resourceName"] == "intel.com/vf"
    assert json.loads(made["wan"]["spec"]["config"]) == {**MACVLAN, "name": "wan"}
    summary = (tmp_path / "out" / "summary.md").read_text()
    assert "| lan | `default/lan` | provided | – | each node's own | – |" in summary
    script = (tmp_path / "out" / "nodes" / "w1" / "01-preflight.sh").read_text()
    assert "need_configuration lan /etc/cni/multus/net.d" in script
    assert "need_configuration vf" not in script, "its pods do not land there"
    assert "need_plugin provided" not in script


def test_pictures_and_comparisons_show_it_as_what_it_is(file: Path, tmp_path: Path) -> None:
    picture = _ran("diagram", "-f", file)
    assert "lan: where each node has it" in picture
    assert "addresses of each node's own" in picture
    assert "<svg" in _ran("diagram", "-f", file, "--format", "svg")
    other = tmp_path / "Pulumi.other.yaml"
    other.write_text(
        file.read_text().replace(json.dumps(PROVIDED), json.dumps({"config": MACVLAN}))
    )
    told = json.loads(_ran("diff", "-f", file, "-f", other, "--json"))
    assert not told["same"]
    assert "lan.perNode" in {d["path"] for d in told["differences"]}
    assert json.loads(_ran("diff", "-f", file, "-f", file, "--json"))["same"]


def test_the_schema_takes_it_and_wants_one_of_the_two() -> None:
    network = json.loads(_ran("schema"))["$defs"]["NetworkSettings"]

    assert {"required": ["perNode"]} in network["anyOf"]
    assert "default" not in network["properties"]["config"]


def test_a_program_declares_it_and_pods_may_ask_what_the_nodes_allow() -> None:
    found: dict[str, Any] = {}

    def program() -> None:
        lan = Network("lan", per_node="provided")
        Network("wan", NetworkArgs(per_node="provided", namespace="edge"))
        pulumi.Output.all(lan.type, lan.reference, lan.subnets).apply(
            lambda told: found.update(told=told)
        )
        asked = Attachment(
            "lan",
            namespace="default",
            ips=["192.0.2.9/24"],
            mac="02:00:5e:00:53:01",
            bandwidth={"ingressRate": 1000, "ingressBurst": 1000},
        )
        found["annotation"] = attach(asked, declared=[lan])

    engine = Monitor()
    monitor.run(engine, program)

    assert found["told"] == ["provided", "default/lan", []]
    assert "192.0.2.9/24" in str(found["annotation"])
    assert engine.made["lan"].inputs["spec"] == {}
    assert engine.made["wan"].inputs["metadata"]["namespace"] == "edge"


@pytest.mark.parametrize(
    "arguments", [{}, {"config": Macvlan(master="eth0"), "per_node": "provided"}]
)
def test_a_program_is_refused_what_a_stack_file_is(arguments: dict[str, Any]) -> None:
    with pytest.raises(pulumi.RunError, match=r"required here|reads none of the nodes' files"):
        monitor.run(Monitor(), lambda: Network("lan", **arguments) and None)


def test_a_program_s_own_object_without_a_configuration_is_one(
    project: Path, tmp_path: Path
) -> None:
    directory = tmp_path / "program"
    directory.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        (directory / name).write_text((project / name).read_text())
    (directory / "__main__.py").write_text(
        (project / "__main__.py").read_text()
        + "\nfrom pulumi_kubernetes.apiextensions import CustomResource\n"
        + "CustomResource('own', api_version='k8s.cni.cncf.io/v1',"
        + " kind='NetworkAttachmentDefinition', metadata={'name': 'own'}, spec={})\n"
    )
    out = _ran("render", "-C", directory, "-s", "dev", "-o", tmp_path / "out")
    summary = (tmp_path / "out" / "summary.md").read_text()
    assert "| own | `default/own` | provided |" in summary, out

"""The component plugin: its schema says what its components take, and they are refused as ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.errors import InputPropertiesError
from pydantic import BaseModel
from ruamel.yaml import YAML

import multinet
from multinet.component_plugin.components import KINDS
from multinet.component_plugin.provider import ComponentPlugin, schema, unwrapped
from tests.unit.reuse import monitor
from tests.unit.reuse.monitor import SECRET, Monitor

MACVLAN = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": {"type": "dhcp"}}
UNKNOWN = pulumi.output.UNKNOWN


Inputs = Mapping[str, Any] | Callable[[], Mapping[str, Any]]
"""Inputs, or what makes them: outputs belong to the loop that they are made in."""


def construct(
    name: str, kind: str, inputs: Inputs, *, preview: bool = False
) -> tuple[Monitor, str | None, dict[str, Any], bool]:
    """What is registered, the URN, the outputs, and whether one of those is a secret."""
    engine = Monitor()

    async def program() -> Any:
        given = inputs() if callable(inputs) else inputs
        result = ComponentPlugin().construct(name, f"multinet:index:{kind}", given)
        urn = await pulumi.Output.from_input(result.urn).future()
        outputs = {key: await value.future() for key, value in result.state.items()}
        secrets = [await value.is_secret() for value in result.state.values()]
        return urn, outputs, any(secrets)

    return engine, *monitor.run(engine, program, preview=preview)


def refusal(name: str, kind: str, inputs: Inputs) -> str:
    with pytest.raises(InputPropertiesError) as refused:
        construct(name, kind, inputs)
    assert refused.value.errors == [], "the engine prints values of listed properties, secret ones"
    return refused.value.message


def test_a_network_is_the_component_that_python_programs_use() -> None:
    engine, urn, outputs, secret = construct("blue", "Network", {"config": MACVLAN})
    assert urn == "urn:pulumi:dev::project::pulumi:pulumi:Stack$multinet:index:Network::blue"
    assert outputs == {
        "namespace": "default",
        "reference": "default/blue",
        "type": "macvlan",
        "annotation": {"k8s.v1.cni.cncf.io/networks": "default/blue"},
        "subnets": [],
    }
    assert engine.made["blue-nad"].parent == urn
    assert not secret


def test_numbers_arrive_as_doubles_and_are_whole_again() -> None:
    engine, *_ = construct("blue", "Network", {"config": {**MACVLAN, "mtu": 1400.0}})
    assert json.loads(engine.made["blue-nad"].inputs["spec"]["config"])["mtu"] == 1400
    assert unwrapped({"a": [1.0, 1.5, {"b": 2.0}], "c": None}) == {"a": [1, 1.5, {"b": 2}]}


def test_an_output_of_another_resource_is_as_good_as_a_value() -> None:
    async def later() -> str:
        return "eth7"

    def inputs() -> dict[str, Any]:
        return {"config": {**MACVLAN, "master": pulumi.Output.from_input(later())}}

    engine, *_ = construct("blue", "Network", inputs)
    assert '"master": "eth7"' in engine.made["blue-nad"].inputs["spec"]["config"]


def test_what_is_not_known_in_a_preview_is_shown_without_children() -> None:
    config = {**MACVLAN, "master": UNKNOWN}
    engine, urn, outputs, _ = construct("blue", "Network", {"config": config}, preview=True)
    assert urn
    assert set(outputs.values()) == {None}
    assert [m.type for m in engine.made.values() if m.type.startswith("multinet:")] == [
        "multinet:index:Network"
    ]
    assert "blue-nad" not in engine.made


def test_what_was_made_of_a_secret_is_a_secret() -> None:
    engine, _, outputs, secret = construct(
        "blue", "Network", lambda: {"config": pulumi.Output.secret(MACVLAN)}
    )
    assert outputs["type"] == "macvlan"
    assert secret
    assert set(engine.made["blue-nad"].inputs["spec"]) == {SECRET}


def test_a_node_s_key_is_a_secret_and_its_script_can_be_read() -> None:
    def inputs() -> dict[str, Any]:
        key = pulumi.Output.secret("a key")
        return {"privateKey": key, "networks": {"blue": {"config": MACVLAN}}}

    engine, _, outputs, _ = construct("worker-1", "NodeNetwork", inputs)
    command = engine.made["worker-1-apply"].inputs
    assert SECRET in json.dumps(command["connection"])
    assert isinstance(command["stdin"], str)
    assert outputs == {"node": "worker-1", "networks": ["blue"]}


def test_every_problem_is_told_at_once_with_its_path_and_no_traceback() -> None:
    said = refusal(
        "Blue_Net",
        "Network",
        {"namspace": "x", "config": {**MACVLAN, "mode": "brige", "mtu": "1500"}},
    )
    for part in (
        "Network 'Blue_Net' is refused: 4 problems",
        "[unknown-key] namspace",
        "did you mean 'namespace'",
        "[unknown-value] config.mode",
        "[wrong-type] config.mtu",
        "[not-a-dns-label] name",
    ):
        assert part in said
    assert "Traceback" not in said


def test_how_a_primary_goes_with_multus_is_checked() -> None:
    exclusive = {"plugin": "cilium", "cilium": {"exclusive": True}}
    assert "[cilium-exclusive] cilium.exclusive" in refusal("cni", "PrimaryCni", exclusive)


def test_a_secret_that_is_wrong_is_not_shown() -> None:
    def inputs() -> dict[str, Any]:
        return {"primaryConfFile": "10-a.conf", "kubeconfig": pulumi.Output.secret(["hunter2"])}

    said = refusal("multus", "Multus", inputs)
    assert "kubeconfig" in said
    assert "hunter2" not in said


def test_a_component_that_is_not_there_is_refused() -> None:
    assert "Network, Networks, Environment, PrimaryCni, Multus" in refusal("a", "Netwrok", {})


def test_multus_without_access_to_the_cluster_keeps_the_crd() -> None:
    engine, _, outputs, _ = construct("multus", "Multus", {"primaryConfFile": "10-a.conflist"})
    assert outputs["mode"] == "thick"
    assert "multus-daemonset" in engine.made
    assert "multus-crd-removal" not in engine.made


def _models(kind: str) -> type[BaseModel]:
    return KINDS[kind].inputs


@pytest.mark.parametrize("kind", KINDS)
def test_the_schema_has_every_key_of_the_model_and_no_other(kind: str) -> None:
    resource = schema()["resources"][f"multinet:index:{kind}"]
    fields = _models(kind).model_fields
    assert set(resource["inputProperties"]) == {f.alias or n for n, f in fields.items()}
    required = {f.alias or n for n, f in fields.items() if f.is_required()}
    assert set(resource["requiredInputs"]) == required
    assert resource["isComponent"]


def test_every_property_has_a_description() -> None:
    package = schema()
    objects = {
        **{name: r["inputProperties"] for name, r in package["resources"].items()},
        **{name: t.get("properties", {}) for name, t in package["types"].items()},
    }
    silent = [
        f"{name}.{key}"
        for name, properties in objects.items()
        for key, rule in properties.items()
        if not rule["description"] or rule["description"].startswith("Default:")
    ]
    assert silent == []


def test_references_of_the_schema_lead_somewhere() -> None:
    package = schema()
    text = json.dumps(package)
    named = {part.split('"')[0] for part in text.split("#/types/")[1:]}
    assert named == set(package["types"])


def test_secrets_are_marked_for_every_language() -> None:
    types, resources = schema()["types"], schema()["resources"]
    assert resources["multinet:index:NodeNetwork"]["inputProperties"]["privateKey"]["secret"]
    assert resources["multinet:index:Multus"]["inputProperties"]["kubeconfig"]["secret"]
    assert types["multinet:index:ProxySettings"]["properties"]["privateKeyPassword"]["secret"]


def test_the_plugin_s_directory_is_what_the_engine_looks_for(project: Path) -> None:
    plugin = project / "plugin"
    document = YAML(typ="safe").load(plugin / "PulumiPlugin.yaml")
    assert document["runtime"]["name"] == "python"
    assert (plugin / "__main__.py").is_file()
    assert schema()["version"] == multinet.__version__

"""The JSON Schema for editors says what the models say."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from multinet.cni.config import parse
from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.known import PLUGINS
from multinet.cni.schema import network_config_schema
from tests.unit.cni.arbitrary import NEARLY
from tests.unit.cni.documented import ACCEPTED

SCHEMA = network_config_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_it_is_a_json_schema_without_loose_ends() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def references(value: Any) -> set[str]:
        if isinstance(value, dict):
            own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            return own.union(*(references(v) for v in value.values()))
        return set().union(*(references(v) for v in value)) if isinstance(value, list) else set()

    assert references(SCHEMA) <= {f"#/$defs/{name}" for name in SCHEMA["$defs"]}


def test_it_has_every_plugin_and_ipam() -> None:
    models = [*PLUGINS.values(), *IPAM_PLUGINS.values()]
    assert {m.__name__ for m in models} <= set(SCHEMA["$defs"])


@pytest.mark.parametrize("name", ACCEPTED)
def test_it_accepts_what_is_documented(name: str) -> None:
    assert [e.message for e in VALIDATOR.iter_errors(ACCEPTED[name])] == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"type": "macvlan", "mster": "eth0"}, "'mster' was unexpected"),
        ({"type": "vlan"}, "'master' is a required property"),
        ({"type": "macvlan", "mode": "bride"}, "not valid under any"),
        ({"mode": "bridge"}, "'type' is a required property"),
        ({"plugins": []}, "non-empty"),
        ({"plugins": [{"type": "vrf"}]}, "'vrfname' is a required property"),
        ({"type": "macvlan", "ipam": {"type": "host-local", "sub": 1}}, "not valid under any"),
        (5, "not of type 'object', 'string'"),
    ],
)
def test_it_refuses_what_an_editor_should_underline(written: Any, said: str) -> None:
    assert any(said in e.message for e in VALIDATOR.iter_errors(written))


@settings(max_examples=300, deadline=None)
@given(NEARLY)
def test_it_never_refuses_what_is_accepted(raw: Any) -> None:
    config, _ = parse(raw)
    if config is not None:
        assert [e.message for e in VALIDATOR.iter_errors(config.raw)] == []

"""Reading a network's configuration: forms, versions, names, and all problems at once."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from multinet.cni.config import parse
from multinet.findings import Finding, errors, format_path

KUBESPRAY = {
    "cniVersion": "0.4.0",
    "type": "macvlan",
    "master": "eth0",
    "mode": "bridge",
    "ipam": {
        "type": "host-local",
        "subnet": "192.168.1.0/24",
        "rangeStart": "192.168.1.200",
        "rangeEnd": "192.168.1.216",
        "routes": [{"dst": "0.0.0.0/0"}],
        "gateway": "192.168.1.1",
    },
}


def _codes(findings: list[Finding]) -> list[str]:
    return [f.code for f in errors(findings)]


def test_kubesprays_example_is_valid_without_a_warning_of_its_own() -> None:
    config, findings = parse(KUBESPRAY)

    assert config is not None
    assert findings == []
    assert config.subnets() == ["192.168.1.0/24"]
    (handed_out,) = config.address_ranges()
    assert (str(handed_out.first), handed_out.size) == ("192.168.1.200", 17)
    assert format_path(handed_out.path) == "ipam.subnet"


def test_all_problems_are_told_at_once() -> None:
    _, findings = parse(
        {
            "cniVersion": "0.4.1",
            "name": "a b",
            "type": "macvlan",
            "mode": "bride",
            "Mastr": "eth0",
            "prevResult": {},
            "ipam": {"type": "host-local", "subnet": "10.0.0.0/24", "rangeStart": "10.1.0.1"},
        }
    )

    told = {format_path(f.path) for f in errors(findings)}
    assert told == {"cniVersion", "name", "mode", "Mastr", "prevResult", "ipam.rangeStart"}


def test_a_typo_does_not_hide_what_else_is_wrong_in_the_object() -> None:
    _, findings = parse(
        {
            "cniVersion": "1.0.0",
            "type": "bridge",
            "bride": "br0",
            "hairpinMode": True,
            "promiscMode": True,
        }
    )

    assert _codes(findings) == ["unknown-key", "options-exclude-each-other"]


def test_a_wrong_entry_does_not_hide_the_order_of_the_others() -> None:
    _, findings = parse(
        {
            "cniVersion": "1.0.0",
            "plugins": [{"type": "tuning"}, {"type": "macvlan", "mode": 5}, {"type": "vrf"}],
        }
    )

    told = {(f.code, format_path(f.path)) for f in errors(findings)}
    assert ("chained-plugin-first", "plugins[0].type") in told
    assert ("unknown-value", "plugins[1].mode") in told
    assert ("missing-key", "plugins[2].vrfname") in told


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-json"),
        ("{", "not-json"),
        ("[1]", "not-a-configuration"),
        ('"text"', "not-a-configuration"),
        ('{"type": "macvlan", "type": "bridge"}', "duplicate-key"),
        ('{"type": "x", "mtu": NaN}', "not-json"),
        ('{"type": "x", "mtu": Infinity}', "not-json"),
        ("[" * 100_000, "too-deep"),
        ('{"a":' * 60 + "1" + "}" * 60, "too-deep"),
        (" " * 2_000_000, "too-large"),
        ('{"type": "x", "n": ' + "9" * 30 + "}", "not-a-json-value"),
        ('{"type": "x", "n": ' + "9" * 5000 + "}", "not-json"),
        ('{"type": "x", "n": 1e999}', "not-a-json-value"),
        ('{"type": "x", "n": "\\ud800"}', "not-a-json-value"),
        ("{'type': 'macvlan'}", "not-json"),
        ('{"type": "portmap",}', "not-json"),
    ],
)
def test_text_that_is_no_configuration_is_refused(text: str, code: str) -> None:
    config, findings = parse(text)

    assert config is None
    assert code in _codes(findings)


@pytest.mark.parametrize("raw", [None, 5, 1.5, True, [], [{}], b"{}", object()])
def test_anything_but_mapping_and_text_is_refused(raw: object) -> None:
    config, findings = parse(raw)

    assert config is None
    assert _codes(findings) == ["not-a-configuration"]


def test_values_that_json_does_not_have_are_told_beside_other_problems() -> None:
    day = datetime.date(2026, 1, 1)
    _, findings = parse({"cniVersion": "1.0.0", "type": "macvlan", "mtu": day, "mode": "x", 5: 1})

    told = {(f.code, format_path(f.path)) for f in errors(findings)}
    assert ("not-a-json-value", "mtu") in told
    assert ("not-a-json-value", "") in told
    assert ("unknown-value", "mode") in told


def test_a_mapping_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {"type": "x"}
    loop["self"] = loop

    assert "too-deep" in _codes(parse(loop)[1])


@pytest.mark.parametrize("kind", ["multus", "cilium-cni"])
def test_plugins_that_cannot_be_a_network_are_refused_with_the_reason(kind: str) -> None:
    _, findings = parse({"cniVersion": "1.0.0", "type": kind, "anything": 1})
    assert _codes(findings) == ["type-refused"]


@pytest.mark.parametrize("known", ["macvlan", "someone-elses"])
def test_what_only_the_runtime_can_know_is_refused(known: str) -> None:
    single = {"cniVersion": "1.0.0", "type": known, "prevResult": {}}
    listed = {"cniVersion": "1.0.0", "plugins": [{"type": known}], "prevResult": {}}

    assert _codes(parse(single)[1]) == ["reserved-key"]
    assert _codes(parse(listed)[1]) == ["reserved-key"]


def test_an_unknown_plugin_takes_any_keys_and_the_envelopes_rules() -> None:
    written = {
        "cniVersion": "1.0.0",
        "type": "someone-elses",
        "any": {"key": [1, None, {}]},
        "mtu": 1400,
        "ipam": {"type": "host-local", "subnet": "10.0.0.0/24"},
    }

    config, findings = parse(written)

    assert config is not None
    assert findings == []
    assert config.raw == written
    assert config.main.declared_mtu() == 1400
    assert config.subnets() == ["10.0.0.0/24"], "a known IPAM is read in an unknown plugin too"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({}, "missing-type"),
        ({"type": ""}, "missing-type"),
        ({"type": None}, "missing-type"),
        ({"type": ["macvlan"]}, "missing-type"),
        ({"type": "a/b", "cniVersion": "1.0.0"}, "type-with-slash"),
        ({"plugins": []}, "no-plugins"),
        ({"plugins": {}}, "wrong-type"),
        ({"plugins": None}, "wrong-type"),
        ({"plugins": ["macvlan"]}, "wrong-type"),
        ({"plugins": [{}]}, "missing-type"),
        ({"plugins": [{"type": "x"}], "type": "y"}, "type-beside-plugins"),
        ({"plugins": [{"type": "x"}], "capabilities": {}}, "misplaced-key"),
        ({"plugins": [{"type": "x"}], "args": {}}, "misplaced-key"),
        ({"plugins": [{"type": "x"}], "runtimeConfig": {}}, "misplaced-key"),
        ({"plugins": [{"type": "x"}], "ipam": {}}, "misplaced-key"),
        ({"plugins": [{"type": "x"}], "disableChek": True}, "unknown-key"),
        ({"plugins": [{"type": "x"}], "disableCheck": "true"}, "wrong-type"),
        ({"plugins": [{"type": "x"}], "disableGC": None}, "wrong-type"),
        ({"plugins": [{"type": "x"}], "cniVersion": None}, "wrong-type"),
        ({"plugins": [{"type": "x"}], "cniVersion": "1.2.0"}, "unknown-cni-version"),
        ({"plugins": [{"type": "x"}], "cniVersions": ["one"]}, "unknown-cni-version"),
        ({"plugins": [{"type": "x"}], "cniVersions": [1]}, "wrong-type"),
        (
            {"plugins": [{"type": "x"}], "cniVersions": ["1.0.0"], "cniVersion": "x"},
            "unknown-cni-version",
        ),
        ({"type": "x", "cniVersion": "1.0"}, "unknown-cni-version"),
        (
            {"plugins": [{"type": "x"}], "cniVersion": "1.0", "cniVersions": ["0.4.0", "9.0.0"]},
            "unknown-cni-version",
        ),
        ({"type": "x", "cniVersion": 1}, "wrong-type"),
        ({"type": "x", "name": "-a"}, "not-a-network-name"),
        ({"type": "x", "name": None}, "not-a-network-name"),
        ({"type": "x", "capabilities": {"ips": "yes"}}, "wrong-type"),
        ({"type": "x", "capabilities": ["ips"]}, "wrong-type"),
        ({"type": "macvlan", "cniVersion": "1.0.0", "ipam": []}, "wrong-type"),
        ({"type": "macvlan", "cniVersion": "1.0.0", "ipam": {"type": 5}}, "missing-type"),
        ({"type": "macvlan", "cniVersion": "1.0.0", "ipam": {"type": "a/b"}}, "type-with-slash"),
    ],
)
def test_the_envelope_has_rules(written: dict[str, Any], code: str) -> None:
    config, findings = parse(written)

    assert config is None
    assert code in _codes(findings)


def test_the_highest_known_version_of_a_list_counts() -> None:
    written = {
        "cniVersion": "0.3.1",
        "cniVersions": ["0.4.0", "1.0.0", "9.9.9"],
        "plugins": [
            {"type": "bridge", "ipam": {"type": "host-local", "subnet": "10.0.0.0/24"}},
            {"type": "firewall"},
        ],
    }

    config, _ = parse(written)

    assert config is not None
    assert config.cni_version == "1.0.0", "so firewall, which needs 0.4.0, works"


def test_an_empty_name_is_replaced_by_the_networks() -> None:
    config, _ = parse({"cniVersion": "1.0.0", "type": "macvlan", "name": ""})

    assert config is not None
    assert json.loads(config.to_json("nad"))["name"] == "nad"


def test_the_same_mapping_in_another_order_gives_the_same_text() -> None:
    one, _ = parse(KUBESPRAY)
    other, _ = parse(dict(reversed(KUBESPRAY.items())))

    assert one is not None
    assert other is not None
    assert one.to_json("n") == other.to_json("n")

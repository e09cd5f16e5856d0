"""Every message says what to do: a finding without a way out leaves its reader alone."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel

from multinet.findings.model import models_in
from multinet.multus.settings import MultusSettings
from multinet.nodes.settings import NodeSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from tests.unit.cni import broken_ipam, broken_plugins, doubtful
from tests.unit.cni.cases import chain, ipam, main
from tests.unit.validating import validate

STRANGE = [None, True, 7, -1, 10**12, 1.5, "", "x y\n", "'{}'", [], ["a"], {}, {"a": 1}, [{"a": 1}]]
"""Values of every kind, one of which is wrong for every key."""

KNOWN = {
    "primaryCni": PrimaryCniSettings,
    "multus": MultusSettings,
    "nodes": NodeSettings,
}


def lonely(verdict: Any) -> list[str]:
    """Findings that leave their reader alone, or show a regular expression for words."""
    return [
        f"{f['path']}: {f['rule']}; {f['wayOut']}"
        for f in verdict.findings
        if not f["wayOut"].strip() or "^" in f["rule"] + f["wayOut"]
    ]


def filled(model: type[BaseModel], value: Any) -> dict[str, Any]:
    """Every key of a model with that value, and of the models inside it, at their own places."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = [filled(m, value) for m in models_in(field.annotation)][:1]
        shape = str(field.annotation)
        listed: Any = (
            inner
            if shape.startswith("list")
            else {"a": inner[0]}
            if "dict[" in shape and inner
            else None
        )
        found[field.alias or name] = listed or (inner[0] if inner else value)
    return found


@pytest.mark.parametrize("value", STRANGE, ids=repr)
@pytest.mark.parametrize("section", KNOWN)
def test_a_value_of_the_wrong_kind_is_told_how_it_is_written(section: str, value: Any) -> None:
    model = KNOWN[section]
    flat = {field.alias or name: value for name, field in model.model_fields.items()}
    for written in (flat, filled(model, value)):
        found = validate(**{section: {"n1": written} if section == "nodes" else written})
        assert found.findings
        assert lonely(found) == []


@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_a_network_of_the_wrong_kind_is_told_how_it_is_written(value: Any) -> None:
    keys = ("namespace", "resourceName", "labels", "annotations", "nodeSelector", "ignore")
    whole = dict.fromkeys(keys, value)
    config = main("bridge")
    found = validate(
        networks={"a": {**whole, "config": config}, "b": {"config": value}, "c": value}
    )
    assert lonely(found) == []
    typed = ("bridge", "macvlan", "ipvlan", "vlan", "host-device", "ptp", "sriov", "ovs", "tuning")
    plugins = {
        f"n{i}": {"config": {"cniVersion": "1.0.0", "type": kind, **dict.fromkeys(KEYS, value)}}
        for i, kind in enumerate(typed)
    }
    assert lonely(validate(networks=plugins)) == []
    books = ("host-local", "static", "dhcp", "whereabouts")
    ipams = {
        f"n{i}": {"config": ipam(kind, **dict.fromkeys(IPAM_KEYS, value))}
        for i, kind in enumerate(books)
    }
    assert lonely(validate(networks=ipams)) == []


KEYS = (
    *("master", "mode", "mtu", "bridge", "vlan", "vlanId", "vlanTrunk", "trunk", "isGateway"),
    *("mac", "ipam", "capabilities", "dns", "name", "device", "hwaddr", "sysctl", "spoofchk"),
)
IPAM_KEYS = (
    *("subnet", "range", "ranges", "rangeStart", "rangeEnd", "gateway", "routes", "addresses"),
    *("exclude", "ipRanges", "dataDir", "request", "provide", "daemonSocketPath", "dns"),
)


def test_every_broken_and_doubtful_network_of_the_tables_is_told_what_to_do() -> None:
    cases = {**broken_plugins.PLUGINS, **broken_ipam.IPAM, **doubtful.WARNINGS}
    networks = {f"n{i}": {"config": config} for i, (config, *_) in enumerate(cases.values())}
    found = validate(networks=networks)
    assert len(found.findings) > len(cases)
    assert lonely(found) == []


# --- the words, for what users wrote ----------------------------------------------------

SAID: dict[str, tuple[Any, str, str]] = {
    "a range that is no list of lists": (
        ipam("host-local", ranges=[{"subnet": "10.0.0.0/24"}]),
        "config.ipam.ranges[0]",
        "write [[{…}]]",
    ),
    "half a version": (main("bridge") | {"cniVersion": "1.0"}, "config.cniVersion", 'write "1.0.0"'),
    "another half": (main("bridge") | {"cniVersion": "0.4"}, "config.cniVersion", 'write "0.4.0"'),
    "a version that is a number": (
        main("macvlan") | {"cniVersion": 0.4},
        "config.cniVersion",
        'write "0.4.0"',
    ),
    "a version that is another number": (
        chain({"type": "macvlan"}) | {"cniVersion": 1},
        "config.cniVersion",
        'write "1.0.0"',
    ),
    "quotes in a block": ('\'{"type": "bridge"}\'\n', "config", "remove the quotes around it"),
    "a gateway beside dhcp": (
        ipam("dhcp", gateway="10.0.0.1"),
        "config.ipam.gateway",
        "the DHCP server gives it",
    ),
    "a master of a bridge": (main("bridge", master="eth1"), "config.master", "ports: [eth1]"),
    "a VLAN of ovs in the words of vlan": (
        main("ovs", bridge="br1", vlanId=7),
        "config.vlanId",
        "write it as 'vlan'",
    ),
    "a VLAN of ovs that is none": (
        main("ovs", bridge="br1", vlan=5000),
        "config.vlan",
        "choose 4095 or less",
    ),
    "a VLAN in quotes": (main("ovs", bridge="br1", vlan="7"), "config.vlan", "write 7 without quotes"),
    "an address of static by itself": (
        ipam("static", address="10.0.0.5/24"),
        "config.ipam.address",
        "addresses: [{address:",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_the_way_out_is_the_one_that_helps(what: str) -> None:
    config, path, words = SAID[what]
    found = validate(networks={"net": {"config": config}}).findings
    (told,) = [f["wayOut"] for f in found if f["path"] == f"multinet:networks.net.{path}"]
    assert words in told


def test_a_resource_without_a_domain_is_told_how_it_is_written() -> None:
    found = validate(networks={"net": {"config": main("sriov"), "resourceName": "a b"}})
    assert "intel.com/sriov" in found.text("not-a-resource-name")


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"multus": {"rolloutTimeout": "ten minutes"}}, "write it like 10m"),
        ({"multus": {"apiServer": {"host": "https://10.0.0.1"}}}, "write it like 192.0.2.10"),
    ],
)
def test_text_of_a_certain_form_is_told_in_words_and_not_as_a_pattern(
    section: Any, words: str
) -> None:
    found = validate(**section)
    assert words in found.text("wrong-value")
    assert "^" not in found.text("wrong-value")


def test_a_secret_of_the_wrong_kind_is_named_by_its_place_in_the_file() -> None:
    found = validate(nodes={"n1": {"privateKey": {"secure": 7}, "privateKeyPassword": 7}})
    assert {path for path in found.errors if "private" in path} == {
        "multinet:nodes.n1.privateKey.secure",
        "multinet:nodes.n1.privateKeyPassword",
    }

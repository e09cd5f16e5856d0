"""Keys in another case than documented: taken, told, and what is below them checked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multinet.cni.config import parse
from multinet.findings import format_path
from tests.unit.cni.cases import STATIC, chain, main
from tests.unit.validating import network, validate

LOCAL = {"type": "host-local", "subnet": "10.0.0.0/24"}

OTHER_CASE: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "as OpenShift's documentation has it": (
        main("host-device", pciBusId="0000:3d:00.1"),
        {"pciBusId": "pciBusID"},
    ),
    "at the top": (main("bridge", isgateway=True, ipam=LOCAL), {"isgateway": "isGateway"}),
    "the type and the version themselves": (
        {"CNIVersion": "1.0.0", "Type": "macvlan", "master": "eth0"},
        {"CNIVersion": "cniVersion", "Type": "type"},
    ),
    "within ipam": (
        main(
            "macvlan",
            ipam={"Type": "host-local", "Subnet": "10.0.0.0/24", "rangestart": "10.0.0.5"},
        ),
        {"ipam.Type": "type", "ipam.Subnet": "subnet", "ipam.rangestart": "rangeStart"},
    ),
    "ipam itself, and its routes": (
        main("macvlan", IPAM={**LOCAL, "Routes": [{"DST": "10.9.0.0/16", "Gw": "10.0.0.1"}]}),
        {
            "IPAM": "ipam",
            "IPAM.Routes": "routes",
            "IPAM.Routes[0].DST": "dst",
            "IPAM.Routes[0].Gw": "gw",
        },
    ),
    "within ranges": (
        main("macvlan", ipam={"type": "host-local", "ranges": [[{"SUBNET": "10.0.0.0/24"}]]}),
        {"ipam.ranges[0][0].SUBNET": "subnet"},
    ),
    "within dns, of the plugin and of the IPAM": (
        main(
            "macvlan", dns={"NameServers": ["10.0.0.1"]}, ipam={**STATIC, "dns": {"Domain": "a.b"}}
        ),
        {"dns.NameServers": "nameservers", "ipam.dns.Domain": "domain"},
    ),
    "in a chain": (
        chain(
            {"type": "bridge", "IsGateway": True, "ipam": LOCAL}, {"type": "tuning", "MTU": 1400}
        ),
        {"plugins[0].IsGateway": "isGateway", "plugins[1].MTU": "mtu"},
    ),
    "static's ADDRESS": (
        main("macvlan", ipam={"type": "static", "addresses": [{"ADDRESS": "10.0.0.5/24"}]}),
        {"ipam.addresses[0].ADDRESS": "address"},
    ),
    "twice: the last counts": (
        main("macvlan", MTU=60, mtu=1400),
        {"MTU": "mtu"},
    ),
    "twice, an object each: they are joined": (
        main("macvlan", IPAM={"type": "host-local"}, ipam={"subnet": "10.0.0.0/24"}),
        {"IPAM": "ipam"},
    ),
    "whereabouts": (
        main(
            "macvlan",
            ipam={"type": "whereabouts", "Range": "10.0.0.0/24", "Range_Start": "10.0.0.5"},
        ),
        {"ipam.Range": "range", "ipam.Range_Start": "range_start"},
    ),
    "a plugin that is not known": (
        main("someone-elses", IPAM=LOCAL, OwnKey=1),
        {"IPAM": "ipam"},
    ),
}


@pytest.mark.parametrize("name", OTHER_CASE)
def test_a_key_in_another_case_is_taken_and_its_documented_spelling_told(name: str) -> None:
    written, documented = OTHER_CASE[name]

    config, findings = parse(written)

    assert network(written).errors == {}
    assert config is not None
    assert config.raw == written, "what is sent is what was written"
    told = {format_path(f.path): f for f in findings if f.code == "key-in-another-case"}
    assert set(told) == set(documented)
    for path, finding in told.items():
        assert repr(documented[path]) in finding.way_out


BROKEN_IN_ANOTHER_CASE: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "a type": (main("macvlan", MTU="1500"), {"MTU": "wrong-type"}),
    "a value": (main("macvlan", Mode="brige"), {"Mode": "unknown-value"}),
    "an address": (
        main("macvlan", IPAM={**LOCAL, "rangestart": "10.9.0.1"}),
        {"IPAM.rangestart": "address-outside-subnet"},
    ),
    "a route": (
        main("macvlan", ipam={**LOCAL, "Routes": [{"dst": "10.1.0.1/16"}]}),
        {"ipam.Routes[0].dst": "route-host-bits"},
    ),
    "the one of two that counts": (main("macvlan", MTU=1400, mtu=60), {"mtu": "mtu-out-of-range"}),
    "what is required": (
        chain({"type": "bridge"}, {"type": "vrf", "VRF-name": "x"}),
        {"plugins[1].VRF-name": "unknown-key", "plugins[1].vrfname": "missing-key"},
    ),
    "Address is another field of static's": (
        main("macvlan", ipam={"type": "static", "addresses": [{"Address": "10.0.0.5/24"}]}),
        {
            "ipam.addresses[0].Address": "unknown-key",
            "ipam.addresses[0].address": "missing-key",
        },
    ),
    "at the top of a list case matters": (
        {**chain({"type": "bridge"}), "DisableCheck": True},
        {"DisableCheck": "unknown-key"},
    ),
    "the list itself": (
        {"cniVersion": "1.0.0", "Plugins": [{"type": "bridge"}]},
        {"type": "missing-type"},
    ),
    "sysctls are names, not keys": (
        chain({"type": "bridge"}, {"type": "tuning", "SYSCTL": {"Kernel.panic": "1"}}),
        {'plugins[1].SYSCTL["Kernel.panic"]': "not-a-net-sysctl"},
    ),
    "twice the very same key, as JSON": (
        '{"cniVersion": "1.0.0", "type": "macvlan", "mtu": 1400, "mtu": 1500}',  # type: ignore[dict-item]
        {"config": "duplicate-key"},
    ),
}


@pytest.mark.parametrize("name", BROKEN_IN_ANOTHER_CASE)
def test_a_value_below_a_key_in_another_case_is_checked_at_its_own_place(name: str) -> None:
    written, errors = BROKEN_IN_ANOTHER_CASE[name]
    assert network(written).errors == errors


def test_checks_across_networks_name_the_users_own_spelling() -> None:
    lan = main("macvlan", Master="eth0", IPAM={"type": "host-local", "Subnet": "10.0.0.0/24"})
    own = {"config": lan}

    found = validate(networks={"a": own, "b": own}).errors

    assert found == {
        "multinet:networks.a.config.IPAM.Subnet": "ranges-overlap",
        "multinet:networks.b.config.IPAM.Subnet": "ranges-overlap",
    }


def test_what_is_rendered_keeps_the_spelling_in_the_order_that_libcni_reads() -> None:
    written = {"mtu": 1400, "type": "macvlan", "MTU": 60, "Type": "bridge", "cniVersion": "1.0.0"}

    config, _ = parse(written)

    assert config is not None
    in_order = ["cniVersion", "name", "Type", "type", "MTU", "mtu"]
    assert list(json.loads(config.to_json("n"))) == in_order

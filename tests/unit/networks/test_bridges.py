"""Networks that share a bridge, and the gateways that they give it."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.findings import Severity
from multinet.networks.checks import check_networks
from tests.unit.networks.views import FACTS, check, local, told, view

CODE = "bridge-has-two-gateways"
TWO_RANGES = {
    "type": "host-local",
    "ranges": [[{"subnet": "10.1.0.0/24"}, {"subnet": "10.2.0.0/24"}]],
}


def bridge(ipam: dict[str, Any], **keys: Any) -> dict[str, Any]:
    return {"type": "bridge", "bridge": "br1", "isGateway": True, "ipam": ipam, **keys}


def test_a_second_gateway_on_a_bridge_is_an_error_that_names_both() -> None:
    found = check(one=bridge(local("10.1.0.0/24")), two=bridge(local("10.2.0.0/24")))

    (clash,) = [f for f in found if f.code == CODE]
    assert (clash.severity, clash.path[1], clash.value) == (Severity.ERROR, "two", "10.2.0.1/24")
    assert "'one' 10.1.0.1/24" in clash.rule


@pytest.mark.parametrize(
    "other",
    [
        bridge({**local("10.1.0.0/24"), "rangeStart": "10.1.0.100"}),
        bridge(local("10.2.0.0/24"), bridge="br2"),
        bridge(local("10.2.0.0/24"), vlan=7),
        bridge(local("10.2.0.0/24"), isGateway=False),
        bridge(local("fd00:2::/64")),
    ],
    ids=["the same gateway", "another bridge", "another VLAN", "no gateway", "another family"],
)
def test_what_can_be_beside_it_is_not_told(other: dict[str, Any]) -> None:
    assert (
        told(check(one=bridge(local("10.1.0.0/24", rangeEnd="10.1.0.99")), two=other), CODE) == {}
    )


def test_ipv6_gateways_are_beside_each_other_unless_their_subnets_overlap() -> None:
    apart = check(one=bridge(local("fd00:1::/64")), two=bridge(local("fd00:2::/64")))
    inside = check(one=bridge(local("fd00:1::/48")), two=bridge(local("fd00:1:0:5::/64")))

    assert told(apart, CODE) == {}
    assert set(told(inside, CODE)) == {"two"}


def test_one_network_can_be_in_its_own_way() -> None:
    addresses = [{"address": "10.1.0.5/24"}, {"address": "10.1.0.9/32", "gateway": "10.1.0.1"}]

    (clash,) = [
        f for f in check(one=bridge({"type": "static", "addresses": addresses})) if f.code == CODE
    ]

    assert "another of its own" in clash.rule


@pytest.mark.parametrize(
    "other",
    [bridge(local("10.9.0.0/24"), forceAddress=True), bridge(TWO_RANGES)],
    ids=["forced", "only when a range is full"],
)
def test_what_is_not_certain_is_a_warning(other: dict[str, Any]) -> None:
    found = [f for f in check(one=bridge(local("10.3.0.0/24")), two=other) if f.code == CODE]

    assert [f.severity for f in found] == [Severity.WARNING]


def test_networks_of_different_nodes_never_meet() -> None:
    views = {
        name: view(name, bridge(local(subnet)), nodes={"rack": rack})
        for name, subnet, rack in (("one", "10.1.0.0/24", "a"), ("two", "10.2.0.0/24", "b"))
    }

    assert told(check_networks(views, FACTS), CODE) == {}


def test_a_clash_of_two_later_networks_is_told_where_the_first_is_kept_apart() -> None:
    racks = {
        "one": ("10.1.0.0/24", "a"),
        "two": ("10.2.0.0/24", "b"),
        "three": ("10.3.0.0/24", "b"),
    }
    views = {
        name: view(name, bridge(local(subnet)), nodes={"rack": rack})
        for name, (subnet, rack) in racks.items()
    }

    (clash,) = [f for f in check_networks(views, FACTS) if f.code == CODE]

    assert clash.path[1] == "three"
    assert "'two' 10.2.0.1/24" in clash.rule

"""Networks that select nodes: which of them are looked at together, and what is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multinet.networks.checks import NetworkView, check_networks
from multinet.networks.checks.per_node import neighbourhoods
from tests.unit.networks.views import FACTS, local, macvlan, static, told, view

SELECTORS = st.dictionaries(st.sampled_from("xyz"), st.sampled_from("ab"), max_size=3)


def agree(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return all(one[label] == other[label] for label in one.keys() & other.keys())


@given(st.lists(SELECTORS, max_size=12))
@settings(deadline=None)  # of a machine that also does other things
def test_everything_is_in_one_neighbourhood_beside_all_that_its_selector_agrees_with(
    selectors: list[dict[str, str]],
) -> None:
    some = view("some", macvlan(local("10.1.0.0/24")))
    views = [replace(some, name=str(i), node_selector=s) for i, s in enumerate(selectors)]

    found = list(neighbourhoods(views))

    assert sorted(v.name for own, _ in found for v in own) == sorted(v.name for v in views)
    for own, near in found:
        for one in own:
            beside = [v.name for v in views if agree(one.node_selector, v.node_selector)]
            assert [v.name for v in near] == beside


def racks(one: dict[str, Any], two: dict[str, Any], *labels: str) -> dict[str, NetworkView]:
    """The two networks on the racks of these labels."""
    written = zip(("one", "two"), (one, two), labels, strict=True)
    return {name: view(name, config, nodes={"rack": rack}) for name, config, rack in written}


def bridge(ipam: dict[str, Any]) -> dict[str, Any]:
    return {"type": "bridge", "bridge": "br1", "ipam": ipam}


CLASHES = {
    "ranges-overlap": (bridge(local("10.1.0.0/24")), bridge(local("10.1.0.0/25"))),
    "address-in-two-networks": (bridge(static("10.1.0.5/24")), bridge(static("10.1.0.5/24"))),
    "subnet-on-two-segments": (
        macvlan(local("10.1.0.0/24"), "eth1"),
        macvlan(local("10.1.0.0/24"), "eth2"),
    ),
    "vlan-taken": (
        {"type": "vlan", "master": "eth1", "vlanId": 5, "ipam": local("10.1.0.0/24")},
        {"type": "vlan", "master": "eth1", "vlanId": 5, "ipam": local("10.2.0.0/24")},
    ),
    "link-used-twice": (
        macvlan(local("10.1.0.0/24")),
        {"type": "ipvlan", "master": "eth0", "ipam": local("10.2.0.0/24")},
    ),
}


@pytest.mark.parametrize("code", CLASHES)
def test_what_clashes_on_a_node_only_is_told_of_the_same_nodes_alone(code: str) -> None:
    together = check_networks(racks(*CLASHES[code], "a", "a"), FACTS)
    apart = check_networks(racks(*CLASHES[code], "a", "b"), FACTS)

    assert told(together, code)
    assert told(apart, code) == {}


def test_a_nic_joins_the_pods_of_all_nodes_where_there_are_several() -> None:
    views = racks(macvlan(local("10.1.0.0/24")), macvlan(local("10.1.0.0/25")), "a", "b")

    assert told(check_networks(views, FACTS), "ranges-overlap")
    assert not told(check_networks(views, replace(FACTS, nodes={"n1": {}})), "ranges-overlap")


def test_a_bridge_with_an_uplink_joins_the_pods_of_all_nodes() -> None:
    views = racks(*CLASHES["ranges-overlap"], "a", "b")
    uplinked = replace(FACTS, uplinked_bridges=frozenset({"br1"}))

    assert told(check_networks(views, uplinked), "ranges-overlap")

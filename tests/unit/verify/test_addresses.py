"""Addresses that are given twice, and ranges that nodes share."""

from __future__ import annotations

import json
from typing import Any

from multinet.verify.addresses import Holder, given_twice, held, neighbours, shared_range
from multinet.verify.declared import declared
from tests.unit.verify.networks import bridge, host_local, macvlan, network, settings


def own(*places: tuple[str, str, str]) -> dict[str, list[Holder]]:
    found: dict[str, list[Holder]] = {}
    for address, pod, node in places:
        found.setdefault(address, []).append(Holder(pod, node, own=True))
    return found


def pod(name: str, node: str, *entries: dict[str, Any]) -> dict[str, Any]:
    status = json.dumps([{"name": "cbr0", "default": True, "ips": ["10.0.1.2"]}, *entries])
    return {
        "metadata": {
            "name": name,
            "namespace": "web",
            "annotations": {"k8s.v1.cni.cncf.io/network-status": status},
        },
        "spec": {"nodeName": node},
    }


def test_one_address_for_two_pods_is_told_where_they_meet() -> None:
    twice = own(("10.0.1.2", "p1", "n1"), ("10.0.1.2", "p2", "n2"), ("10.0.1.3", "p3", "n1"))
    ((finding, address),) = given_twice(network(macvlan()), twice, {})
    assert (finding.code, finding.value, address) == (
        "live-duplicate-address",
        "10.0.1.2",
        "10.0.1.2",
    )
    assert list(given_twice(network(bridge()), twice, {})) == [], "each node has its own bridge"
    here = own(("10.0.1.2", "p1", "n1"), ("10.0.1.2", "p2", "n1"))
    assert len(list(given_twice(network(bridge()), here, {}))) == 1


def test_a_pod_of_somebody_else_with_the_same_address_is_named() -> None:
    others = held(
        [pod("shop", "n2", {"name": "default/net", "ips": ["10.0.1.2"]})], ["default/net"]
    )
    mine = own(("10.0.1.2", "multinet-verify-x", "n1"))
    ((finding, _),) = given_twice(network(macvlan()), mine, others)
    assert (
        "10.0.1.2 was given to 2 pods, on n1, n2: web/shop on n2 and one of verify's"
        in finding.rule
    )
    assert list(given_twice(network(bridge()), mine, others)) == []


def test_two_pods_of_others_with_one_address_are_told_too() -> None:
    entry = {"name": "default/net", "ips": ["10.0.1.9"]}
    others = held([pod("a", "n1", entry), pod("b", "n2", entry)], ["default/net"])
    ((finding, _),) = given_twice(network(macvlan()), {}, others)
    assert "web/a on n1, web/b on n2" in finding.rule
    assert "verify's" not in finding.rule


def test_the_primary_network_and_other_networks_do_not_count() -> None:
    elsewhere = {"name": "default/else", "ips": ["10.0.1.9"]}
    assert held([pod("a", "n1", elsewhere)], ["default/net"]) == {}


def test_networks_of_one_segment_are_looked_at_together() -> None:
    configs = {
        "a": macvlan(),
        "b": {**macvlan(), "ipam": host_local(2)},
        "c": bridge(3),
    }
    whole = {n: {"config": {"cniVersion": "1.0.0", **c}} for n, c in configs.items()}
    near = neighbours(declared(settings(whole)))
    assert near == {
        "a": ["default/a", "default/b"],
        "b": ["default/a", "default/b"],
        "c": ["default/c"],
    }


def test_a_range_that_two_nodes_hand_out_is_told_though_no_address_was_given_twice() -> None:
    finding = shared_range(network(macvlan()), ["n2", "n1", "n1"])
    assert finding is not None
    assert finding.code == "live-shared-range"
    assert "n1, n2 share its L2 and hand out the same range, 10.0.1." in finding.rule
    assert shared_range(network(macvlan()), ["n1", "n1"]) is None, "one node alone"
    assert shared_range(network(bridge()), ["n1", "n2"]) is None, "each node has its own bridge"
    wide = {**macvlan(), "ipam": {"type": "whereabouts", "range": "10.0.1.0/24"}}
    assert shared_range(network(wide), ["n1", "n2"]) is None, "the books are the cluster's"
    accepted = network(macvlan(), ignore={"host-local-on-shared-l2": "each file has its range"})
    assert shared_range(accepted, ["n1", "n2"]) is None
    config = {"cniVersion": "1.0.0", **macvlan()}
    everywhere = {"host-local-on-shared-l2": "each node's file has its range"}
    (told,) = declared(settings({"net": {"config": config}}, ignore=everywhere))
    assert shared_range(told, ["n1", "n2"]) is None, "accepted for the whole stack"

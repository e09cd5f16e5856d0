"""Which pods are planned on which nodes, and which pairs must reach each other."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.attachments.attachment import Isolation
from multinet.verify.declared import Declared, declared
from multinet.verify.plan import (
    NETWORKS_PER_POD,
    Choice,
    NodeInfo,
    PodPlan,
    batches,
    choose,
    one_by_one,
    pairs,
    plan,
    waves,
)
from tests.unit.verify.networks import bridge, host_local, macvlan, network, settings

ISOLATED = Isolation(("default", "kube-system"))


def networks(**configs: dict[str, Any]) -> list[Declared]:
    found = {}
    for name, config in configs.items():
        namespace = config.pop("namespace", "default")
        selector = config.pop("nodeSelector", {})
        whole = {"cniVersion": "1.0.0", **config}
        found[name] = {"namespace": namespace, "nodeSelector": selector, "config": whole}
    return declared(settings(found))


def everywhere(of: list[Declared], *nodes: str) -> Choice:
    return Choice({n.name: nodes for n in of}, ())


def shape(plans: list[PodPlan]) -> list[tuple[str, str, str]]:
    return [(p.node, p.namespace, ",".join(n.name for n in p.networks)) for p in plans]


def test_one_pod_per_node_holds_the_networks_and_nodes_reach_each_other() -> None:
    nets = networks(a=macvlan(), b={**macvlan(master="eth2"), "ipam": host_local(2)})
    plans = plan(nets, everywhere(nets, "n1", "n2"), ["n1", "n2"], ISOLATED, "r")
    assert shape(plans) == [("n1", "default", "a,b"), ("n2", "default", "a,b")]
    assert plans[0].interfaces["net2"].name == "b"
    assert len({p.name for p in plans}) == 2


def test_on_a_lone_node_a_partner_is_there_to_be_reached() -> None:
    nets = networks(a=macvlan(), b=bridge(2))
    plans = plan(nets, everywhere(nets, "n1"), ["n1"], ISOLATED, "r")
    assert shape(plans) == [("n1", "default", "a,b"), ("n1", "default", "a,b")]


def test_a_bridge_is_each_node_s_own_so_each_has_partners() -> None:
    nets = networks(b=bridge(2))
    plans = plan(nets, everywhere(nets, "n1", "n2"), ["n1", "n2"], ISOLATED, "r")
    assert sorted(p.node for p in plans) == ["n1", "n1", "n2", "n2"]


@pytest.mark.parametrize(
    "config",
    [
        {"type": "bridge", "bridge": "br1"},
        {"type": "tap"},
        {**bridge(), "ipam": {"type": "static", "addresses": [{"address": "10.0.0.5/24"}]}},
        {**bridge(), "ipam": host_local(rangeStart="10.0.1.9", rangeEnd="10.0.1.9")},
        {"type": "vlan", "master": "eth0", "vlanId": 7, "ipam": host_local()},
        macvlan(mode="private"),
    ],
    ids=["no address", "tap", "static", "one address", "vlan", "private"],
)
def test_no_partner_where_it_could_not_be_reached(config: dict[str, Any]) -> None:
    nets = networks(a=config)
    assert len(plan(nets, everywhere(nets, "n1"), ["n1"], ISOLATED, "r")) == 1


def test_isolated_namespaces_have_pods_of_their_own_and_global_networks_ride_along() -> None:
    nets = networks(
        shared={**bridge(1), "namespace": "default"},
        red={**bridge(2), "namespace": "red"},
        blue={**bridge(3), "namespace": "blue"},
    )
    plans = plan(nets, everywhere(nets, "n1"), ["n1"], ISOLATED, "r")
    for p in plans:
        for n in p.networks:
            assert ISOLATED.allows(p.namespace, n.namespace)
    assert {p.namespace for p in plans} == {"red", "blue"}
    assert sorted(n.name for p in plans for n in p.networks) == sorted(
        ["shared", "red", "blue"] * 2
    )


def test_networks_whose_subnets_overlap_are_not_in_one_pod() -> None:
    nets = networks(a=bridge(1), b={**bridge(2), "ipam": host_local(1)})
    plans = plan(nets, everywhere(nets, "n1"), ["n1"], None, "r")
    assert all(len(p.networks) == 1 for p in plans)


def test_many_networks_are_spread_over_pods() -> None:
    nets = networks(**{f"n{i}": {"type": "bridge", "bridge": f"b{i}"} for i in range(60)})
    plans = plan(nets, everywhere(nets, "n1"), ["n1"], ISOLATED, "r")
    assert max(len(p.networks) for p in plans) == NETWORKS_PER_POD
    assert len(plans) == 6


def test_hundreds_of_networks_come_in_waves_that_a_node_can_hold() -> None:
    plain = {f"n{i}": {"type": "bridge", "bridge": f"b{i}"} for i in range(400)}
    slow = {"type": "bridge", "bridge": "br9", "ipam": {"type": "dhcp"}}
    nets = networks(**plain, **{f"d{i}": dict(slow) for i in range(40)})
    found = waves(nets, ISOLATED)
    assert [n.name for wave in found for n in wave] == [n.name for n in nets]
    for wave in found:
        pods = plan(wave, everywhere(wave, "n1"), ["n1"], ISOLATED, "r")
        assert len(pods) <= 30
    assert waves([], ISOLATED) == []


def test_what_may_hold_a_pod_up_waits_alone() -> None:
    slow = {"type": "bridge", "bridge": "br9", "ipam": {"type": "dhcp"}}
    nets = networks(a=bridge(1), slow=slow)
    plans = plan(nets, everywhere(nets, "n1"), ["n1"], ISOLATED, "r")
    assert all(len(p.networks) == 1 for p in plans if any(n.name == "slow" for n in p.networks))


def test_one_by_one_gives_each_network_a_pod_in_its_own_namespace() -> None:
    nets = networks(shared=bridge(1), red={**bridge(2), "namespace": "red"})
    (first, *_) = plan(nets, everywhere(nets, "n1"), ["n1"], ISOLATED, "r")
    alone = one_by_one(first)
    assert sorted(shape(alone)) == [("n1", "default", "shared"), ("n1", "red", "red")]
    assert not {p.name for p in alone} & {first.name}


NODES = [
    NodeInfo("a-control", kept_free=True),
    NodeInfo("b", {"zone": "x"}),
    NodeInfo("c"),
    NodeInfo("d", {"zone": "x"}, trouble="not ready"),
    NodeInfo("e"),
]


def test_a_sample_takes_ready_nodes_that_are_not_kept_free() -> None:
    nets = networks(a=macvlan())
    assert choose(nets, NODES).nodes["a"] == ("b", "c")


def test_all_nodes_are_all_that_run_pods() -> None:
    nets = networks(a=macvlan())
    assert choose(nets, NODES, everywhere=True).nodes["a"] == ("a-control", "b", "c", "e")


def test_a_selector_is_followed_and_its_nodes_are_shared_with_the_others() -> None:
    nets = networks(a=macvlan(), b={**bridge(2), "nodeSelector": {"zone": "x"}})
    chosen = choose(nets, NODES)
    assert chosen.nodes["b"] == ("b",)
    assert chosen.nodes["a"][0] == "b"
    assert len(chosen.all_nodes) == 2


def test_a_selector_that_fits_nowhere_is_told() -> None:
    nets = networks(a={**macvlan(), "nodeSelector": {"zone": "moon"}})
    assert choose(nets, NODES).nowhere == ("a",)


def test_named_nodes_are_taken_whatever_their_taints() -> None:
    nets = networks(a=macvlan())
    assert choose(nets, NODES, named=["a-control"]).nodes["a"] == ("a-control",)
    assert choose(nets, NODES, named=["nobody"]).nowhere == ("a",)


def test_a_network_for_one_pod_is_tried_on_one_node() -> None:
    nets = networks(a=macvlan(mac="02:00:00:00:00:01"))
    assert len(choose(nets, NODES, everywhere=True).nodes["a"]) == 1


def test_batches_are_even_and_leave_no_node_by_itself() -> None:
    names = [f"n{i}" for i in range(9)]
    cut = batches(names, 8)
    assert [n for batch in cut for n in batch] == names
    assert {len(batch) for batch in cut} == {4, 5}
    assert batches([], 8) == []
    assert batches(["n1"], 8) == [["n1"]]


def test_pairs_go_round_in_a_ring_to_other_nodes_first() -> None:
    found = pairs(network(macvlan()), [("p1", "n1"), ("p2", "n2"), ("p3", "n1")])
    assert [(a[0], b[0]) for a, b in found] == [("p1", "p2"), ("p2", "p3"), ("p3", "p2")]
    assert pairs(network(bridge()), [("p1", "n1"), ("p2", "n2")]) == []
    assert pairs(network(macvlan(mode="private")), [("p1", "n1"), ("p2", "n1")]) == []
    assert pairs(network(macvlan()), [("p1", "n1")]) == []


def test_what_cannot_be_tried_says_why() -> None:
    asks = {"type": "static"}
    config = bridge(capabilities={"ips": True}) | {"ipam": asks}
    assert "ips" in network(config).untried
    inside = macvlan(linkInContainer=True, master="net1")
    assert "net1" in network(inside).untried
    assert network(macvlan()).untried == ""

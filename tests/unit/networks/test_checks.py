"""Checks across networks, and against what is known of the cluster."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.findings import errors
from multinet.networks.checks import ClusterFacts, check_networks
from tests.unit.cni.test_configuration import KUBESPRAY
from tests.unit.networks.views import FACTS, check, local, macvlan, static, told, view


def test_kubesprays_example_is_valid_with_two_warnings() -> None:
    found = check(one=KUBESPRAY)

    assert errors(found) == []
    assert {f.code for f in found} == {"host-local-on-shared-l2", "default-route"}


def test_overlapping_ranges_on_one_segment_name_each_other() -> None:
    wide = macvlan(local("10.1.0.0/16"))
    inside = macvlan(local("10.1.5.0/24"))
    apart = macvlan(local("10.2.0.0/24"))

    found = errors(check(wide=wide, inside=inside, apart=apart))

    assert told(found, "ranges-overlap") == {
        "wide": "config.ipam.subnet",
        "inside": "config.ipam.subnet",
    }
    assert "'inside'" in found[0].rule
    assert "'wide'" in found[1].rule


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (macvlan(local("10.1.0.0/24")), macvlan(local("10.1.0.0/24"), "eth0.100")),
        (macvlan(local("10.1.0.0/24")), macvlan(local("10.1.0.0/24"), "eth1")),
        (macvlan(local("10.1.0.0/24")), macvlan(local("10.1.0.0/24"), linkInContainer=True)),
        (
            macvlan(local("10.1.0.0/24"), name="shared"),
            macvlan(local("10.1.0.0/24"), name="shared"),
        ),
        (
            macvlan(local("10.1.0.0/24", rangeEnd="10.1.0.9")),
            macvlan(local("10.1.0.0/24", rangeStart="10.1.0.10")),
        ),
        (
            macvlan({"type": "whereabouts", "range": "10.1.0.0/24"}),
            macvlan({"type": "whereabouts", "range": "10.1.0.0/23"}),
        ),
        (
            macvlan({"type": "whereabouts", "range": "10.1.0.0/24", "exclude": ["10.1.0.0/25"]}),
            macvlan(local("10.1.0.0/25", rangeEnd="10.1.0.126")),
        ),
        (macvlan({"type": "dhcp"}), macvlan(local("10.1.0.0/24"))),
    ],
    ids=[
        "another VLAN",
        "another link",
        "a link in the pod",
        "the same books of host-local",
        "another part",
        "the same books of whereabouts",
        "an excluded part",
        "dhcp",
    ],
)
def test_what_cannot_collide_is_no_error(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert errors(check(one=one, other=other)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            macvlan(local("10.1.0.0/24"), "eth0.100"),
            {"type": "vlan", "master": "eth0", "vlanId": 100, "ipam": local("10.1.0.0/24")},
        ),
        (macvlan(local("10.1.0.0/24")), macvlan(static("10.1.0.9/24"))),
        (
            macvlan({"type": "whereabouts", "range": "10.1.0.0/24", "network_name": "a"}),
            macvlan({"type": "whereabouts", "range": "10.1.0.0/24", "network_name": "b"}),
        ),
        (
            {"type": "bridge", "bridge": "br0", "ipam": local("10.1.0.0/24")},
            {"type": "bridge", "bridge": "br0", "ipam": local("10.1.0.0/24")},
        ),
        (
            {"type": "ptp", "ipam": local("10.1.0.0/24")},
            {"type": "ptp", "ipam": local("10.1.0.0/24")},
        ),
        (macvlan(local("fd00::/64")), macvlan(static("fd00::9/64"))),
    ],
    ids=["a VLAN under two names", "a fixed address", "other books", "a bridge", "routes", "IPv6"],
)
def test_what_collides_is_an_error_of_both(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert set(told(errors(check(one=one, other=other)), "ranges-overlap")) == {"one", "other"}


def test_the_same_fixed_address_twice_is_a_warning() -> None:
    found = check(one=macvlan(static("10.1.0.9/24")), other=macvlan(static("10.1.0.9/24")))

    assert errors(found) == []
    assert set(told(found, "address-in-two-networks")) == {"one", "other"}


def test_the_same_subnet_on_two_segments_is_a_warning() -> None:
    one, other = macvlan(local("10.1.0.0/24")), macvlan(local("10.1.0.0/25"), "eth1")

    found = check(one=one, other=other, third=macvlan(local("10.3.0.0/24"), "eth2"))

    assert errors(found) == []
    assert set(told(found, "subnet-on-two-segments")) == {"one", "other"}


@pytest.mark.parametrize(("subnet", "whose"), [("10.233.64.0/24", "pods"), ("10.0.0.0/8", "pods")])
def test_a_subnet_over_the_clusters_own_is_an_error(subnet: str, whose: str) -> None:
    found = errors(check(one=macvlan(local(subnet))))

    assert "subnet-in-cluster" in {f.code for f in found}
    assert any(whose in f.rule for f in found)


def test_host_local_matters_only_where_nodes_share_the_segment() -> None:
    code = "host-local-on-shared-l2"
    bridge = {"type": "bridge", "bridge": "br0", "ipam": local("10.1.0.0/24")}
    nic = macvlan(local("10.1.0.0/24"))

    assert told(check(one=nic), code) == {"one": "config.ipam.type"}
    assert told(check(one=bridge), code) == {}
    assert set(told(check(ClusterFacts(uplinked_bridges=frozenset({"br0"})), one=bridge), code))
    assert told(check(ClusterFacts(nodes={"n1": {}}), one=nic), code) == {}


def test_default_routes_are_warned_of_however_they_come() -> None:
    found = check(
        route=macvlan(local("10.1.0.0/24", routes=[{"dst": "0.0.0.0/0"}])),
        table=macvlan(local("10.2.0.0/24", routes=[{"dst": "0.0.0.0/0", "table": 100}])),
        bridge={"type": "bridge", "isDefaultGateway": True, "ipam": local("10.3.0.0/24")},
    )

    assert told(found, "default-route") == {
        "route": "config.ipam.routes[0].dst",
        "bridge": "config.isDefaultGateway",
    }


def test_a_default_route_that_route_override_takes_away_is_none() -> None:
    routed = macvlan(local("10.1.0.0/24", routes=[{"dst": "0.0.0.0/0"}]))

    def chained(**keys: Any) -> dict[str, Any]:
        return {"plugins": [routed, {"type": "route-override", **keys}]}

    added = [{"dst": "0.0.0.0/0", "gw": "10.1.0.9"}]
    assert told(check(a=chained(delroutes=[{"dst": "10.9.0.0/16"}])), "default-route")
    assert not told(check(a=chained(flushgateway=True)), "default-route")
    assert not told(check(a=chained(flushroutes=True)), "default-route")
    assert told(check(a=chained(flushgateway=True, addroutes=added)), "default-route") == {
        "a": "config.plugins[1].addroutes[0].dst"
    }


def test_a_range_for_a_few_pods_is_warned_of_with_their_number() -> None:
    found = check(one=macvlan(local("10.1.0.0/29")))

    (small,) = [f for f in found if f.code == "range-small"]
    assert "room for 5 pods on each node" in small.rule, "six addresses, one of them the gateway's"


def test_an_mtu_above_a_nodes_link_is_an_error_that_names_the_node() -> None:
    facts = ClusterFacts(link_mtus={"w1": {"eth0": 9000}, "w2": {"eth0": 1500}})
    ipam = static("10.1.0.5/24")

    found = errors(check(facts, one=macvlan(ipam, mtu=9000), two=macvlan(ipam, mtu=1500)))

    assert told(found, "mtu-above-parent") == {"one": "config.mtu"}
    assert "w2" in found[0].rule


def test_a_device_must_be_named_by_somebody() -> None:
    sriov = {"type": "sriov", "vlan": 5}
    views = {"named": view("named", sriov, "intel.com/nics"), "not": view("not", sriov)}

    assert told(check_networks(views, FACTS), "device-missing") == {"not": "config"}


def test_networks_of_one_resource_share_its_segment() -> None:
    sriov = {"type": "sriov", "vlan": 5, "ipam": local("10.1.0.0/24")}
    views = {n: view(n, sriov, "intel.com/nics") for n in ("one", "other")}

    assert set(told(check_networks(views, FACTS), "ranges-overlap")) == {"one", "other"}


def test_a_link_serves_macvlan_or_ipvlan() -> None:
    found = check(
        one=macvlan(static("10.1.0.5/24")),
        two={"type": "ipvlan", "master": "eth0", "ipam": static("10.1.0.6/24")},
        three={"type": "ipvlan", "master": "eth1", "mode": "l3", "ipam": static("10.4.0.6/24")},
        four={"type": "ipvlan", "master": "eth1", "ipam": static("10.5.0.6/24")},
    )

    assert set(told(found, "link-used-twice")) == {"two", "four"}


def test_a_node_has_a_vlan_of_a_link_once() -> None:
    vlan = {"type": "vlan", "master": "eth0", "vlanId": 5}

    found = check(
        one={**vlan, "ipam": static("10.1.0.5/24")}, two={**vlan, "ipam": static("10.1.0.6/24")}
    )

    assert told(found, "vlan-taken") == {"two": "config.vlanId"}


def test_ovs_without_a_bridge_is_warned_of() -> None:
    assert set(told(check(one={"type": "ovs"}), "ovs-without-bridge")) == {"one"}


def test_findings_come_in_the_order_of_the_networks() -> None:
    views = {f"n{i}": view(f"n{i}", macvlan(local("10.1.0.0/24"))) for i in (3, 1, 2)}
    names = [f.path[1] for f in check_networks(views, FACTS)]

    assert list(dict.fromkeys(names)) == ["n3", "n1", "n2"]


_PAIR = {
    **{"type": "bond", "mode": "802.3ad", "miimon": "100"},
    "links": [{"name": "eth1"}, {"name": "eth2"}],
}


def test_a_link_that_a_pod_takes_with_it_is_not_there_for_others() -> None:
    found = check(
        pair=_PAIR,
        lan=macvlan(local("10.1.0.0/24"), "eth2"),
        whole={"type": "host-device", "device": "eth1"},
        apart=macvlan(local("10.2.0.0/24"), "eth3"),
    )

    assert told(found, "link-taken") == {
        "pair": "config.type",
        "lan": "config.type",
        "whole": "config.type",
    }
    (lan,) = (f for f in found if f.code == "link-taken" and f.path[1] == "lan")
    assert "'pair' takes eth2" in lan.rule


def test_networks_of_different_nodes_take_no_link_from_each_other() -> None:
    views = {
        "pair": view("pair", _PAIR, nodes={"host": "a"}),
        "lan": view("lan", macvlan(local("10.1.0.0/24"), "eth1"), nodes={"host": "b"}),
    }

    assert told(check_networks(views, FACTS), "link-taken") == {}


def test_a_bond_and_a_network_in_the_pod_take_nothing() -> None:
    found = check(
        pair={**_PAIR, "linksInContainer": True}, lan=macvlan(local("10.1.0.0/24"), "eth1")
    )

    assert told(found, "link-taken") == {}

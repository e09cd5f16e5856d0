"""What a pod on a network can be held to, for plugins of other projects than the reference ones."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.cni.reach import Reach
from tests.unit.verify.networks import host_local, network

_LINKS = [{"name": "eth1"}, {"name": "eth2"}]
_BOND = {"type": "bond", "mode": "802.3ad", "miimon": "100", "links": _LINKS}
_OVN = {"type": "ovn-k8s-cni-overlay", "netAttachDefName": "default/net"}
_SUBNETS = {"subnets": "10.100.0.0/24", "excludeSubnets": "10.100.0.128/25"}
_SOCKET = "/run/openvswitch/kube-ovn-daemon.sock"


def test_a_bond_of_the_nodes_links_is_for_one_pod_and_has_1500_bytes() -> None:
    found = network({**_BOND, "ipam": host_local()})

    assert (found.parent, found.mtu, found.inherits_mtu) == ("eth1", 1500, True)
    assert found.one_per_node
    assert found.reach == Reach(across=None, same_node=False)
    assert found.untried == ""


def test_a_bond_of_the_pods_interfaces_cannot_be_tried_alone() -> None:
    found = network({**_BOND, "linksInContainer": True, "ipam": host_local()})

    assert (found.parent, found.one_per_node) == ("", False)
    assert found.untried == "its links eth1, eth2 are in the pod (linksInContainer)"


def test_an_ovn_networks_addresses_are_those_of_its_subnets() -> None:
    found = network({**_OVN, "topology": "layer2", "mtu": 1300, **_SUBNETS})

    assert [str(r) for r in found.ranges] == ["10.100.0.1-10.100.0.127/24"]
    assert [r.path for r in found.ranges] == [("subnets",)]
    assert found.addressed
    assert (found.reach.across, found.reach.same_node, found.mtu) == (True, True, 1300)


def test_an_ovn_network_without_subnets_gives_no_address() -> None:
    found = network({**_OVN, "topology": "localnet", "physicalNetworkName": "p"})

    assert not found.addressed
    assert found.reach.why == "no address"


def test_a_primary_network_of_a_namespace_is_not_attached_to() -> None:
    found = network({**_OVN, "topology": "layer3", "subnets": "10.64.0.0/16", "role": "primary"})

    assert "without asking" in found.untried


@pytest.mark.parametrize(
    ("config", "addressed"),
    [
        ({"type": "kube-ovn", "server_socket": _SOCKET, "provider": "net.default.ovn"}, True),
        ({"type": "macvlan", "ipam": {"type": "nv-ipam", "poolName": "a"}}, True),
        ({"type": "macvlan", "ipam": {"type": "spiderpool"}}, True),
        ({"type": "cnv-bridge", "bridge": "br1"}, False),
    ],
)
def test_who_gets_an_address_and_which_is_not_known(
    config: dict[str, Any], addressed: bool
) -> None:
    found = network(config)

    assert (found.addressed, found.ranges, found.routes) == (addressed, (), ())


def test_macvtap_has_no_address_whatever_ipam_it_names() -> None:
    found = network(
        {"cniVersion": "0.4.0", "type": "macvtap", "ipam": host_local()}, resourceName="a.b/c"
    )

    assert not found.addressed


def test_a_coordinator_moves_the_routes_to_tables_of_its_own() -> None:
    ipam = host_local(routes=[{"dst": "10.9.0.0/16"}])
    macvlan = {"type": "macvlan", "master": "eth1", "ipam": ipam}

    def routes(**keys: Any) -> int:
        return len(network({"plugins": [macvlan, {"type": "coordinator", **keys}]}).routes)

    assert (routes(), routes(mode="disable")) == (0, 1)


def test_cnv_bridge_is_a_bridge_of_that_name() -> None:
    plain = {"bridge": "br1", "isGateway": True, "ipam": host_local()}
    one, other = network({"type": "bridge", **plain}), network({"type": "cnv-bridge", **plain})

    assert (one.parent, one.reach, one.mtu) == (other.parent, other.reach, other.mtu)

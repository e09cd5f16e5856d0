"""What a node needs follows from the networks that can land on it."""

from __future__ import annotations

from typing import Any

from multinet.nodes.requirements import NodeNeeds
from multinet.stack.load import check_config
from multinet.stack.needs import node_needs

HOST_LOCAL = {"type": "host-local", "subnet": "10.5.0.0/24", "rangeStart": "10.5.0.10"}


def needs(networks: dict[str, Any], node: dict[str, Any] | None = None, **more: Any) -> NodeNeeds:
    primary = {"plugin": "existing", "confFile": "10-x.conflist"}
    config = {"primaryCni": primary, "networks": networks, "nodes": {"n1": node or {}}, **more}
    stack, found = check_config(config)
    assert stack is not None, found
    return node_needs(stack.nodes["n1"], stack)


def network(kind: str, **more: Any) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "type": kind, **more}}


def test_binaries_are_the_plugins_and_their_ipam_with_who_needs_them() -> None:
    chain = {"plugins": [{"type": "bridge", "ipam": HOST_LOCAL}, {"type": "tuning"}]}
    wanted = needs({"a": network("macvlan", master="e", ipam=HOST_LOCAL), "b": {"config": chain}})
    assert wanted.binaries == {
        "bridge": ("b",),
        "host-local": ("a", "b"),
        "macvlan": ("a",),
        "tuning": ("b",),
    }


def test_what_others_lay_out_is_not_looked_for() -> None:
    node = {"cniPlugins": {"provided": ["macvlan"]}}
    calico = {"primaryCni": {"plugin": "calico"}}
    wanted = needs({"a": network("macvlan", master="e", ipam=HOST_LOCAL)}, node, **calico)
    assert wanted.binaries == {}


def test_a_node_selector_keeps_a_network_off_other_nodes() -> None:
    selected = {**network("macvlan", master="e"), "nodeSelector": {"rack": "b"}}
    assert needs({"a": selected}).links == {}
    assert "e" in needs({"a": selected}, {"labels": {"rack": "b", "zone": "1"}}).links


def test_a_link_carries_the_largest_mtu_of_its_networks() -> None:
    two = {
        "a": network("macvlan", master="e", mtu=1400),
        "b": network("macvlan", master="e", mtu=9000),
    }
    link = needs(two).links["e"]
    assert (link.networks, link.mtu) == (("a", "b"), 9000)


def test_a_dhcp_network_needs_the_daemon_at_its_socket() -> None:
    own = {"type": "dhcp", "daemonSocketPath": "/run/my.sock"}
    two = {
        "a": network("macvlan", master="e", ipam={"type": "dhcp"}),
        "b": network("macvlan", master="e", ipam=own),
    }
    assert needs(two).dhcp_sockets == {"/run/cni/dhcp.sock": ("a",), "/run/my.sock": ("b",)}


def test_addresses_are_watched_on_the_link_they_are_used_on() -> None:
    (run,) = needs({"a": network("macvlan", master="e", ipam=HOST_LOCAL)}).ranges
    assert (run.network, run.link, run.gateways) == ("a", "e", ("10.5.0.1",))
    assert run.last - run.first == 244
    assert needs({"a": network("macvlan", master="e.7", ipam=HOST_LOCAL)}).ranges == ()

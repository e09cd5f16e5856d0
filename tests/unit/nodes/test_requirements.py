"""What a node needs follows from the networks that can land on it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from multinet.nodes.inspection import inspection
from multinet.nodes.requirements import NodeNeeds
from multinet.stack import StackSettings
from multinet.stack.load import check_config
from multinet.stack.needs import node_needs

_TWO = [{"name": "e1"}, {"name": "e2"}]
HOST_LOCAL = {"type": "host-local", "subnet": "10.5.0.0/24", "rangeStart": "10.5.0.10"}


def stack_of(
    networks: dict[str, Any], node: dict[str, Any] | None = None, **more: Any
) -> StackSettings:
    primary = {"plugin": "existing", "confFile": "10-x.conflist"}
    config = {"primaryCni": primary, "networks": networks, "nodes": {"n1": node or {}}, **more}
    stack, found = check_config(config)
    assert stack is not None, found
    return stack


def needs(networks: dict[str, Any], node: dict[str, Any] | None = None, **more: Any) -> NodeNeeds:
    stack = stack_of(networks, node, **more)
    return node_needs("n1", stack.nodes["n1"], stack)


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


def test_what_ciliums_own_chain_calls_is_needed_without_any_network() -> None:
    chained = {"plugin": "cilium", "cilium": {"portMap": True}}
    assert needs({}, primaryCni={"plugin": "cilium"}).binaries == {}
    assert needs({}, primaryCni=chained).binaries == {"portmap": ()}
    stack = stack_of({}, {"cniPlugins": {"source": "check"}}, primaryCni=chained)
    said = inspection(stack.nodes["n1"], node_needs("n1", stack.nodes["n1"], stack))
    (line,) = [line for line in said if line.startswith("need_plugin")]
    assert shlex.split(line)[1:3] == ["portmap", "the primary CNI"]


def test_a_node_selector_keeps_a_network_off_other_nodes() -> None:
    selected = {**network("macvlan", master="e"), "nodeSelector": {"rack": "b"}}
    assert needs({"a": selected}).links == {}
    assert "e" in needs({"a": selected}, {"labels": {"rack": "b", "zone": "1"}}).links


def test_a_node_has_the_label_of_its_own_name_without_being_told() -> None:
    here = {**network("macvlan", master="e"), "nodeSelector": {"kubernetes.io/hostname": "n1"}}
    elsewhere = {**here, "nodeSelector": {"kubernetes.io/hostname": "n2"}}
    assert "e" in needs({"a": here}).links
    assert needs({"a": elsewhere}).links == {}


def test_a_link_carries_the_largest_mtu_of_its_networks() -> None:
    two = {
        "a": network("macvlan", master="e", mtu=1400),
        "b": network("macvlan", master="e", mtu=9000),
    }
    link = needs(two).links["e"]
    assert (link.networks, link.mtu) == (("a", "b"), 9000)


def test_a_bond_needs_all_its_links_with_its_mtu_and_one_in_the_pod_needs_none() -> None:
    links = [{"name": "e1"}, {"name": "e2"}]
    bond = network("bond", mode="802.3ad", miimon="100", links=links)
    inside = network("bond", mode="802.3ad", miimon="100", links=links, linksInContainer=True)

    assert {k: v.mtu for k, v in needs({"a": bond}).links.items()} == {"e1": 1500, "e2": 1500}
    assert needs({"a": inside}).links == {}
    assert set(needs({"a": inside}).binaries) == {"bond"}


def test_a_link_that_the_list_makes_itself_is_not_looked_for() -> None:
    ifacer = {"type": "ifacer", "interfaces": ["e1", "e2"], "bond": {"name": "b0"}, "vlanID": 7}
    lists = {
        vlan: {
            "config": {
                "cniVersion": "1.0.0",
                "plugins": [ifacer, {"type": "macvlan", "master": f"b0.{vlan}"}],
            }
        }
        for vlan in ("7", "8")
    }

    assert set(needs(lists).links) == {"e1", "e2", "b0.8"}


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"type": "bond", "mode": "802.3ad", "miimon": "1", "links": _TWO}, "bond-cni's DaemonSet"),
        ({"type": "macvlan", "ipam": {"type": "nv-ipam"}}, "NVIDIA's network operator"),
        ({"type": "flannel"}, "flannel-io/cni-plugin"),
        ({"type": "macvlan", "master": "e1"}, "set cniPlugins.source to mirror or archive"),
    ],
)
def test_a_plugin_that_is_missing_is_brought_by_somebody(config: dict[str, Any], said: str) -> None:
    stack = stack_of({"a": {"config": {"cniVersion": "1.0.0", **config}}})
    node = stack.nodes["n1"]
    kind = config.get("ipam", config)["type"]

    (line,) = (
        x
        for x in inspection(node, node_needs("n1", stack.nodes["n1"], stack))
        if f"need_plugin {kind} " in x
    )

    assert said in shlex.split(line)[-1]


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

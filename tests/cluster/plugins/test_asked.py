"""What a pod asks for, and what is written out, with the real plugins: who reads it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multinet.cni.config import parse
from tests.cluster.plugins.node import Answer, Node
from tests.unit.validating import network

pytestmark = pytest.mark.cluster

MAC = "02:00:5e:00:53:01"
LOCAL = {"type": "host-local", "subnet": "10.61.0.0/24"}
OTHER = {"type": "static", "addresses": [{"address": "10.61.0.7/24"}]}


def _attach(node: Node, written: dict[str, Any], **asked: Any) -> Answer:
    assert network(written).errors == {}, "what works is accepted"
    return node.attach(json.dumps({"cniVersion": "1.0.0", **written}), **asked)


def _net1(answer: Answer) -> dict[str, Any]:
    assert (answer.stage, answer.error) == ("done", "")
    (link,) = [found for found in answer.links if found["name"] == "net1"]
    return dict(link)


def test_static_alone_gives_what_the_pod_asks_for(node: Node) -> None:
    written = {"type": "macvlan", "cniVersion": "1.0.0", "ipam": {"type": "static"}}

    link = _net1(_attach(node, written, ips=["10.61.0.9/24", "fd00::9/64"]))

    assert {"10.61.0.9/24", "fd00::9/64"} <= set(link["addresses"])
    assert _attach(node, written).error, "a pod that asks for none fails"


def test_static_with_addresses_gives_both_unless_the_capability_is_declared(node: Node) -> None:
    beside = {"type": "macvlan", "cniVersion": "1.0.0", "ipam": OTHER}
    instead = {**beside, "capabilities": {"ips": True}}
    asked = ["10.61.0.9/24"]

    assert _net1(_attach(node, beside, ips=asked))["addresses"] == ["10.61.0.7/24", *asked]
    assert _net1(_attach(node, instead, ips=asked))["addresses"] == asked


@pytest.mark.parametrize("capabilities", [{}, {"ips": True}])
def test_host_local_gives_what_the_pod_asks_for(node: Node, capabilities: dict[str, bool]) -> None:
    written = {"type": "bridge", "cniVersion": "1.0.0", "ipam": LOCAL, "capabilities": capabilities}
    assert _net1(_attach(node, written, ips=["10.61.0.99"]))["addresses"] == ["10.61.0.99/24"]


READS_MAC: dict[str, dict[str, Any]] = {
    "macvlan": {"type": "macvlan"},
    "bridge": {"type": "bridge"},
    "tap": {"type": "tap"},
    "tuning": {"plugins": [{"type": "ptp", "ipam": LOCAL}, {"type": "tuning"}]},
}


@pytest.mark.parametrize("name", READS_MAC)
def test_a_mac_address_arrives_without_a_capability(node: Node, name: str) -> None:
    written = {"cniVersion": "1.0.0", **READS_MAC[name]}
    assert _net1(_attach(node, written, mac=MAC))["mac"] == MAC


LEAVES_MAC: dict[str, dict[str, Any]] = {
    "ptp": {"type": "ptp", "ipam": LOCAL},
    "host-device": {"type": "host-device", "device": "nic1"},
}


@pytest.mark.parametrize("name", LEAVES_MAC)
def test_others_do_not_read_it_even_where_it_is_declared(node: Node, name: str) -> None:
    written = {"cniVersion": "1.0.0", **LEAVES_MAC[name], "capabilities": {"mac": True}}
    assert _net1(_attach(node, written, mac=MAC))["mac"] != MAC


def test_args_and_runtime_config_that_are_written_out_hold_for_every_pod(node: Node) -> None:
    base = {"cniVersion": "1.0.0", "type": "bridge", "ipam": {"type": "static"}}
    by_args = {**base, "args": {"cni": {"ips": ["10.61.0.9/24"], "mac": MAC}}}
    by_runtime = {**base, "runtimeConfig": {"ips": ["10.61.0.9/24"], "mac": MAC}}

    for written in (by_args, by_runtime):
        link = _net1(_attach(node, written))
        assert (link["addresses"], link["mac"]) == (["10.61.0.9/24"], MAC)


def test_what_a_runtime_adds_does_no_harm(node: Node) -> None:
    entry = {"type": "bridge", "cni.dev/valid-attachments": []}
    assert _net1(_attach(node, {"cniVersion": "1.1.0", "plugins": [entry], "cni.dev/x": 1}))


@pytest.mark.parametrize("ipam", [LOCAL, {**OTHER, "addresses": [{"address": "10.61.0.7/24"}]}])
def test_0000_is_a_route_without_gateway(node: Node, ipam: dict[str, Any]) -> None:
    route = {"dst": "10.9.0.0/16", "gw": "0.0.0.0"}
    scoped = {"dst": "10.10.0.0/16", "gw": "0.0.0.0", "scope": 253}
    written = {
        "cniVersion": "1.0.0",
        "type": "macvlan",
        "ipam": {**ipam, "routes": [route, scoped]},
    }

    routes = _net1(_attach(node, written))["routes"]

    assert {"10.9.0.0/16 via <nil>", "10.10.0.0/16 via <nil>"} <= set(routes)


def test_a_gateway_0000_leaves_bare_routes_without_one(node: Node) -> None:
    ipam = {**LOCAL, "gateway": "0.0.0.0", "routes": [{"dst": "10.9.0.0/16"}]}
    written = {"cniVersion": "1.0.0", "type": "macvlan", "ipam": ipam}
    assert "10.9.0.0/16 via <nil>" in _net1(_attach(node, written))["routes"]


@pytest.mark.parametrize(
    ("ipam", "default"),
    [
        (OTHER, None),
        ({**OTHER, "routes": [{"dst": "0.0.0.0/0", "gw": "10.61.0.1"}]}, "10.61.0.1"),
        ({**LOCAL, "gateway": "0.0.0.0"}, "<nil>"),
        (LOCAL, "10.61.0.1"),
    ],
)
def test_sbrs_table_has_a_default_route_where_we_do_not_warn(
    node: Node, ipam: dict[str, Any], default: str | None
) -> None:
    plugins = [{"type": "bridge", "ipam": ipam}, {"type": "sbr"}]
    written = {"cniVersion": "1.0.0", "plugins": plugins}
    _, findings = parse(written)

    link = _net1(_attach(node, written))

    routes = [route for table in link["tables"].values() for route in table]
    through = [r.rpartition(" ")[2] for r in routes if r.startswith(("<nil> via", "0.0.0.0/0 via"))]
    assert through == ([default] if default else [])
    assert ("sbr-without-gateway" in {f.code for f in findings}) == (default is None)


@pytest.mark.parametrize("name", ["br1 ", "b" * 16])
def test_the_kernel_refuses_names_that_we_refuse(node: Node, name: str) -> None:
    written = {"cniVersion": "1.0.0", "type": "bridge", "bridge": name}
    assert network(written).errors == {"bridge": "not-an-interface-name"}
    assert node.attach(json.dumps(written)).stage == "add"


@pytest.mark.parametrize("name", ["a" * 29, "MY CHAIN"])
def test_iptables_refuses_chains_that_we_refuse(node: Node, name: str) -> None:
    firewall = {"type": "firewall", "backend": "iptables", "iptablesAdminChainName": name}
    bridge = {"type": "bridge", "ipam": LOCAL}
    written = {"cniVersion": "1.0.0", "plugins": [bridge, firewall]}
    assert node.attach(json.dumps(written)).stage == "add"


@pytest.mark.parametrize(
    "written",
    [
        {"type": "host-local", "ipam": LOCAL},
        {"type": "static", "ipam": OTHER},
        {"type": "macvlan", "ipam": {"type": "tuning"}},
    ],
)
def test_an_ipam_plugin_makes_no_interface_and_a_plugin_gives_no_address(
    node: Node, written: dict[str, Any]
) -> None:
    assert "plugin-and-ipam" in network({"cniVersion": "1.0.0", **written}).errors.values()

    answer = node.attach(json.dumps({"cniVersion": "1.0.0", **written}))

    made = [found for found in answer.links or [] if found["name"] == "net1"]
    assert answer.error or not made


_RANGE = {"subnet": "10.61.0.0/24"}
_SIX = {"type": "static", "addresses": [{"address": "fd00::5/64"}, {"address": "10.61.0.5/24"}]}
_ONE_SYSCTL = {"cni": {"sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1"}}}


@pytest.mark.parametrize(
    ("plugins", "said"),
    [
        ([{"type": "tap", "runtimeConfig": {"mac": "02-00-5e-00-53-01"}}], "address"),
        (
            [{"type": "macvlan", "mtu": 1000, "ipam": {**OTHER, "routes": [{"dst": "fd09::/64"}]}}],
            "route",
        ),
        ([{"type": "bridge"}, {"type": "tuning", "args": _ONE_SYSCTL}], "panic"),
        (
            [
                {
                    "type": "ptp",
                    "args": {"cni": {"ips": ["10.61.0.5/24"]}},
                    "ipam": {"type": "static"},
                }
            ],
            "failed to add IP addr",
        ),
        ([{"type": "ptp", "ipMasq": 1, "ipmasq": False, "ipam": LOCAL}], "cannot unmarshal"),
        (
            [{"type": "bridge", "ipam": {**LOCAL, "subnet": None, "ranges": [[_RANGE]]}}],
            "invalid CIDR",
        ),
    ],
)
def test_what_is_handed_over_and_we_refuse_fails(
    node: Node, plugins: list[dict[str, Any]], said: str
) -> None:
    written = {"cniVersion": "1.0.0", "plugins": plugins}
    assert network(written).errors

    answer = node.attach(json.dumps(written))

    assert answer.stage == "add"
    assert said in answer.error


@pytest.mark.parametrize(("mtu", "left"), [(1280, 2), (1279, 1)])
def test_tuning_takes_ipv6_away_where_we_refuse(node: Node, mtu: int, left: int) -> None:
    plugins = [{"type": "bridge", "ipam": _SIX}, {"type": "tuning", "mtu": mtu}]
    written = {"cniVersion": "1.0.0", "plugins": plugins}

    link = _net1(node.attach(json.dumps(written)))

    assert len(link["addresses"]) == left
    assert ("mtu-too-small-for-ipv6" in network(written).errors.values()) == (left == 1)

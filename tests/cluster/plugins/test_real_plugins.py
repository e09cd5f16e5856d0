"""Each reference plugin that this kernel can run: real ADD, CHECK and DEL of a typed network."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any

import pytest

from multinet.cni.config import parse
from multinet.findings import errors
from multinet.networks.checks import ClusterFacts, NetworkView, check_networks
from multinet.typed import (
    Bandwidth,
    Bridge,
    Chain,
    Dummy,
    Firewall,
    HostDevice,
    HostLocal,
    Ipvlan,
    Loopback,
    Macvlan,
    Plugin,
    Portmap,
    Ptp,
    Route,
    Sbr,
    Static,
    StaticAddress,
    Tap,
    Tuning,
    Vlan,
    Vrf,
)
from tests.cluster.plugins.node import FURTHER, Answer, Node
from tests.cluster.plugins.typed import link_of, text_of

pytestmark = pytest.mark.cluster

SUBNET = "10.61.0.0/24"
LOCAL = HostLocal(
    subnet=SUBNET,
    range_start="10.61.0.50",
    range_end="10.61.0.60",
    routes=[Route(dst="10.62.0.0/16")],
)
FIXED = Static(addresses=[StaticAddress(address="10.61.0.7/24", gateway="10.61.0.1")])
TWO = Static(
    addresses=[
        StaticAddress(address="10.61.0.7/24", gateway="10.61.0.1"),
        StaticAddress(address="10.61.9.7/24", gateway="10.61.9.1"),
    ],
    routes=[Route(dst="10.62.0.0/16", gw="10.61.0.1")],
)
MAC = "02:00:5e:00:53:01"

MADE: dict[str, tuple[Plugin, str, int]] = {
    "macvlan": (Macvlan(cni_version="1.0.0", master="eth0", mtu=1400, ipam=LOCAL), "macvlan", 1400),
    "macvlan of the default route's link": (
        Macvlan(cni_version="1.0.0", mode="private", ipam=LOCAL),
        "macvlan",
        1500,
    ),
    "bridge": (
        Bridge(cni_version="1.0.0", bridge="br61", is_gateway=True, mtu=1300, ipam=LOCAL),
        "veth",
        1300,
    ),
    "bridge that masquerades": (
        Bridge(cni_version="1.0.0", is_gateway=True, ip_masq=True, ipam=LOCAL),
        "veth",
        1500,
    ),
    "ptp": (Ptp(cni_version="1.0.0", mtu=1350, ipam=LOCAL), "veth", 1350),
    "host-device": (HostDevice(cni_version="1.0.0", device="nic1", ipam=LOCAL), "veth", 1500),
    "tap": (Tap(cni_version="1.0.0", mtu=1400, ipam=LOCAL), "tuntap", 1400),
    "ipvlan": (Ipvlan(cni_version="1.0.0", master="eth0", ipam=LOCAL), "ipvlan", 1500),
    "vlan": (Vlan(cni_version="1.0.0", master="eth0", vlan_id=61, ipam=LOCAL), "vlan", 1500),
    "dummy": (Dummy(cni_version="1.0.0", ipam=LOCAL), "dummy", 1500),
}


@pytest.mark.parametrize("name", MADE)
def test_the_interface_is_what_was_declared_and_goes_again(node: Node, name: str) -> None:
    typed, kind, mtu = MADE[name]

    link = link_of(node.attach(text_of(typed), check=True))

    assert (link["kind"], link["mtu"]) == (kind, mtu)
    (address,) = link["addresses"]
    ip, prefix = address.split("/")
    first, last = (ipaddress.IPv4Address(f"10.61.0.{n}") for n in (50, 60))
    assert first <= ipaddress.IPv4Address(ip) <= last
    assert prefix == "24"
    assert "10.62.0.0/16 via 10.61.0.1" in link["routes"]


def test_the_address_lies_where_we_say_it_will(node: Node) -> None:
    config, _ = parse(MADE["macvlan"][0].tree())
    assert config is not None
    (expected,) = config.address_ranges()

    link = link_of(node.attach(config.to_json("network")))

    assert ipaddress.ip_interface(link["addresses"][0]).ip in expected


def test_static_gives_the_addresses_it_names(node: Node) -> None:
    addresses = [StaticAddress(address=a) for a in ("10.61.0.7/24", "10.61.9.7/32")]
    typed = Macvlan(cni_version="1.0.0", master="eth0", ipam=Static(addresses=addresses))

    # No CHECK: the plugins' looks for a route to each address's subnet, and a /32 has none.
    link = link_of(node.attach(text_of(typed)))

    assert link["addresses"] == ["10.61.0.7/24", "10.61.9.7/32"]


def test_a_pods_own_mac_and_address_are_passed_where_they_are_declared(node: Node) -> None:
    asked = {"mac": MAC, "ips": ["10.61.0.99/24"]}
    declared = {"mac": True, "ips": True}
    typed = Macvlan(
        cni_version="1.0.0", master="eth0", capabilities=declared, ipam=Static(routes=[])
    )
    silent = Macvlan(cni_version="1.0.0", master="eth0", ipam=FIXED)

    link = link_of(node.attach(text_of(typed), capabilities=asked))
    dropped = link_of(node.attach(text_of(silent), capabilities=asked))

    assert (link["mac"], link["addresses"]) == (MAC, ["10.61.0.99/24"])
    assert (dropped["mac"], dropped["addresses"]) != (MAC, ["10.61.0.99/24"])
    assert dropped["addresses"] == ["10.61.0.7/24"], "libcni drops what is not declared"


def test_loopback_comes_up(node: Node) -> None:
    answer = node.attach(text_of(Loopback(cni_version="1.0.0")), check=True)
    assert (answer.stage, answer.error) == ("done", "")
    assert answer.links == [] or answer.links is None


@pytest.mark.parametrize(
    "chained",
    [
        Bandwidth(ingress_rate=10**6, ingress_burst=10**6, egress_rate=10**6, egress_burst=10**6),
        Portmap(capabilities={"portMappings": True}),
        Tuning(sysctl={"net.ipv4.conf.IFNAME.arp_filter": "1"}, mtu=1280, mac=MAC, promisc=True),
        Sbr(),
        Vrf(vrfname="blue"),
        Firewall(backend="iptables"),
    ],
    ids=lambda plugin: plugin.TYPE,
)
def test_a_chained_plugin_works_after_ptp(node: Node, chained: Plugin) -> None:
    typed = Chain(cni_version="1.0.0", plugins=[Ptp(ipam=FIXED), chained])
    ports = [{"hostPort": 8061, "containerPort": 80, "protocol": "tcp"}]

    # sbr moves the routes to a table of its own, where ptp's CHECK does not look for them.
    check = not isinstance(chained, Sbr)
    link = link_of(node.attach(text_of(typed), check=check, capabilities={"portMappings": ports}))

    assert link["addresses"] == ["10.61.0.7/24"]
    if isinstance(chained, Tuning):
        assert (link["mtu"], link["mac"], link["promisc"]) == (1280, MAC, True)


def test_sbr_moves_the_links_routes_to_a_table_that_only_its_address_leads_to(node: Node) -> None:
    typed = Chain(cni_version="1.0.0", plugins=[Macvlan(master="eth0", ipam=TWO), Sbr()])

    answer = node.attach(text_of(typed))

    link = link_of(answer)
    assert answer.rules == ["from 10.61.9.7/32 lookup 101", "from 10.61.0.7/32 lookup 100"]
    assert link["routes"] is None, "nothing of it competes with the primary's routes"
    assert sorted(link["tables"]) == ["100", "101"]
    own = {f"{SUBNET} via <nil>", "0.0.0.0/0 via 10.61.0.1", "10.62.0.0/16 via 10.61.0.1"}
    assert set(link["tables"]["100"]) == own
    assert set(link["tables"]["101"]) == {"10.61.9.0/24 via <nil>", "0.0.0.0/0 via 10.61.9.1"}
    assert answer.left_rules == [], "DEL took the rules away"


def test_sbr_with_a_table_leads_to_it_and_leaves_the_routes_where_they_are(node: Node) -> None:
    typed = Chain(cni_version="1.0.0", plugins=[Ptp(ipam=FIXED), Sbr(table=4000)])

    # The routes stay where ptp's CHECK looks for them.
    answer = node.attach(text_of(typed), check=True)

    link = link_of(answer)
    assert answer.rules == ["from 10.61.0.7/32 lookup 4000"]
    assert "10.61.0.0/24 via 10.61.0.1" in link["routes"]
    assert link["tables"] == {}
    assert answer.left_rules == []


@pytest.mark.parametrize(
    "tables", [(4000,), (None, 4000), (4000, None)], ids=["beyond", "after", "before"]
)
def test_sbr_with_a_table_minds_neither_a_gateway_out_of_reach_nor_another_sbr(
    node: Node, tables: tuple[int | None, ...]
) -> None:
    far = "10.9.0.1" if tables == (4000,) else "10.61.0.1"
    ipam = HostLocal(subnet=SUBNET, gateway=far)
    chain = [Macvlan(master="eth0", ipam=ipam), *(Sbr(table=table) for table in tables)]

    link_of(node.attach(text_of(Chain(cni_version="1.0.0", plugins=chain))))


@pytest.mark.parametrize("prefix", [24, 16], ids=["the same", "another"])
@pytest.mark.parametrize("forced", [None, True], ids=["asked", "forced"])
def test_a_bridge_has_one_gateway_as_our_check_says(
    node: Node, prefix: int, forced: bool | None
) -> None:
    pair = [
        StaticAddress(address="10.61.0.7/24", gateway="10.61.0.1"),
        StaticAddress(address=f"10.61.0.8/{prefix}", gateway="10.61.0.1"),
    ]
    ipam = Static(addresses=pair)
    typed = Bridge(
        cni_version="1.0.0", bridge="br61", is_gateway=True, force_address=forced, ipam=ipam
    )
    config, _ = parse(typed.tree())
    assert config is not None
    ours = errors(check_networks({"n": NetworkView("n", "default", config)}, ClusterFacts()))

    answer = node.attach(config.to_json("network"))

    refused = prefix != 24 and not forced
    assert (answer.stage != "done") == refused
    assert ["different from" in answer.error] == [refused]
    assert [f.code for f in ours] == ["bridge-has-two-gateways"] * refused


def _overridden(node: Node, version: str = "1.0.0", **keys: Any) -> Answer:
    """A macvlan with a default and another route, changed by route-override."""
    if not any(Path(d, "route-override").is_file() for d in FURTHER.split(":") if d):
        pytest.skip("MULTINET_CNI_PLUGINS names no directory with route-override")
    routes = [{"dst": "0.0.0.0/0"}, {"dst": "10.62.0.0/16"}]
    ipam = {"type": "host-local", "subnet": SUBNET, "routes": routes}
    plugins = [{"type": "macvlan", "master": "eth0", "ipam": ipam}]
    written = {
        "cniVersion": version,
        "plugins": [*plugins, {"type": "route-override", **keys}],
    }
    return node.attach(json.dumps(written))


@pytest.mark.parametrize(
    ("keys", "destinations"),
    [
        ({"flushroutes": True}, {SUBNET}),
        ({"flushgateway": True}, {SUBNET, "10.62.0.0/16"}),
        ({"delroutes": [{"dst": "10.62.0.0/16"}]}, {SUBNET, "0.0.0.0/0"}),
        ({"delroutes": [{"dst": "0.0.0.0/0"}]}, {SUBNET, "0.0.0.0/0", "10.62.0.0/16"}),
        (
            {"flushroutes": True, "addroutes": [{"dst": "10.70.0.0/16", "gw": "10.61.0.9"}]},
            {SUBNET, "10.70.0.0/16"},
        ),
        # What the kernel refuses is left out, and nobody is told.
        (
            {"flushroutes": True, "addroutes": [{"dst": "10.70.0.0/16", "gw": "192.0.2.7"}]},
            {SUBNET},
        ),
        (
            {"flushroutes": True, "addroutes": [{"dst": "10.70.0.5/16", "gw": "10.61.0.9"}]},
            {SUBNET},
        ),
    ],
)
def test_route_override_takes_and_adds_what_its_model_says(
    node: Node, keys: dict[str, Any], destinations: set[str]
) -> None:
    link = link_of(_overridden(node, **keys))

    assert {route.split()[0] for route in link["routes"]} == destinations


def test_route_override_puts_a_route_without_gateway_on_the_link(node: Node) -> None:
    link = link_of(_overridden(node, addroutes=[{"dst": "10.70.0.0/16"}]))

    assert "10.70.0.0/16 via <nil>" in link["routes"]


@pytest.mark.parametrize(
    ("version", "keys", "said"),
    [
        ("1.1.0", {"flushgateway": True}, "incompatible CNI versions"),
        ("0.2.0", {"addroutes": [{"dst": "10.70.0.0/16"}]}, "panic"),
    ],
)
def test_route_override_fails_with_the_versions_that_we_refuse(
    node: Node, version: str, keys: dict[str, Any], said: str
) -> None:
    assert said in _overridden(node, version, **keys).error


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"type": "macvlan", "master": "eth0", "mtu": 60}, "invalid argument"),
        ({"type": "macvlan", "mac": "03:00:00:00:00:01"}, "cannot assign requested address"),
        ({"type": "tuning", "mtu": 1400}, "prevResult missing"),
        (
            {"type": "ptp", "ipam": {"type": "static", "addresses": [{"address": "10.6.0.5/24"}]}},
            "",
        ),
        ({"plugins": []}, "panic"),
        ({"cniVersion": "", "type": "macvlan"}, "no valid IP addresses"),
    ],
)
def test_what_we_refuse_fails_for_real(node: Node, written: dict[str, Any], said: str) -> None:
    whole = {"cniVersion": "1.0.0", **written}

    assert parse(whole)[0] is None
    answer = node.attach(json.dumps(whole))
    assert answer.stage != "done"
    assert said in answer.error

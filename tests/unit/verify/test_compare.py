"""What a pod was seen to have, read from real output and held against the declaration."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.verify.compare import compare
from multinet.verify.declared import Declared
from multinet.verify.nads import differences, nad_findings
from multinet.verify.seen import Looks, Status, looks, network_status
from tests.unit.verify.networks import bridge, host_local, macvlan, network

BUSYBOX = """\
1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host
       valid_lft forever preferred_lft forever
2: eth0@if40: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue
    link/ether 1e:2f:00:11:22:33 brd ff:ff:ff:ff:ff:ff
    inet 10.233.64.7/24 brd 10.233.64.255 scope global eth0
       valid_lft forever preferred_lft forever
3: net1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1400 qdisc noqueue
    link/ether 86:5f:d3:dd:f2:40 brd ff:ff:ff:ff:ff:ff
    inet 10.0.1.7/24 brd 10.0.1.255 scope global net1
       valid_lft forever preferred_lft forever
    inet6 fd00:7::4/64 scope global flags 02
       valid_lft forever preferred_lft forever
    inet6 fe80::845f:d3ff:fedd:f240/64 scope link
       valid_lft forever preferred_lft forever
---
default via 10.0.1.1 dev net1
default via 10.233.64.1 dev eth0
10.0.1.0/24 dev net1 scope link  src 10.0.1.7
172.16.0.0/12 via 10.0.1.1 dev net1
---
fd00:7::/64 dev net1  metric 256
default via fd00:7::1 dev net1  metric 1024
multicast ff00::/8 dev net1  metric 256
"""

IPROUTE2 = """\
3: net1@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue state UP group default qlen 1000
    link/ether 86:5F:D3:DD:F2:40 brd ff:ff:ff:ff:ff:ff link-netnsid 0
    inet 10.0.1.7/24 brd 10.0.1.255 scope global net1
       valid_lft forever preferred_lft forever
---
default proto static
\tnexthop via 10.0.1.1 dev net1 weight 1
\tnexthop via 10.233.64.1 dev eth0 weight 1
unreachable 10.5.0.0/16
10.0.1.0/24 dev net1 proto kernel scope link src 10.0.1.7
---
"""

STATUS = Status("default/net", "net1", ("10.0.1.7",), "86:5f:d3:dd:f2:40")


def rules(found: Declared, seen: Looks, status: Status | None = STATUS, **more: Any) -> list[str]:
    entries = None if status is None else [status]
    return [f.code for f in compare(found, "net1", entries, seen, **more).findings]


def only_net1(address: str = "10.0.1.7/24", mtu: int = 1500, routes: str = "") -> Looks:
    return looks(
        f"3: net1@if2: <UP> mtu {mtu} qdisc noqueue\n    link/ether 86:5f:d3:dd:f2:40 brd x\n"
        + (f"    inet {address} scope global net1\n" if address else "")
        + f"---\n{routes}---\n"
    )


def test_busybox_is_read() -> None:
    seen = looks(BUSYBOX)
    net1 = seen.links["net1"]
    assert (net1.mtu, net1.mac) == (1400, "86:5f:d3:dd:f2:40")
    assert [str(a) for a in net1.addresses] == ["10.0.1.7/24", "fd00:7::4/64"]
    defaults = [r for r in seen.routes if r.destination.prefixlen == 0]
    assert [(str(r.gateway), r.interface) for r in defaults] == [
        ("10.0.1.1", "net1"),
        ("10.233.64.1", "eth0"),
        ("fd00:7::1", "net1"),
    ]


def test_iproute2_is_read_with_several_next_hops() -> None:
    seen = looks(IPROUTE2)
    assert seen.links["net1"].mac == "86:5f:d3:dd:f2:40"
    defaults = [r.interface for r in seen.routes if r.destination.prefixlen == 0]
    assert defaults == ["net1", "eth0"]
    assert not any(str(r.destination) == "10.5.0.0/16" for r in seen.routes)


def test_a_gateway_of_the_other_family_and_a_peer_are_read() -> None:
    seen = looks(
        "3: net1: <UP> mtu 1500\n    inet 10.0.0.1 peer 10.0.0.2/32 scope global net1\n"
        "---\n10.9.0.0/16 via inet6 fe80::1 dev net1\n---\n"
    )
    assert str(seen.links["net1"].addresses[0]) == "10.0.0.1/32"
    assert str(seen.routes[0].gateway) == "fe80::1"


_WORDS = ["inet", "inet6", "link/ether", "via", "dev", "default", "nexthop", "10.0.0.1/24", "x",
          "3: net1@if2: <UP> mtu 1500", "\n", "\n---\n", "fe80::1", "net1", "999.1/7", "/"]  # fmt: skip


@given(st.lists(st.sampled_from(_WORDS) | st.text(max_size=5), max_size=40))
def test_whatever_an_image_prints_is_read_without_an_error(words: list[str]) -> None:
    looks(" ".join(words))


def test_all_as_declared_is_no_finding() -> None:
    ipam = host_local(routes=[{"dst": "172.16.0.0/12"}, {"dst": "0.0.0.0/0"}], gateway="10.0.1.1")
    sets = {
        "type": "host-local",
        "ranges": [[{"subnet": "10.0.1.0/24"}], [{"subnet": "fd00:7::/64"}]],
    }
    assert rules(network(macvlan(ipam=ipam, mtu=1400)), only_net1(mtu=1400, routes=(
        "default via 10.0.1.1 dev net1\n172.16.0.0/12 via 10.0.1.1 dev net1\n"
    ))) == []  # fmt: skip
    assert rules(network(macvlan(ipam=sets)), looks(BUSYBOX)) == []


@pytest.mark.parametrize(
    ("config", "seen", "code"),
    [
        (macvlan(ipam=host_local(2)), only_net1(), "live-address"),
        (macvlan(), only_net1("10.0.1.7/16"), "live-address"),
        (macvlan(), only_net1(""), "live-address"),
        (macvlan(ipam=host_local(rangeStart="10.0.1.100")), only_net1(), "live-address"),
        (macvlan(mtu=1400), only_net1(mtu=1500), "live-mtu"),
        (macvlan(mac="02:00:00:00:00:01"), only_net1(), "live-mac"),
        (macvlan(ipam=host_local(routes=[{"dst": "172.16.0.0/12"}])), only_net1(), "live-route"),
    ],
    ids=["range", "prefix", "no address", "start", "mtu", "mac", "route"],
)
def test_what_differs_is_found(config: dict[str, Any], seen: Looks, code: str) -> None:
    status = Status("default/net", "net1", (), "")
    assert rules(network(config), seen, status) == [code]


def test_a_route_through_another_gateway_or_interface_is_told() -> None:
    found = network(macvlan(ipam=host_local(routes=[{"dst": "172.16.0.0/12"}], gateway="10.0.1.1")))
    other = compare(
        found, "net1", [STATUS], only_net1(routes="172.16.0.0/12 via 10.0.1.9 dev net1\n")
    )
    assert "10.0.1.9" in other.findings[0].rule
    elsewhere = compare(found, "net1", [STATUS], only_net1(routes="172.16.0.0/12 dev eth0\n"))
    assert "there is one on eth0" in elsewhere.findings[0].rule


def test_a_declared_family_that_is_missing_is_told() -> None:
    sets = {
        "type": "host-local",
        "ranges": [[{"subnet": "10.0.1.0/24"}], [{"subnet": "fd00::/64"}]],
    }
    assert rules(network(macvlan(ipam=sets)), only_net1()) == ["live-address"]


def test_dhcp_may_give_any_address_but_must_give_one() -> None:
    dhcp = network(macvlan(ipam={"type": "dhcp"}))
    assert rules(dhcp, only_net1("198.51.100.7/25"), Status("default/net", "net1", (), "")) == []
    assert rules(dhcp, only_net1(""), Status("default/net", "net1", (), "")) == ["live-address"]


def test_without_ipam_no_address_is_expected() -> None:
    bare = network({"type": "macvlan", "master": "eth1"})
    assert rules(bare, only_net1(""), Status("default/net", "net1", (), "")) == []
    assert bare.reach.why == "no address"


def test_a_parent_s_declared_mtu_is_inherited() -> None:
    assert rules(network(macvlan()), only_net1(mtu=1500), parent_mtu=9000) == ["live-mtu"]
    assert rules(network(bridge()), only_net1(mtu=1500), parent_mtu=9000) == []


def test_a_pod_on_the_primary_alone_is_not_attached() -> None:
    assert rules(network(macvlan()), only_net1(), None) == ["live-not-attached"]
    other = Status("default/other", "net1", (), "")
    assert rules(network(macvlan()), only_net1(), other) == ["live-not-attached"]


def test_network_status_that_lies_is_told() -> None:
    wrong = Status("default/net", "net1", ("10.0.1.8",), "86:5f:d3:dd:f2:40")
    assert rules(network(macvlan()), only_net1(), wrong) == ["live-status-differs"]
    gone = compare(network(macvlan()), "net1", [STATUS], looks("---\n---\n"))
    assert [f.code for f in gone.findings] == ["live-interface-missing"]


def test_network_status_is_read_or_absent() -> None:
    entry = {"name": "default/net", "interface": "net1", "ips": ["10.0.1.7"], "mac": "AA:BB"}
    key = "k8s.v1.cni.cncf.io/network-status"
    pod = {"metadata": {"annotations": {key: json.dumps([entry, "odd"])}}}
    assert network_status(pod) == [Status("default/net", "net1", ("10.0.1.7",), "aa:bb")]
    assert network_status({"metadata": {}}) is None
    assert network_status({"metadata": {"annotations": {key: "{"}}}) == []


def nad(found: Declared, **changed: Any) -> dict[str, Any]:
    config = {**json.loads(json.dumps(dict(found.config))), **changed}
    return {"metadata": {"annotations": {}}, "spec": {"config": json.dumps(config)}}


def test_a_nad_in_another_key_order_is_the_same() -> None:
    found = network(macvlan())
    shuffled = {k: found.config[k] for k in reversed(list(found.config))}
    there = {"metadata": {}, "spec": {"config": json.dumps(shuffled, indent=4)}}
    assert list(nad_findings(found, there)) == []


def test_an_edited_nad_is_told_value_by_value() -> None:
    found = network(macvlan())
    (finding,) = nad_findings(found, nad(found, master="eth7", extra=1))
    assert finding.code == "live-nad-differs"
    assert "master is eth7, declared eth1" in finding.rule
    assert "extra is 1, declared is none" in finding.rule
    (broken,) = nad_findings(found, {"metadata": {}, "spec": {"config": "{oops"}})
    assert "not JSON" in broken.rule
    (missing,) = nad_findings(found, None)
    assert missing.code == "live-nad-missing"


def test_a_resource_of_a_device_plugin_belongs_to_the_nad() -> None:
    found = network({"type": "sriov"}, resourceName="intel.com/vf")
    (finding,) = nad_findings(found, nad(found))
    assert "intel.com/vf" in finding.rule


def test_differences_keep_types_apart_and_hide_passwords() -> None:
    assert list(differences({"a": 1}, {"a": True})) == ["a is true, declared 1"]
    assert list(differences([1], [1, 2])) == ["it is [1, 2], declared [1]"]
    (told,) = differences({"etcd_password": "one"}, {"etcd_password": "two"})
    assert "one" not in told
    assert "two" not in told

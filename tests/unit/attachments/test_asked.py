"""What a pod asks of networks whose plugins have ways of their own."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.attachments.attach import attach
from multinet.attachments.attachment import Attachment
from multinet.findings import InvalidEnvironment
from multinet.names import NETWORKS
from multinet.networks.checks import NetworkView
from tests.unit.attachments.asking import lan_view, refusals, view_of


def _bond(*links: str) -> NetworkView:
    conf = {"type": "bond", "mode": "active-backup", "miimon": "100", "linksInContainer": True}
    return view_of({**conf, "links": [{"name": link} for link in links]}, "bond")


def test_a_bond_of_the_pods_interfaces_comes_after_what_makes_them() -> None:
    lan, bond = lan_view("lan"), _bond("net1", "net2")

    assert attach("lan", "lan", "bond", declared=[lan, bond], pod_namespace="default")
    assert attach(
        Attachment("lan", "default", interface="net1"),
        Attachment("lan", "default", interface="net2"),
        Attachment("bond", "default", interface="bond0"),
        declared=[lan, bond],
    )
    assert refusals("bond", "lan", "lan", declared=[lan, bond], pod_namespace="default") == {
        ("pod-link-missing", "networks[0].name")
    }


def test_what_to_do_about_an_interface_that_comes_too_late_or_never() -> None:
    lan, bond = lan_view("lan"), _bond("net2", "data")

    with pytest.raises(InvalidEnvironment) as refused:
        attach("bond", "lan", declared=[lan, bond], pod_namespace="default")

    assert [f.way_out for f in refused.value.findings] == [
        "put attachment 2 (lan) before it",
        "attach a network before it as data, like Attachment(…, interface='data')",
    ]


def test_a_macvlan_in_the_pod_works_on_eth0_and_on_what_is_there() -> None:
    def inside(master: str) -> NetworkView:
        written = {"type": "macvlan", "master": master, "linkInContainer": True}
        return view_of(written, "inside")

    assert attach("inside", declared=[inside("eth0")], pod_namespace="default")
    assert refusals("inside", declared=[inside("net1")], pod_namespace="default") == {
        ("pod-link-missing", "networks[0].name")
    }


@pytest.mark.parametrize(
    ("guid", "refused"),
    [
        ("24:8a:07:03:00:8d:ae:2e", False),
        ("24-8a-07-03-00-8d-ae-2e", True),
        ("00:00:00:00:00:00:00:00", True),
    ],
)
def test_ib_sriov_takes_a_guid_with_colons(guid: str, refused: bool) -> None:
    network = view_of({"type": "ib-sriov", "capabilities": {"infinibandGUID": True}})
    asked = Attachment("net", "default", infiniband_guid=guid)

    if refused:
        told = {("not-a-guid", "networks[0].infiniband-guid")}
        assert refusals(asked, declared=[network]) == told
    else:
        assert guid in attach(asked, declared=[network])[NETWORKS]


_POOLS = {"type": "nv-ipam", "poolName": "a,b"}
_OVN = {"type": "ovn-k8s-cni-overlay", "topology": "layer2", "netAttachDefName": "default/net"}


_WITH_GATEWAY = {
    "type": "static",
    "addresses": [{"address": "10.0.0.5/24", "gateway": "10.0.0.1"}],
}
_OF_A_RANGE = {"type": "host-local", "subnet": "10.0.0.0/24"}


@pytest.mark.parametrize(
    ("config", "ips", "told"),
    [
        ({"type": "macvlan", "ipam": {"type": "spiderpool"}}, ["10.0.0.5"], "ips-without-effect"),
        ({"type": "macvlan", "ipam": _POOLS}, ["10.0.0.5"], ""),
        ({"type": "macvlan", "ipam": _POOLS}, ["10.0.0.5", "fd00::5"], "too-many-ips"),
        (
            {"type": "macvlan", "ipam": _POOLS, "capabilities": {"ips": True}},
            ["10.0.0.5", "fd00::5"],
            "",
        ),
        (_OVN, ["10.0.0.5/24"], ""),
        (_OVN, ["10.0.0.5"], "ip-without-prefix"),
        ({**_OVN, "subnets": "10.0.0.0/24"}, ["10.0.0.5/24"], "ips-without-effect"),
        ({**_OVN, "subnets": "10.0.0.0/24", "role": "primary"}, ["10.0.0.5/24"], ""),
        ({"type": "kube-ovn", "server_socket": "/s"}, ["10.0.0.5"], ""),
        ({"type": "ptp", "ipam": _WITH_GATEWAY}, ["10.0.0.6/24"], "gateway-missing"),
        ({"type": "ptp", "ipam": _OF_A_RANGE}, ["10.0.0.6"], ""),
    ],
)
def test_addresses_are_asked_for_as_each_plugin_takes_them(
    config: dict[str, Any], ips: list[str], told: str
) -> None:
    network = view_of(config)
    asked = Attachment("net", "default", ips=ips)

    if told:
        assert {code for code, _ in refusals(asked, declared=[network])} == {told}
    else:
        assert attach(asked, declared=[network])


@pytest.mark.parametrize(
    ("config", "refused"),
    [
        ({"cniVersion": "0.4.0", "type": "macvtap"}, False),
        ({"type": "kube-ovn", "server_socket": "/s"}, False),
        (_OVN, False),
        ({"type": "ib-sriov"}, True),
    ],
)
def test_a_mac_address_is_asked_of_who_takes_it(config: dict[str, Any], refused: bool) -> None:
    network = view_of(config)
    asked = Attachment("net", "default", mac="02:00:5e:00:53:01")

    if refused:
        assert refusals(asked, declared=[network]) == {("mac-without-effect", "networks[0].mac")}
    else:
        assert attach(asked, declared=[network])


_DASHED, _COLONS = "02-00-5e-00-53-01", "02:00:5e:00:53:01"
_ITS_OWN = {"type": "tap", "owner": 0, "group": 0}


@pytest.mark.parametrize(
    ("config", "mac", "told"),
    [
        ({"type": "macvlan"}, _DASHED, ""),
        ({"type": "tap"}, _COLONS, ""),
        ({"type": "tap"}, _DASHED, "not-a-mac"),
        (_ITS_OWN, _COLONS, "mac-without-effect"),
        ({"plugins": [_ITS_OWN, {"type": "tuning"}]}, _DASHED, ""),
        ({"plugins": [{"type": "tap"}, {"type": "tuning"}]}, _DASHED, "not-a-mac"),
    ],
)
def test_a_tap_takes_a_mac_address_in_its_own_way(
    config: dict[str, Any], mac: str, told: str
) -> None:
    network, asked = view_of(config), Attachment("net", "default", mac=mac)

    if told:
        assert refusals(asked, declared=[network]) == {(told, "networks[0].mac")}
    else:
        assert attach(asked, declared=[network])


@pytest.mark.parametrize("chained", [False, True])
def test_an_ipv6_address_is_not_asked_of_an_interface_that_is_too_small_for_it(
    chained: bool,
) -> None:
    tap: dict[str, Any] = {"type": "tap", "mtu": 1000, "ipam": {"type": "static"}}
    small = {"plugins": [{**tap, "mtu": 0}, {"type": "tuning", "mtu": 1000}]} if chained else tap
    network = view_of(small)

    assert attach(Attachment("net", "default", ips=["10.0.0.5/24"]), declared=[network])
    told = refusals(
        Attachment("net", "default", ips=["10.0.0.5/24", "fd00::5/64"]), declared=[network]
    )
    assert told == {("mtu-too-small-for-ipv6", "networks[0].ips[1]")}

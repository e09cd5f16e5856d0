"""What campaigns against the real plugins found: by `multinet validate`, as users call it.

What is handed over in `args` and `runtimeConfig`, gateways, IPv6 and MTU, keys in two cases.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.cni.cases import STATIC, V6, chain, main
from tests.unit.validating import network

LOCAL = {"type": "host-local", "subnet": "10.0.0.0/24"}
ON_LINK = {"dst": "10.9.0.0/16", "gw": "0.0.0.0"}
SYSCTL = {"sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1"}}
NEAR = {"type": "host-local", "subnet": "fd00::/64", "gateway": "fe80::1"}
DASHED, COLONS = "02-00-5e-00-53-01", "02:00:5e:00:53:02"

WORKS: dict[str, dict[str, Any]] = {
    "a tap's MAC address that the one handed over replaces": main(
        "tap", mac=DASHED, runtimeConfig={"mac": COLONS}
    ),
    "a MAC address in dashes for who reads any notation": main(
        "macvlan", runtimeConfig={"mac": DASHED}
    ),
    "a small MTU without IPv6": main("macvlan", mtu=1000, ipam={**LOCAL, "routes": [ON_LINK]}),
    "sysctls of args beside others": chain(
        {"type": "bridge"}, {"type": "tuning", "sysctl": {}, "args": {"cni": SYSCTL}}
    ),
    "a link-local gateway that takes the place of the bridge's own address": main(
        "bridge", isGateway=True, forceAddress=True, ipam=NEAR
    ),
    "a key twice in two cases": main("ptp", ipMasq=None, ipmasq=False, ipam=LOCAL),
}

FAILS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a tap's MAC address handed over in dashes": (
        main("tap", runtimeConfig={"mac": DASHED}),
        "runtimeConfig.mac",
        "not-a-mac",
    ),
    "an IPv6 route where an MTU leaves no IPv6": (
        main("bridge", mtu=1279, ipam={**LOCAL, "routes": [{"dst": "fd09::/64"}]}),
        "mtu",
        "mtu-too-small-for-ipv6",
    ),
    "the same with static": (
        main("macvlan", mtu=1000, ipam={**STATIC, "routes": [{"dst": "::/0", "gw": "fe80::1"}]}),
        "mtu",
        "mtu-too-small-for-ipv6",
    ),
    "an IPv6 address of args where an MTU leaves no IPv6": (
        main("tap", mtu=1000, args={"cni": {"ips": ["fd00::5/64"]}}, ipam={"type": "static"}),
        "mtu",
        "mtu-too-small-for-ipv6",
    ),
    "tuning takes the MTU below what IPv6 needs": (
        chain({"type": "bridge", "ipam": V6}, {"type": "tuning", "mtu": 1000}),
        "plugins[1].mtu",
        "mtu-too-small-for-ipv6",
    ),
    "args that crash tuning": (
        chain({"type": "bridge"}, {"type": "tuning", "args": {"cni": SYSCTL}}),
        "plugins[1].sysctl",
        "missing-key",
    ),
    "ptp with addresses of args, which have no gateway": (
        main("ptp", args={"cni": {"ips": ["10.0.0.5/24"]}}, ipam={"type": "static"}),
        "args.cni.ips[0]",
        "gateway-missing",
    ),
    "ptp with addresses that pods ask for": (
        main("ptp", capabilities={"ips": True}, ipam={"type": "static"}),
        "ipam",
        "gateway-missing",
    ),
    "a link-local gateway on a bridge, which has an address there": (
        main("bridge", isGateway=True, ipam=NEAR),
        "ipam",
        "gateway-unusable",
    ),
    "a subnet that is null beside ranges": (
        main("macvlan", ipam={**LOCAL, "subnet": None, "ranges": [[{"subnet": "10.0.0.0/24"}]]}),
        "ipam.subnet",
        "not-a-cidr",
    ),
    "a key of two kinds in two cases": (
        main("ptp", ipMasq=1400, ipmasq=False, ipam=LOCAL),
        "ipMasq",
        "wrong-type",
    ),
}


@pytest.mark.parametrize("name", WORKS)
def test_what_works_is_accepted(name: str) -> None:
    assert network(WORKS[name]).errors == {}


@pytest.mark.parametrize("name", FAILS)
def test_what_cannot_work_is_refused(name: str) -> None:
    written, path, code = FAILS[name]
    found = network(written)
    assert found.code == 2
    assert found.errors.get(path) == code, found.findings


@pytest.mark.parametrize(
    "ipam",
    [
        {**LOCAL, "gateway": "0.0.0.0"},
        {"type": "host-local", "ranges": [[{"subnet": "10.0.0.0/24", "gateway": "0.0.0.0"}]]},
        {"type": "static", "addresses": [{"address": "10.0.0.5/24", "gateway": "0.0.0.0"}]},
        {"type": "whereabouts", "range": "10.0.0.0/24", "gateway": "0.0.0.0"},
    ],
)
def test_0000_is_no_gateway_outside_the_subnet(ipam: dict[str, Any]) -> None:
    assert "gateway-outside-subnet" not in network(main("bridge", ipam=ipam)).warnings.values()


def test_a_version_that_is_a_number_is_one_mistake() -> None:
    found = network({"type": "macvlan", "cniVersion": 1.0})
    assert (found.errors, found.warnings) == ({"cniVersion": "wrong-type"}, {})

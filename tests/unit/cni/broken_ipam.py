"""Configurations that break a rule of an IPAM: the code, and the path it is told at."""

from __future__ import annotations

from tests.unit.cni.cases import V6, Case, chain, ipam, main

IPAM: dict[str, Case] = {
    "host-local without range": (ipam("host-local"), "no-ranges", "ipam.subnet"),
    "host-local empty set": (ipam("host-local", ranges=[[]]), "no-ranges", "ipam.ranges[0]"),
    "host-local host bits": (
        ipam("host-local", subnet="10.0.0.1/24"),
        "subnet-host-bits",
        "ipam.subnet",
    ),
    "host-local small": (
        ipam("host-local", subnet="10.0.0.0/31"),
        "subnet-too-small",
        "ipam.subnet",
    ),
    "host-local small IPv6": (
        ipam("host-local", subnet="fd00::/127"),
        "subnet-too-small",
        "ipam.subnet",
    ),
    "host-local start": (
        ipam("host-local", subnet="10.0.0.0/24", rangeStart="10.0.1.5"),
        "address-outside-subnet",
        "ipam.rangeStart",
    ),
    "host-local start of another family": (
        ipam("host-local", subnet="10.0.0.0/24", rangeStart="fd00::5"),
        "address-outside-subnet",
        "ipam.rangeStart",
    ),
    "host-local order": (
        ipam("host-local", subnet="10.0.0.0/24", rangeStart="10.0.0.9", rangeEnd="10.0.0.5"),
        "range-order",
        "ipam.rangeStart",
    ),
    "host-local only the gateway": (
        ipam("host-local", subnet="10.0.0.0/24", rangeEnd="10.0.0.1"),
        "range-exhausted",
        "ipam.subnet",
    ),
    "host-local mixed": (
        ipam("host-local", ranges=[[{"subnet": "10.0.0.0/24"}, {"subnet": "fd00::/64"}]]),
        "mixed-families",
        "ipam.ranges[0][1].subnet",
    ),
    "host-local overlap": (
        ipam("host-local", ranges=[[{"subnet": "10.0.0.0/24"}], [{"subnet": "10.0.0.128/25"}]]),
        "ranges-overlap-inside",
        "ipam.ranges[1][0].subnet",
    ),
    "host-local IPv4 written as IPv6": (
        ipam("host-local", subnet="::ffff:10.0.0.0/120"),
        "not-a-cidr",
        "ipam.subnet",
    ),
    "host-local nearest key": (
        ipam("host-local", subnet="10.0.0.0/24", gatway="10.0.0.1"),
        "unknown-key",
        "ipam.gatway",
    ),
    "route host bits": (
        ipam("host-local", subnet="10.0.0.0/24", routes=[{"dst": "10.1.0.1/16"}]),
        "route-host-bits",
        "ipam.routes[0].dst",
    ),
    "route family": (
        ipam("host-local", subnet="10.0.0.0/24", routes=[{"dst": "10.1.0.0/16", "gw": "fd00::1"}]),
        "route-gateway-family",
        "ipam.routes[0].gw",
    ),
    "route gateway": (
        ipam("host-local", subnet="10.0.0.0/24", routes=[{"dst": "10.1.0.0/16", "gw": "10.2.0.1"}]),
        "route-gateway-unreachable",
        "ipam.routes[0].gw",
    ),
    "route through a gateway outside": (
        ipam("host-local", subnet="10.0.0.0/24", gateway="10.9.0.1", routes=[{"dst": "0.0.0.0/0"}]),
        "route-gateway-unreachable",
        "ipam.routes[0].dst",
    ),
    "route with scope link and a gateway": (
        ipam("host-local", subnet="10.0.0.0/24", routes=[{"dst": "10.1.0.0/16", "scope": 253}]),
        "route-scope",
        "ipam.routes[0].scope",
    ),
    "route through the broadcast address": (
        ipam(
            "static",
            addresses=[{"address": "10.0.0.5/24"}],
            routes=[{"dst": "10.1.0.0/16", "gw": "10.0.0.255"}],
        ),
        "route-gateway-unreachable",
        "ipam.routes[0].gw",
    ),
    "ptp with a gateway of another family": (
        main(
            "ptp",
            ipam={
                "type": "static",
                "addresses": [{"address": "10.0.0.5/24", "gateway": "fd00::1"}],
            },
        ),
        "gateway-unusable",
        "ipam",
    ),
    "tap mtu": (main("tap", mtu=65535), "mtu-out-of-range", "mtu"),
    "tuning after loopback": (
        chain({"type": "loopback"}, {"type": "tuning", "mtu": 1400}),
        "chained-plugin-first",
        "plugins[1].type",
    ),
    "route twice": (
        ipam("host-local", subnet="10.0.0.0/24", routes=[{"dst": "10.1.0.0/16"}] * 2),
        "duplicate-route",
        "ipam.routes[1].dst",
    ),
    "static address": (
        ipam("static", addresses=[{"address": "10.0.0.5"}]),
        "not-a-cidr",
        "ipam.addresses[0].address",
    ),
    "static twice": (
        ipam("static", addresses=[{"address": "10.0.0.5/24"}] * 2),
        "duplicate-address",
        "ipam.addresses[1].address",
    ),
    "static IPv6 multicast": (
        ipam("static", addresses=[{"address": "ff02::5/64"}]),
        "multicast-address",
        "ipam.addresses[0].address",
    ),
    "static IPv6 on a small MTU": (
        main("macvlan", mtu=1200, ipam=V6),
        "mtu-too-small-for-ipv6",
        "mtu",
    ),
    "static, two of a family in an old version": (
        {
            "cniVersion": "0.2.0",
            "type": "macvlan",
            "ipam": {
                "type": "static",
                "addresses": [{"address": "10.0.0.5/24"}, {"address": "10.0.0.6/24"}],
            },
        },
        "old-cni-version",
        "ipam",
    ),
    "no addresses in an old version": ({"type": "macvlan"}, "old-cni-version", "(file)"),
    "dhcp option": (
        ipam("dhcp", provide=[{"option": "hostname"}]),
        "unknown-dhcp-option",
        "ipam.provide[0].option",
    ),
    "dhcp option number": (
        ipam("dhcp", request=[{"option": "256"}]),
        "unknown-dhcp-option",
        "ipam.request[0].option",
    ),
    "dhcp routes": (ipam("dhcp", routes=[{"dst": "0.0.0.0/0"}]), "unknown-key", "ipam.routes"),
    "whereabouts range": (ipam("whereabouts", range="10.0.0.0"), "not-a-range", "ipam.range"),
    "whereabouts small": (
        ipam("whereabouts", range="10.0.0.0/31"),
        "subnet-too-small",
        "ipam.range",
    ),
    "whereabouts start in the text": (
        ipam("whereabouts", range="10.0.1.5-10.0.0.9/24"),
        "address-outside-subnet",
        "ipam.range",
    ),
    "whereabouts start, silently ignored": (
        ipam("whereabouts", range="10.0.0.0/24", range_start="10.0.1.5"),
        "address-outside-subnet",
        "ipam.range_start",
    ),
    "whereabouts order": (
        ipam("whereabouts", range="10.0.0.9-10.0.0.5/24"),
        "range-order",
        "ipam.range",
    ),
    "whereabouts all excluded": (
        ipam("whereabouts", range="10.0.0.0/28", exclude=["10.0.0.0/24"]),
        "range-exhausted",
        "ipam.exclude",
    ),
    "whereabouts exclusion": (
        ipam("whereabouts", range="10.0.0.0/28", exclude=["10.0.0.0-10.0.0.5"]),
        "not-a-cidr",
        "ipam.exclude[0]",
    ),
    "whereabouts second range": (
        ipam("whereabouts", ipRanges=[{"range": "10.0.0.0/24", "range_end": "10.0.9.9"}]),
        "address-outside-subnet",
        "ipam.ipRanges[0].range_end",
    ),
}

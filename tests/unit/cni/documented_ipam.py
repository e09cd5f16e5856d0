"""IPAM configurations as the plugins' own documentation shows them, in their shape and keys."""

from __future__ import annotations

from typing import Any


def whereabouts(**ipam: Any) -> dict[str, Any]:
    conf = {"cniVersion": "0.3.0", "name": "example", "type": "macvlan", "master": "eth0"}
    return {**conf, "mode": "bridge", "ipam": {"type": "whereabouts", **ipam}}


ACCEPTED: dict[str, dict[str, Any]] = {
    "host-local with range sets": {
        "cniVersion": "0.3.1",
        "type": "macvlan",
        "master": "eth0",
        "ipam": {
            "type": "host-local",
            "ranges": [
                [
                    {
                        "subnet": "10.10.0.0/16",
                        "rangeStart": "10.10.1.20",
                        "rangeEnd": "10.10.3.50",
                        "gateway": "10.10.0.254",
                    },
                    {"subnet": "172.16.5.0/24"},
                ],
                [
                    {
                        "subnet": "3ffe:ffff:0:01ff::/64",
                        "rangeStart": "3ffe:ffff:0:01ff::0010",
                        "rangeEnd": "3ffe:ffff:0:01ff::0020",
                    }
                ],
            ],
            "routes": [
                {"dst": "0.0.0.0/0"},
                {"dst": "192.168.0.0/16", "gw": "10.10.5.1"},
                {"dst": "3ffe:ffff:0:01ff::1/64"},
            ],
            "dataDir": "/run/my-orchestrator/container-ipam-state",
        },
    },
    "host-local with one range": {
        "cniVersion": "0.3.1",
        "type": "macvlan",
        "ipam": {
            "type": "host-local",
            "subnet": "3ffe:ffff:0:01ff::/64",
            "rangeStart": "3ffe:ffff:0:01ff::0010",
            "rangeEnd": "3ffe:ffff:0:01ff::0020",
            "routes": [{"dst": "3ffe:ffff:0:01ff::1/64"}],
            "resolvConf": "/etc/resolv.conf",
        },
    },
    "dhcp": {
        "cniVersion": "0.3.1",
        "type": "macvlan",
        "ipam": {
            "type": "dhcp",
            "daemonSocketPath": "/run/cni/dhcp.sock",
            "request": [{"skipDefault": False}],
            "provide": [{"option": "host-name", "fromArg": "K8S_POD_NAME"}],
        },
    },
    "whereabouts with exclusions": whereabouts(
        range="192.168.2.225/28", exclude=["192.168.2.229/30", "192.168.2.236/32"]
    ),
    "whereabouts with IPv6, gateway outside": whereabouts(range="2001::0/116", gateway="2001::f:1"),
    "whereabouts with several ranges": whereabouts(
        ipRanges=[{"range": "192.168.10.1/24"}, {"range": "176.168.10.1/16"}], range="abcd::1/64"
    ),
    "whereabouts from first to last": whereabouts(range="192.168.2.225-192.168.2.230/28"),
    "whereabouts with its old etcd keys": whereabouts(
        etcd_host="etcd.example.net:2379",
        range="192.168.2.225/28",
        exclude=["192.168.2.229/30", "192.168.2.236/32"],
        log_file="/tmp/whereabouts.log",
        log_level="debug",
        gateway="192.168.2.1",
    ),
    "whereabouts with books of its own": whereabouts(
        range="192.168.2.0/24",
        network_name="network-with-independent-allocation",
        enable_overlapping_ranges=True,
    ),
}

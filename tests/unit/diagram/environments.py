"""Environments to draw: few networks, many, many links, long names."""

from __future__ import annotations

from typing import Any

from multinet.stack import StackSettings
from multinet.stack.load import check_config


def settings(
    networks: dict[str, Any], nodes: dict[str, Any] | None = None, **primary: Any
) -> StackSettings:
    config = {"networks": networks, "nodes": nodes or {}, "primaryCni": primary}
    checked, findings = check_config(config)
    assert checked is not None, findings
    return checked


def macvlan(master: str, subnet: str, **network: Any) -> dict[str, Any]:
    ipam = {"type": "whereabouts", "range": subnet}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": master, "ipam": ipam}
    return {"config": config, **network}


def bridge(name: str, subnet: str, **keys: Any) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": subnet}
    return {
        "config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": name, "ipam": ipam, **keys}
    }


def few() -> StackSettings:
    networks = {
        "storage": macvlan("eth1.200", "10.20.0.0/24", nodeSelector={"disk": "ssd"}),
        "lan": macvlan("eth0", "10.10.0.0/28"),
        "own": bridge("br1", "10.30.0.0/24"),
    }
    nodes = {
        "a": {"labels": {"disk": "ssd"}},
        "b": {},
        "c": {"links": {"eth0": {"mtu": 9000}}},
        "d": {},
    }
    return settings(networks, nodes)


def blocks() -> StackSettings:
    ranges = [[{"subnet": "10.50.0.0/22"}], [{"subnet": "fd00:50::/64"}]]
    ipam = {"type": "host-local", "ranges": ranges}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam}
    per_node = {"blockSize": 26, "blockSizeIpv6": 112, "nodes": {"c": {"master": "ens5"}}}
    return settings({"lan": {"config": config, "perNode": per_node}})


def vlans(number: int) -> StackSettings:
    return settings(
        {
            f"net-{i:03}": macvlan(f"eth1.{i + 1}", f"10.{i // 250}.{i % 250}.0/24")
            for i in range(number)
        },
        {f"worker-{i}": {"labels": {"rank": str(i)}} for i in range(3)},
    )


def bridges(number: int) -> StackSettings:
    return settings({f"net-{i}": bridge(f"br-{i}", f"10.9.{i}.0/24") for i in range(number)})


def long_names() -> StackSettings:
    name = "a" + "w" * 62
    pool = "2001:db8:1111:2222:3333:4444:5555::/112"
    many = {"type": "whereabouts", "ipRanges": [{"range": f"fd00:{i:x}::/64"} for i in range(9)]}
    networks = {
        name: macvlan("eth0", pool, namespace="m" * 63, nodeSelector={"w" * 60: "m" * 60}),
        "many": {
            "config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "W" * 15, "ipam": many}
        },
        "unknown": {"config": {"cniVersion": "1.0.0", "type": "in-house-plugin-of-ours"}},
        "pf": {
            "resourceName": "example.com/" + "M" * 60,
            "config": {"cniVersion": "1.0.0", "type": "sriov"},
        },
    }
    return settings(
        networks,
        {"w" * 63: {}, "m" * 63: {}, **{f"n{i}": {"labels": {"x": "y"}} for i in range(9)}},
    )


ALL = {
    "none": lambda: settings({}),
    "few": few,
    "sixty VLANs": lambda: vlans(60),
    "hundreds of VLANs": lambda: vlans(300),
    "sixty bridges": lambda: bridges(60),
    "long names": long_names,
}

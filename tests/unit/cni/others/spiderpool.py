"""spiderpool and its coordinator: its pages' configurations in shape, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import BRIDGE, Case, chain, ipam, main


def _spiderpool(*more: dict[str, Any], **keys: Any) -> dict[str, Any]:
    macvlan = {"type": "macvlan", "master": "ens192", "mode": "bridge"}
    first = {**macvlan, "ipam": {"type": "spiderpool", **keys}}
    return {"cniVersion": "0.3.1", "name": "macvlan-ens192", "plugins": [first, *more]}


def _coordinator(**keys: Any) -> dict[str, Any]:
    return chain(BRIDGE, {"type": "coordinator", **keys})


DOCUMENTED: dict[str, dict[str, Any]] = {
    "spiderpool with its coordinator": _spiderpool({"type": "coordinator"}),
    "spiderpool with pools": _spiderpool(
        log_file_path="/var/log/spidernet/spiderpool.log",
        log_file_max_size=100,
        log_file_max_age=30,
        log_file_max_count=7,
        log_level="INFO",
        default_ipv4_ippool=["pool-a", "pool-b"],
        default_ipv6_ippool=["pool-c"],
    ),
    "coordinator with routes": _spiderpool(
        {
            "type": "coordinator",
            "mode": "overlay",
            "policyRoutes": [{"dst": "10.10.0.0/16", "gw": "172.18.0.1"}],
            "overlayPodCIDR": ["10.233.64.0/18"],
            "serviceCIDR": ["10.233.0.0/18", "fd85::/108"],
            "hijackCIDR": ["169.254.0.0/16"],
            "podMACPrefix": "0a:1b",
            "podDefaultRouteNic": "net1",
            "podRPFilter": 0,
            "txQueueLen": 1000,
            "tunePodRoutes": True,
        }
    ),
}

BROKEN: dict[str, Case] = {
    "coordinator alone": (main("coordinator"), "chained-plugin-first", "type"),
    "coordinator mode": (_coordinator(mode="overlays"), "unknown-value", "plugins[1].mode"),
    "coordinator network": (
        _coordinator(serviceCIDR=["10.96.0.0"]),
        "not-a-cidr",
        "plugins[1].serviceCIDR[0]",
    ),
    "coordinator octets": (
        _coordinator(podMACPrefix="01:00"),
        "not-a-mac",
        "plugins[1].podMACPrefix",
    ),
    "coordinator route": (
        _coordinator(policyRoutes=[{"dst": "10.9.0.0/16", "gw": "fd00::1"}]),
        "route-gateway-family",
        "plugins[1].policyRoutes[0].gw",
    ),
    "coordinator veth": (_coordinator(vethMTU=0), "wrong-value", "plugins[1].vethMTU"),
    "coordinator veth's address": (
        _coordinator(vethLinkAddress="fe80::1"),
        "not-an-address",
        "plugins[1].vethLinkAddress",
    ),
    "coordinator log without level": (
        _coordinator(logOptions={"logFile": "/var/log/c.log"}),
        "missing-key",
        "plugins[1].logOptions.logLevel",
    ),
    "coordinator filter": (_coordinator(podRPFilter=3), "wrong-value", "plugins[1].podRPFilter"),
    "spiderpool in a new version": (
        {**ipam("spiderpool"), "cniVersion": "1.1.0"},
        "cni-version-too-new",
        "ipam.type",
    ),
    "spiderpool in an old version": (
        {**ipam("spiderpool"), "cniVersion": "0.2.0"},
        "cni-version-too-old",
        "ipam.type",
    ),
    "spiderpool's pool as a string": (
        ipam("spiderpool", default_ipv4_ippool="a"),
        "wrong-type",
        "ipam.default_ipv4_ippool",
    ),
    "spiderpool's log as its page has it": (
        ipam("spiderpool", log_file_max_size="100"),
        "wrong-type",
        "ipam.log_file_max_size",
    ),
    "spiderpool's level": (
        ipam("spiderpool", log_level="verbose"),
        "unknown-value",
        "ipam.log_level",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "coordinator's keys of old": (
        chain(BRIDGE, {"type": "coordinator", "detectGateway": True}),
        "no-effect",
        "plugins[1].detectGateway",
    ),
}

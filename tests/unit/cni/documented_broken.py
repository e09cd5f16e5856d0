"""Configurations that are documented and fail: seen with the plugins (spiderpool, whereabouts: read)."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.documented import FIREWALLED, PTP
from tests.unit.cni.documented_ipam import whereabouts

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "bridge: portIsolation as a string": (
        {"cniVersion": "1.0.0", "type": "bridge", "portIsolation": "true"},
        "wrong-type",
    ),
    "firewall below its least version": (
        {"cniVersion": "0.3.1", "name": "x", "plugins": [FIREWALLED, {"type": "firewall"}]},
        "cni-version-too-old",
    ),
    "portmap: both ways to mark": (
        {
            "cniVersion": "0.3.1",
            "plugins": [
                PTP,
                {"type": "portmap", "markMasqBit": 13, "externalSetMarkChain": "CNI-SETMARK"},
            ],
        },
        "options-exclude-each-other",
    ),
    "tuning alone": (
        {"cniVersion": "1.0.0", "name": "mytuning", "type": "tuning", "mtu": 1454},
        "chained-plugin-first",
    ),
    "static: a route that the kernel refuses": (
        {
            "cniVersion": "1.0.0",
            "type": "macvlan",
            "ipam": {
                "type": "static",
                "addresses": [{"address": "10.10.0.1/24", "gateway": "10.10.0.254"}],
                "routes": [{"dst": "192.168.0.0/16", "gw": "10.10.5.1"}],
            },
        },
        "route-gateway-unreachable",
    ),
    "ovs: no addresses and no cniVersion": (
        {"name": "mynet", "type": "ovs", "bridge": "mynet0", "vlan": 100},
        "old-cni-version",
    ),
    "spiderpool: sizes and ages as strings": (
        {
            "cniVersion": "0.3.1",
            "type": "macvlan",
            "ipam": {"type": "spiderpool", "log_file_max_size": "100", "log_file_max_age": "30"},
        },
        "wrong-type",
    ),
    "whereabouts: slices larger than the range": (
        whereabouts(range="192.168.2.0/24", node_slice_size="/22"),
        "slice-larger-than-range",
    ),
}
"""What is documented and fails: seen with the plugins v1.9.1 (spiderpool, whereabouts: read)."""

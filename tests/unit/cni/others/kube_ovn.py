"""kube-ovn, the plugin and the IPAM plugin: documented shapes, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import Case, ipam, main

_SOCKET = "/run/openvswitch/kube-ovn-daemon.sock"

DOCUMENTED: dict[str, dict[str, Any]] = {
    "kube-ovn before sbr, which needs addresses": {
        "cniVersion": "1.0.0",
        "plugins": [
            {"type": "kube-ovn", "server_socket": _SOCKET, "provider": "n.default.ovn"},
            {"type": "sbr"},
        ],
    },
    "kube-ovn": {
        "cniVersion": "0.3.0",
        "type": "kube-ovn",
        "server_socket": _SOCKET,
        "provider": "attachnet.default.ovn",
    },
    "kube-ovn's addresses": {
        "cniVersion": "0.3.0",
        "type": "macvlan",
        "master": "eth0",
        "mode": "bridge",
        "ipam": {
            "type": "kube-ovn",
            "server_socket": _SOCKET,
            "provider": "macvlan.default",
            "routes": [{"dst": "19.10.0.0/16", "gw": "10.0.0.254"}],
        },
    },
}

BROKEN: dict[str, Case] = {
    "kube-ovn without socket": (main("kube-ovn"), "missing-key", "server_socket"),
    "kube-ovn's addresses without socket": (
        ipam("kube-ovn", provider="n.default"),
        "missing-key",
        "ipam.server_socket",
    ),
}

DOUBTFUL: dict[str, Case] = {}

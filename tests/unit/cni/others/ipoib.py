"""ipoib: its README's configuration in shape and keys, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import Case, main

_RANGE = {
    "type": "host-local",
    "subnet": "10.57.2.0/24",
    "rangeStart": "10.57.2.10",
    "rangeEnd": "10.57.2.216",
    "gateway": "10.57.2.1",
}

DOCUMENTED: dict[str, dict[str, Any]] = {
    "ipoib": {
        "cniVersion": "0.3.1",
        "type": "ipoib",
        "master": "ib0",
        "ipam": {**_RANGE, "routes": [{"dst": "0.0.0.0/0"}]},
    },
    "ipoib without addresses": {
        "cniVersion": "0.3.1",
        "type": "ipoib",
        "master": "ib0.8001",
        "ipam": {},
    },
}

BROKEN: dict[str, Case] = {
    "ipoib without its link": (main("ipoib"), "missing-key", "master"),
    "ipoib with dhcp": (
        main("ipoib", master="ib0", ipam={"type": "dhcp"}),
        "ipam-refused",
        "ipam.type",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "ipoib's documented mtu": (main("ipoib", master="ib0", mtu=2044), "no-effect", "mtu"),
}

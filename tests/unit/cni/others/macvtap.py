"""macvtap-cni: its README's configuration in shape and keys, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import STATIC, Case, main

DOCUMENTED: dict[str, dict[str, Any]] = {
    "macvtap": {"cniVersion": "0.3.1", "name": "dataplane", "type": "macvtap", "mtu": 1500},
}

BROKEN: dict[str, Case] = {
    "macvtap in a new version": (main("macvtap"), "cni-version-too-new", "cniVersion"),
    "macvtap owner by name": (main("macvtap", owner="qemu"), "wrong-type", "owner"),
}

DOUBTFUL: dict[str, Case] = {
    "macvtap's documented mac": (
        {**main("macvtap", mac="02:00:00:00:00:01"), "cniVersion": "0.4.0"},
        "no-effect",
        "mac",
    ),
    "macvtap's addresses": (
        {**main("macvtap", ipam=STATIC), "cniVersion": "0.4.0"},
        "no-effect",
        "ipam",
    ),
}

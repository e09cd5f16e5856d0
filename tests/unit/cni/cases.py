"""Shapes of which the tables of cases are made."""

from __future__ import annotations

from typing import Any

Case = tuple[dict[str, Any], str, str]


def main(kind: str, **keys: Any) -> dict[str, Any]:
    return {"cniVersion": "1.0.0", "type": kind, **keys}


def ipam(kind: str, **keys: Any) -> dict[str, Any]:
    return main("macvlan", master="eth0", ipam={"type": kind, **keys})


def chain(*plugins: dict[str, Any], version: str = "1.0.0") -> dict[str, Any]:
    return {"cniVersion": version, "plugins": list(plugins)}


STATIC = {"type": "static", "addresses": [{"address": "10.0.0.5/24"}]}
V6 = {"type": "static", "addresses": [{"address": "fd00::5/64"}]}
BRIDGE: dict[str, Any] = {"type": "bridge", "ipam": {"type": "host-local", "subnet": "10.0.0.0/24"}}
MACVLAN = {"type": "macvlan", "master": "eth0"}

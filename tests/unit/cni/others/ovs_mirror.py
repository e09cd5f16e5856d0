"""ovs-mirror-producer and -consumer: ovs-cni's page in shape, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import BRIDGE, STATIC, Case, chain

_OVS = {"type": "ovs", "bridge": "br1"}


def _mirrored(kind: str, *mirrors: dict[str, Any]) -> dict[str, Any]:
    mirror = {"type": kind, "bridge": "br1", "mirrors": list(mirrors)}
    return {"cniVersion": "0.4.0", "plugins": [{**_OVS, "vlan": 100}, mirror]}


def _mirror(kind: str, **keys: Any) -> dict[str, Any]:
    return chain(_OVS, {"type": f"ovs-mirror-{kind}", "bridge": "br1", **keys})


DOCUMENTED: dict[str, dict[str, Any]] = {
    "ovs-mirror-producer": _mirrored(
        "ovs-mirror-producer",
        {"name": "mirror-1", "ingress": True, "egress": True},
        {"name": "mirror-2", "ingress": True},
    ),
    "ovs-mirror-consumer": _mirrored("ovs-mirror-consumer", {"name": "mirror-1"}),
}

BROKEN: dict[str, Case] = {
    "ovs mirror of nothing": (
        _mirror("producer", mirrors=[{"name": "m"}]),
        "mirror-of-nothing",
        "plugins[1].mirrors[0]",
    ),
    "ovs mirror without name": (
        _mirror("consumer", mirrors=[{"name": ""}]),
        "wrong-value",
        "plugins[1].mirrors[0].name",
    ),
    "ovs mirror of another bridge": (
        chain(_OVS, {"type": "ovs-mirror-consumer", "bridge": "br2", "mirrors": [{"name": "m"}]}),
        "mirror-of-another-bridge",
        "plugins[1].bridge",
    ),
    "ovs mirror after bridge": (
        chain(BRIDGE, {"type": "ovs-mirror-consumer", "mirrors": [{"name": "m"}]}),
        "mirror-of-another-bridge",
        "plugins[1].type",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "ovs mirror's consumer says what to copy": (
        chain(
            {"type": "ovs", "bridge": "br1"},
            {"type": "ovs-mirror-consumer", "mirrors": [{"name": "m", "ingress": True}]},
        ),
        "no-effect",
        "plugins[1].mirrors[0].ingress",
    ),
    "ovs mirror hides the addresses": (
        chain(
            {"type": "ovs", "bridge": "br1", "ipam": STATIC},
            {"type": "ovs-mirror-consumer", "mirrors": [{"name": "m"}]},
        ),
        "addresses-unreported",
        "plugins[1].type",
    ),
}

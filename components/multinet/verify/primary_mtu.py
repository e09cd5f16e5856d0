"""The MTU of pods' eth0, against the one that their primary CNI is set to. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Severity
from multinet.names import stack_key

_PATH = (stack_key("primaryCni"), "mtu")
_LARGEST = 9216
"""Bytes: the largest frame that network cards and switches are built for."""


@dataclasses.dataclass(frozen=True)
class KnownMtu:
    """What the primary CNI gives eth0.

    Attributes:
        value: bytes; 0: not known, it finds out by itself.
        source: where that is written.
        declared: whether the stack says so; else the cluster.
    """

    value: int = 0
    source: str = ""
    declared: bool = False


def known_mtu(
    declared: int,
    cilium: Mapping[str, Any],
    calico: Mapping[str, Any],
    installations: Sequence[Mapping[str, Any]],
) -> KnownMtu:
    """The MTU that is declared, else the one that the running primary is configured with.

    Args:
        declared: primaryCni.mtu, bytes; 0: none.
        cilium: data of ConfigMap cilium-config (its chart, 1.20), whose `mtu` is that of eth0;
            the encapsulation's share is taken off its routes alone.
        calico: data of ConfigMap calico-config (Calico's manifests, 3.31), of whose `veth_mtu`
            "0" means that it is found.
        installations: of Calico's operator; the status has what it found.
    """
    if declared:
        return KnownMtu(declared, "primaryCni.mtu", declared=True)
    if mtu := _bytes(cilium.get("mtu")):
        return KnownMtu(mtu, "ConfigMap cilium-config")
    for one in installations:
        if mtu := _bytes((one.get("status") or {}).get("mtu")):
            return KnownMtu(mtu, "Calico's Installation")
    if mtu := _bytes(calico.get("veth_mtu")):
        return KnownMtu(mtu, "ConfigMap calico-config")
    return KnownMtu()


def mtu_findings(node: str, mtu: int | None, known: KnownMtu) -> Iterator[Finding]:
    """What is wrong with the MTU of a new pod's eth0; None: not seen."""
    if mtu is None:
        return
    if known.value and mtu != known.value:
        rule = f"eth0 of a pod on {node} has MTU {mtu}; {known.source} says {known.value}"
        way_out = "restart the primary CNI's agents: they read it when they start"
        severity = Severity.ERROR if known.declared else Severity.WARNING
        yield Finding("live-primary-mtu", _PATH, rule, way_out, mtu, severity)
    elif not known.value and mtu > _LARGEST:
        rule = (
            f"eth0 of a pod on {node} has MTU {mtu}, which no network card carries: the primary CNI"
            " took another link than the uplink for the node's"
        )
        way_out = (
            "name the uplink (primaryCni.cilium.devices), or set primaryCni.mtu to the uplink's,"
            " less the encapsulation's share"
        )
        yield Finding("live-primary-mtu", _PATH, rule, way_out, mtu, Severity.WARNING)


def differing(mtus: Mapping[str, int | None]) -> Iterator[Finding]:
    """Nodes whose pods' eth0 have different MTUs. `mtus`: node → bytes; None: not seen."""
    by_mtu: dict[int, list[str]] = {}
    for node, mtu in mtus.items():
        if mtu is not None:
            by_mtu.setdefault(mtu, []).append(node)
    if len(by_mtu) > 1:
        told = ", ".join(f"{mtu} on {names[0]}" for mtu, names in sorted(by_mtu.items()))
        rule = f"pods' eth0 have different MTUs: {told}: what the larger ones send may not arrive"
        way_out = "give the nodes' uplinks one MTU, or set primaryCni.mtu to what all of them carry"
        yield Finding("live-primary-mtu", _PATH, rule, way_out, None, Severity.WARNING)


def _bytes(value: Any) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0

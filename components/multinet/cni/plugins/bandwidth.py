"""bandwidth: limits what goes in and out of a pod, at the node's end of its veth pair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.findings import Finding, Severity
from multinet.findings.part import apart

Bits = Annotated[int, Field(ge=0, le=2**64 - 1)]
"""Bits, or bits per second; 0: no limit."""

_BURST_END = 8 * (2**32 - 1)


def limit_findings(way: str, rate: int | None, burst: int | None) -> Iterator[Finding]:
    """What the plugin refuses of one way's limit, `ingress` or `egress`; 0 and None: absent."""
    if bool(rate) != bool(burst):
        given, absent = ("Rate", "Burst") if rate else ("Burst", "Rate")
        rule = f"'{way}{given}' needs '{way}{absent}' above 0 beside it"
        way_out = f"add {way}{absent}"
        yield Finding("rate-without-burst", (way + given,), rule, way_out, rate or burst)
    if (burst or 0) >= _BURST_END:
        rule = f"must be under {_BURST_END} bits (4 GiB)"
        yield Finding("burst-too-large", (f"{way}Burst",), rule, "lower it", burst)


class Bandwidth(PluginConf):
    """bandwidth of the CNI reference plugins v1.9.1; chained.

    Rate and burst come together; 0 or absent: no limit. Absent altogether, a pod's own request
    counts (capability `bandwidth`).
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    MIN_CNI_VERSION: ClassVar[str] = "0.3.0"
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/bandwidth"

    type: Literal["bandwidth"] = "bandwidth"
    ingress_rate: Bits | None = None
    """Bit/s into the pod."""
    ingress_burst: Bits | None = None
    """Bits, under 4 GiB."""
    egress_rate: Bits | None = None
    """Bit/s out of the pod."""
    egress_burst: Bits | None = None
    """Bits, under 4 GiB."""

    @property
    def limits(self) -> bool:
        """Whether it limits every pod, asked or not."""
        return bool(self.ingress_rate or self.egress_rate)

    def rules(self) -> Iterator[Finding]:
        """Rate and burst together; a burst that the kernel's counter holds."""
        yield from apart(
            super().rules(),
            lambda: limit_findings("ingress", self.ingress_rate, self.ingress_burst),
            lambda: limit_findings("egress", self.egress_rate, self.egress_burst),
        )

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """It limits the node's end of a pair."""
        made = next((p for p in before if p.MAKES_INTERFACE), None)
        asked = bool((self.capabilities or {}).get("bandwidth"))
        if made is None or made.VETH is not False or not (self.limits or asked):
            return
        rule = f"bandwidth limits the node's end of a veth pair, and {made.type} makes none"
        way_out = "use it after bridge or ptp"
        severity = Severity.ERROR if self.limits else Severity.WARNING
        yield Finding("bandwidth-without-veth", ("type",), rule, way_out, self.type, severity)

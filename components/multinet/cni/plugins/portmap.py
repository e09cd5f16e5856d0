"""portmap: ports of the node that lead to ports of a pod."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import ChainName
from multinet.findings import Finding, Severity
from multinet.findings.part import apart


class Portmap(PluginConf):
    """portmap of the CNI reference plugins v1.9.1; chained.

    The ports come from the pod's annotation (capability `portMappings`).
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/portmap"

    type: Literal["portmap"] = "portmap"
    backend: Literal["iptables", "nftables"] | None = None
    """iptables or nftables (iptables where there is one)."""
    snat: bool | None = None
    """Masquerade traffic from the node itself (true)."""
    masq_all: bool | None = None
    """Masquerade all of it (false)."""
    mark_masq_bit: Annotated[int, Field(ge=0, le=31)] | None = None
    """0 to 31 (13), or `externalSetMarkChain`; of iptables only."""
    external_set_mark_chain: ChainName | None = None
    """Another's chain that marks what is masqueraded; of iptables only."""
    conditions_v4: list[str] | None = None
    """More matches of IPv4, in the backend's own words."""
    conditions_v6: list[str] | None = None
    """The same of IPv6."""

    def rules(self) -> Iterator[Finding]:
        """One way to mark packets, and all of it in one backend's words."""
        yield from apart(super().rules(), self._marks(), self._words(), self._unsaid())

    def _marks(self) -> Iterator[Finding]:
        if self.mark_masq_bit is not None and self.external_set_mark_chain is not None:
            rule = "'markMasqBit' and 'externalSetMarkChain' exclude each other"
            path = ("externalSetMarkChain",)
            yield Finding("options-exclude-each-other", path, rule, "keep one of them")

    def _told(self) -> dict[str, str]:
        """Key → the backend in whose words it is; empty: in none's."""
        return {
            "externalSetMarkChain": "iptables" if self.external_set_mark_chain is not None else "",
            "conditionsV4": _words_of(self.conditions_v4),
            "conditionsV6": _words_of(self.conditions_v6),
        }

    def _words(self) -> Iterator[Finding]:
        told = self._told()
        backend: str = self.backend or next((b for b in told.values() if b), "")
        for key, words in told.items():
            if words and words != backend:
                why = "the backend" if self.backend else "what comes before"
                rule = f"is in the words of {words}; {why} says {backend}"
                yield Finding("portmap-backend", (key,), rule, f"use {backend}'s words, or {words}")

    def _unsaid(self) -> Iterator[Finding]:
        if not self.backend and next((b for b in self._told().values() if b), "") == "nftables":
            rule = "without 'backend', nodes that have iptables use it and refuse nftables' words"
            path, way_out = ("backend",), 'add "backend": "nftables"'
            yield Finding("portmap-backend", path, rule, way_out, None, Severity.WARNING)


def _words_of(conditions: Sequence[str] | None) -> str:
    """Whose language the conditions are in, as the plugin tells: by the first character."""
    if not conditions or not conditions[0]:
        return ""
    return "iptables" if conditions[0][0] in "-!" else "nftables"

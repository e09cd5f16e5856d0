"""What authors write of portmap. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Portmap(Plugin):
    """portmap of the CNI reference plugins v1.9.1; chained."""

    TYPE: ClassVar[str] = "portmap"

    backend: Input[Literal["iptables", "nftables"]] | None = None
    """iptables or nftables (iptables where there is one)."""

    snat: Input[bool] | None = None
    """Masquerade traffic from the node itself (true)."""

    masq_all: Input[bool] | None = None
    """Masquerade all of it (false)."""

    mark_masq_bit: Input[int] | None = None
    """0 to 31 (13), or `externalSetMarkChain`; of iptables only."""

    external_set_mark_chain: Input[str] | None = None
    """Another's chain that marks what is masqueraded; of iptables only."""

    conditions_v4: Input[Sequence[Input[str]]] | None = None
    """More matches of IPv4, in the backend's own words."""

    conditions_v6: Input[Sequence[Input[str]]] | None = None
    """The same of IPv6."""

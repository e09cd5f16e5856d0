"""What authors write of ptp. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ptp(Plugin):
    """ptp of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "ptp"

    ip_masq: Input[bool] | None = None
    """Masquerade what leaves the subnet (false)."""

    ip_masq_backend: Input[Literal["iptables", "nftables"]] | None = None
    """iptables where there is one, else nftables."""

    mtu: Input[int] | None = None
    """Bytes; 0: the kernel's."""

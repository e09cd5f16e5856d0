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
    ip_masq_backend: Input[Literal["iptables", "nftables"]] | None = None
    mtu: Input[int] | None = None

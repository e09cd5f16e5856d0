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
    snat: Input[bool] | None = None
    masq_all: Input[bool] | None = None
    mark_masq_bit: Input[int] | None = None
    external_set_mark_chain: Input[str] | None = None
    conditions_v4: Input[Sequence[Input[str]]] | None = None
    conditions_v6: Input[Sequence[Input[str]]] | None = None

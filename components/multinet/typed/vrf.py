"""What authors write of vrf. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Vrf(Plugin):
    """vrf of the CNI reference plugins v1.9.1; chained."""

    TYPE: ClassVar[str] = "vrf"

    vrfname: Input[str]
    """The VRF's interface."""

    table: Input[int] | None = None
    """Its routing table (0: a free one)."""

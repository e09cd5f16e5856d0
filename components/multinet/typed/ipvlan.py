"""What authors write of ipvlan. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ipvlan(Plugin):
    """ipvlan of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "ipvlan"

    master: Input[str] | None = None
    """The link; absent: the default route's."""

    mtu: Input[int] | None = None
    """Bytes, 0 (the master's) to the master's."""

    link_in_container: Input[bool] | None = None
    """Look for the master in the pod instead of the node (false)."""

    mode: Input[Literal["", "l2", "l3", "l3s"]] | None = None
    """l2 (default), l3 or l3s."""

"""What authors write of vlan. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Vlan(Plugin):
    """vlan of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "vlan"

    master: Input[str]
    """The link."""

    mtu: Input[int] | None = None
    """Bytes, 0 (the master's) to the master's."""

    link_in_container: Input[bool] | None = None
    """Look for the master in the pod instead of the node (false)."""

    vlan_id: Input[int] | None = None
    """0 to 4094 (0)."""

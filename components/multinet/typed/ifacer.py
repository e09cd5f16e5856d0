"""What authors write of ifacer. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class IfacerBond(Typed):
    """The bond that several interfaces become."""

    name: Input[str] | None = None
    """Of the link on the node (sp_bond0)."""

    mode: Input[int] | None = None
    """Of the kernel's bonding driver, by its number; 0 (default): balance-rr."""

    options: Input[str] | None = None
    """Further ones of the driver: `primary=eth0;miimon=100`; ones that it does not know are not
    heeded.
    """


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ifacer(Plugin):
    """ifacer of Spiderpool v1.2.2; it comes first in a list."""

    TYPE: ClassVar[str] = "ifacer"
    KEYS: ClassVar[Mapping[str, str]] = {"vlan_id": "vlanID"}

    interfaces: Input[Sequence[Input[str]]]
    """Links of the node: one for a VLAN, several for a bond."""

    vlan_id: Input[int] | None = None
    """VLAN to make; 0: none."""

    bond: IfacerBond | Input[Mapping[str, Any]] | None = None
    """The bond to make of several interfaces."""

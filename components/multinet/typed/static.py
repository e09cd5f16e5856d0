"""What authors write of static. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed
from multinet.typed.route import Dns, Route


@dataclasses.dataclass(frozen=True, kw_only=True)
class StaticAddress(Typed):
    """An address that every pod gets."""

    address: Input[str]
    """With prefix length."""

    gateway: Input[str] | None = None
    """Of its subnet."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Static(Ipam):
    """static of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "static"

    addresses: Input[Sequence[StaticAddress | Input[Mapping[str, Any]]]] | None = None
    """Every pod gets all of them. Absent, each pod must ask for its own with `ips`."""

    routes: Input[Sequence[Route | Input[Mapping[str, Any]]]] | None = None
    """Routes that pods get."""

    dns: Dns | Input[Mapping[str, Any]] | None = None
    """Resolver settings that pods get."""

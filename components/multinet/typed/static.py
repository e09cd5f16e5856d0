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
    """`address` with prefix length, and the `gateway` of its subnet, which is optional."""

    address: Input[str]
    gateway: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Static(Ipam):
    """static of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "static"
    addresses: Input[Sequence[StaticAddress | Input[Mapping[str, Any]]]] | None = None
    routes: Input[Sequence[Route | Input[Mapping[str, Any]]]] | None = None
    dns: Dns | Input[Mapping[str, Any]] | None = None

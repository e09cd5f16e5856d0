"""What authors write of route. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route(Typed):
    """A route in a CNI result. Units: mtu and advmss in bytes. CNI specification 1.1.0."""

    dst: Input[str]
    gw: Input[str] | None = None
    mtu: Input[int] | None = None
    advmss: Input[int] | None = None
    priority: Input[int] | None = None
    table: Input[int] | None = None
    scope: Input[int] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dns(Typed):
    """Resolver settings in a CNI result. CNI specification 1.1.0."""

    nameservers: Input[Sequence[Input[str]]] | None = None
    domain: Input[str] | None = None
    search: Input[Sequence[Input[str]]] | None = None
    options: Input[Sequence[Input[str]]] | None = None

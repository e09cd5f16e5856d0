"""What authors write of route. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route(Typed):
    """A route in a CNI result. CNI specification 1.1.0."""

    dst: Input[str]
    """Where it leads, in CIDR notation."""

    gw: Input[str] | None = None
    """Through which gateway; absent: the IPAM's."""

    mtu: Input[int] | None = None
    """Bytes."""

    advmss: Input[int] | None = None
    """Bytes: the segment size that is told to the other side."""

    priority: Input[int] | None = None
    """Its metric; lower wins."""

    table: Input[int] | None = None
    """Routing table; absent: the main one."""

    scope: Input[int] | None = None
    """0: global, 253: the link, 254: the host."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dns(Typed):
    """Resolver settings in a CNI result. CNI specification 1.1.0."""

    nameservers: Input[Sequence[Input[str]]] | None = None
    """Addresses of name servers."""

    domain: Input[str] | None = None
    """The local domain."""

    search: Input[Sequence[Input[str]]] | None = None
    """Domains to look in."""

    options: Input[Sequence[Input[str]]] | None = None
    """Options of the resolver."""

"""Routes and resolver settings, as a CNI result has them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field

from multinet.cni.types import (
    Address,
    Cidr,
    OptionalIpAddress,
    Subnet,
    Uint32,
    address,
    cidr,
    no_gateway,
)
from multinet.findings.model import CheckedModel

TABLE_MAIN: Final = 254
"""The kernel's main routing table; 0 and none stand for it."""


class Route(CheckedModel):
    """A route in a CNI result. CNI specification 1.1.0."""

    dst: Cidr
    """Where it leads, in CIDR notation."""
    gw: OptionalIpAddress | None = None
    """Through which gateway; absent: the IPAM's."""
    mtu: Uint32 | None = None
    """Bytes."""
    advmss: Uint32 | None = None
    """Bytes: the segment size that is told to the other side."""
    priority: Uint32 | None = None
    """Its metric; lower wins."""
    table: Uint32 | None = None
    """Routing table; absent: the main one."""
    scope: Annotated[int, Field(ge=0, le=255)] | None = None
    """0: global, 253: the link, 254: the host."""

    @property
    def destination(self) -> Subnet:
        """Where it leads, host bits cleared."""
        return cidr(self.dst).network

    @property
    def in_main(self) -> bool:
        """Whether it is in the kernel's main table."""
        return (self.table or TABLE_MAIN) == TABLE_MAIN

    @property
    def gateway(self) -> Address | None:
        """The gateway it names; None: the IPAM's, or none (see `on_link`)."""
        return address(self.gw) if self.gw and not self.on_link else None

    @property
    def on_link(self) -> bool:
        """Whether it names 0.0.0.0: to the kernel that is a route without gateway."""
        return bool(self.gw) and no_gateway(address(self.gw or ""))


class Dns(CheckedModel):
    """Resolver settings in a CNI result. CNI specification 1.1.0."""

    nameservers: list[str] | None = None
    """Addresses of name servers."""
    domain: str | None = None
    """The local domain."""
    search: list[str] | None = None
    """Domains to look in."""
    options: list[str] | None = None
    """Options of the resolver."""

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
    """A route in a CNI result. Units: mtu and advmss in bytes. CNI specification 1.1.0."""

    dst: Cidr
    gw: OptionalIpAddress | None = None
    mtu: Uint32 | None = None
    advmss: Uint32 | None = None
    priority: Uint32 | None = None
    table: Uint32 | None = None
    scope: Annotated[int, Field(ge=0, le=255)] | None = None

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
    domain: str | None = None
    search: list[str] | None = None
    options: list[str] | None = None

"""static: the addresses written in the configuration, or asked for by the pod."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from multinet.cni.ipam.asked import needs_prefix
from multinet.cni.ipam.base import IpamConf
from multinet.cni.ranges import AddressRange
from multinet.cni.route import Dns, Route
from multinet.cni.types import Address, Cidr, OptionalIpAddress, Subnet, address, cidr, no_gateway
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel


class StaticAddress(CheckedModel):
    """An address that every pod gets."""

    OTHER_FIELDS: ClassVar[tuple[str, ...]] = ("Address",)  # what it made of `address`

    address: Cidr
    """With prefix length."""
    gateway: OptionalIpAddress | None = None
    """Of its subnet."""

    def rules(self) -> Iterator[Finding]:
        """The kernel takes it as an interface's address; the gateway is near."""
        own = cidr(self.address)
        if own.version == 6 and own.ip.is_multicast:
            rule = "a multicast address cannot be an interface's own"
            yield Finding("multicast-address", ("address",), rule, "use another", self.address)
        gateway = address(self.gateway) if self.gateway else None
        if gateway and not no_gateway(gateway) and not _inside(gateway, own.network):
            rule = f"the gateway is outside the subnet {own.network}"
            way_out = f"choose an address of {own.network}"
            path, warning = ("gateway",), Severity.WARNING
            yield Finding("gateway-outside-subnet", path, rule, way_out, self.gateway, warning)


def _inside(a: Address, network: Subnet) -> bool:
    return a.version == network.version and a in network


class Static(IpamConf):
    """static of the CNI reference plugins v1.9.1.

    What a pod asks for comes beside these; with the capability `ips` it replaces them.
    """

    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/ipam/static"
    HINTS: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("address", "subnet", "range", "rangeStart", "gateway"),
        "write it with the address: addresses: [{address: 192.0.2.5/24, gateway: 192.0.2.1}]",
    )
    GIVES_ALL: ClassVar[bool] = True

    READS_ARGS: ClassVar[bool] = True
    ASKED_WITHOUT_GATEWAY: ClassVar[bool] = True

    type: Literal["static"] = "static"
    addresses: list[StaticAddress] | None = None
    """Every pod gets all of them. Absent, each pod must ask for its own with `ips`."""
    routes: list[Route] | None = None
    """Routes that pods get."""
    dns: Dns | None = None
    """Resolver settings that pods get."""

    def rules(self) -> Iterator[Finding]:
        """No address twice: the kernel refuses the second."""
        seen: set[str] = set()
        for i, entry in enumerate(self.addresses or []):
            own = str(cidr(entry.address))
            if own in seen:
                path = ("addresses", i, "address")
                rule = "is there twice; the kernel refuses the second"
                yield Finding("duplicate-address", path, rule, "remove one", entry.address)
            seen.add(own)

    def address_ranges(self) -> list[AddressRange]:
        """Runs of one address each."""
        return [
            AddressRange(a.network, a.ip, a.ip, ("addresses", i, "address"))
            for i, a in enumerate(cidr(entry.address) for entry in self.addresses or [])
        ]

    def asked(self, text: str) -> Iterator[Finding]:
        """It has a prefix length."""
        yield from needs_prefix(text, self)

    def choices(self) -> list[list[tuple[Subnet, Address | None]]]:
        """Each address's subnet, with the gateway that stands beside it."""
        return [
            [(cidr(entry.address).network, address(entry.gateway) if entry.gateway else None)]
            for entry in self.addresses or []
        ]

    @property
    def waits_for_request(self) -> bool:
        """Without addresses of its own."""
        return not self.addresses

    def addresses_per_family(self) -> int:
        """A pod gets all of them."""
        versions = [cidr(entry.address).version for entry in self.addresses or []]
        return max((versions.count(4), versions.count(6)))

    def route_list(self) -> list[Route]:
        """The routes it hands out."""
        return self.routes or []

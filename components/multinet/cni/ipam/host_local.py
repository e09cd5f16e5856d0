"""host-local: each node hands out addresses of a range from its own disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from multinet.cni.ipam.asked import asked_address
from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import no_effect
from multinet.cni.ranges import AddressRange, first_overlap
from multinet.cni.route import Route
from multinet.cni.types import Address, Cidr, NodePath, OptionalIpAddress, Subnet, address, cidr
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel

_DEFAULT_DATA_DIR = "/var/lib/cni/networks"


class Range(CheckedModel):
    """A subnet, and which part of it is handed out; both ends included."""

    subnet: Cidr
    """A network of /30 (IPv6: /126) or larger."""
    range_start: OptionalIpAddress | None = None
    """The first address; absent: the subnet's first."""
    range_end: OptionalIpAddress | None = None
    """The last; absent: the subnet's last, of IPv4 the one before the broadcast address."""
    gateway: OptionalIpAddress | None = None
    """The first address of the subnet; never handed out."""

    def rules(self) -> Iterator[Finding]:
        """The subnet is a network that has room; start and end lie in it, in order."""
        found = list(self._subnet_rules())
        yield from found
        if any(f.severity is Severity.ERROR for f in found):
            return
        ends_in = True
        for key, text in {"rangeStart": self.range_start, "rangeEnd": self.range_end}.items():
            if text and not _inside(address(text), self.network):
                ends_in = False
                rule = f"is outside the subnet {self.network}"
                way_out = f"choose an address of {self.network}, or change the subnet"
                yield Finding("address-outside-subnet", (key,), rule, way_out, text)
        if ends_in and int(self.first) > int(self.last):
            rule = f"'rangeStart' ({self.first}) is after 'rangeEnd' ({self.last})"
            yield Finding("range-order", ("rangeStart",), rule, "swap the two", self.range_start)
        elif ends_in and self.first == self.last == self.gateway_address:
            rule = f"hands out only {self.first}, which is the gateway's: no pod gets an address"
            yield Finding("range-exhausted", ("subnet",), rule, "widen the range", self.subnet)

    def _subnet_rules(self) -> Iterator[Finding]:
        network = self.network
        if cidr(self.subnet).ip != network.network_address:
            rule = f"has host bits set: /{network.prefixlen} makes it {network}"
            yield Finding("subnet-host-bits", ("subnet",), rule, f"write {network}", self.subnet)
        if network.prefixlen > network.max_prefixlen - 2:
            rule = f"is too small to hand out addresses: /{network.max_prefixlen - 2} at most"
            yield Finding("subnet-too-small", ("subnet",), rule, "widen it", self.subnet)
        elif self.gateway and not _inside(address(self.gateway), network):
            rule = f"the gateway is outside the subnet {network}"
            way_out = f"choose an address of {network}"
            yield Finding(
                "gateway-outside-subnet",
                ("gateway",),
                rule,
                way_out,
                self.gateway,
                Severity.WARNING,
            )

    @property
    def network(self) -> Subnet:
        """The subnet, host bits cleared."""
        return cidr(self.subnet).network

    @property
    def gateway_address(self) -> Address:
        """The gateway that it names or takes."""
        return address(self.gateway) if self.gateway else self.network.network_address + 1

    @property
    def first(self) -> Address:
        """The first address handed out."""
        return address(self.range_start) if self.range_start else self.network.network_address + 1

    @property
    def last(self) -> Address:
        """The last address handed out."""
        if self.range_end:
            return address(self.range_end)
        end = self.network.broadcast_address
        return end - 1 if end.version == 4 else end

    def address_range(self) -> AddressRange:
        """What it hands out, the gateway not yet left out."""
        return AddressRange(self.network, self.first, self.last, ("subnet",))


def _inside(a: Address, network: Subnet) -> bool:
    return a.version == network.version and a in network


class HostLocal(IpamConf):
    """host-local of the CNI reference plugins v1.9.1.

    Either one range (`subnet`, `rangeStart`, `rangeEnd`, `gateway`) or `ranges`. With both, the
    single range comes first. Nodes do not know of each other.
    """

    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/ipam/host-local"
    HINTS: ClassVar[Mapping[str, str]] = {"range": "subnet"}

    READS_ARGS: ClassVar[bool] = True

    type: Literal["host-local"] = "host-local"
    subnet: Cidr | None = None
    """A network of /30 (IPv6: /126) or larger."""
    range_start: OptionalIpAddress | None = None
    """The first address handed out; absent: the subnet's first."""
    range_end: OptionalIpAddress | None = None
    """The last one; absent: the subnet's last, of IPv4 the one before the broadcast address."""
    gateway: OptionalIpAddress | None = None
    """Absent: the subnet's first address; never handed out."""
    ranges: list[list[Range]] | None = None
    """A list of range sets; a pod gets one address of each set."""
    routes: list[Route] | None = None
    """Routes that pods get."""
    data_dir: NodePath | None = None
    """Where the node keeps what it gave out (/var/lib/cni/networks)."""
    resolv_conf: str | None = None
    """File on the node whose DNS settings pods get."""

    def rules(self) -> Iterator[Finding]:
        """There is a range; sets are of one family; nothing overlaps."""
        if self.subnet:
            # The single form is a range in itself, and is checked as one.
            yield from self._single().rules()
        else:
            yield from self._without_subnet()
        for i, ranges in enumerate(self.ranges or []):
            yield from _set_rules(ranges, ("ranges", i))
        overlap = first_overlap(self.address_ranges())
        if overlap:
            one, other = overlap
            rule = f"the ranges {one} and {other} overlap"
            yield Finding("ranges-overlap-inside", other.path, rule, "separate or join them")

    def _without_subnet(self) -> Iterator[Finding]:
        keys = {
            "rangeStart": self.range_start,
            "rangeEnd": self.range_end,
            "gateway": self.gateway,
        }
        for key, value in keys.items():
            if value and self.ranges:
                rule = f"{key!r} beside 'ranges' belongs to a 'subnet', which is missing"
                yield no_effect((key,), rule, f"move {key} into a range of 'ranges'")
        if not self.ranges:
            rule = "host-local hands out addresses of a range, and there is none"
            yield Finding("no-ranges", ("subnet",), rule, "add subnet, or ranges")

    def _single(self) -> Range:
        return Range.model_construct(
            subnet=self.subnet or "",
            range_start=self.range_start,
            range_end=self.range_end,
            gateway=self.gateway,
        )

    def _sets(self) -> list[tuple[list[Range], Path]]:
        """The range sets as the plugin sees them, with their paths."""
        single: list[tuple[list[Range], Path]] = [([self._single()], ())] if self.subnet else []
        return [*single, *((s, ("ranges", i)) for i, s in enumerate(self.ranges or []))]

    def address_ranges(self) -> list[AddressRange]:
        """One entry per range; the gateway in it is not handed out."""
        return [
            r.address_range().under((*path, j) if path else ())
            for ranges, path in self._sets()
            for j, r in enumerate(ranges)
        ]

    def asked(self, text: str) -> Iterator[Finding]:
        """It is in a range, and not a gateway's."""
        wanted, ranges = asked_address(text), self.address_ranges()
        if not any(wanted in r for r in ranges):
            rule = f"is outside the network's ranges ({', '.join(map(str, ranges))})"
            way_out = "choose an address of a range"
            yield Finding("ip-outside-ranges", (), rule, way_out, str(wanted))
        elif wanted in self.excluded():
            rule = "is the gateway's address, which is never handed out"
            yield Finding("ip-outside-ranges", (), rule, "choose another", str(wanted))

    def asked_together(self, number: int, *, declared: bool) -> Iterator[Finding]:
        """Multus joins several with commas into one CNI argument, which it cannot read."""
        del declared
        if number > 1:
            rule = "host-local under Multus takes one address: it cannot read a list of several"
            way_out = "ask for one, or use the static IPAM"
            yield Finding("too-many-ips", (), rule, way_out)

    def choices(self) -> list[list[tuple[Subnet, Address | None]]]:
        """One address of each set, from any of its ranges."""
        return [[(r.network, r.gateway_address) for r in ranges] for ranges, _ in self._sets()]

    def excluded(self) -> set[Address]:
        """Addresses in the ranges that it never hands out: the gateways."""
        return {r.gateway_address for ranges, _ in self._sets() for r in ranges}

    def addresses_per_family(self) -> int:
        """A pod gets one address of each set."""
        versions = [ranges[0].network.version for ranges, _ in self._sets() if ranges]
        return max((versions.count(4), versions.count(6)))

    def route_list(self) -> list[Route]:
        """The routes it hands out."""
        return self.routes or []

    def allocator(self, network: str, of: AddressRange) -> str:
        """Its directory on the node: networks of one name there share their books."""
        del of
        return f"{self.type}:{self.data_dir or _DEFAULT_DATA_DIR}/{network}"

    def allocations_dir(self, network: str) -> str:
        """A file for each address."""
        return f"{(self.data_dir or _DEFAULT_DATA_DIR).rstrip('/')}/{network}"

    @property
    def per_node(self) -> bool:
        """Each node has its own books."""
        return True


def _set_rules(ranges: list[Range], path: Path) -> Iterator[Finding]:
    if not ranges:
        rule = "a range set is empty; the plugin refuses it"
        yield Finding("no-ranges", path, rule, "add a range with a subnet, or remove the set")
        return
    family = ranges[0].network.version
    for j, r in enumerate(ranges):
        if r.network.version != family:
            rule = f"a set is of one IP family: it began with IPv{family}, this is not"
            way_out = "put it into a set of its own: pods then get both"
            yield Finding("mixed-families", (*path, j, "subnet"), rule, way_out, r.subnet)

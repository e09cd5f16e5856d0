"""host-local: each node hands out addresses of a range from its own disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from multinet.cni.ipam.asked import asked_address
from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import no_effect
from multinet.cni.ranges import AddressRange, first_overlap
from multinet.cni.route import Route
from multinet.cni.types import (
    Address,
    Cidr,
    NodePath,
    OptionalIpAddress,
    Subnet,
    address,
    cidr,
    no_gateway,
)
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart

_WARNING = Severity.WARNING
_DEFAULT_DATA_DIR = "/var/lib/cni/networks"


class _OfOneSubnet:
    """What a range's keys say: those in `ranges`, and those beside it, which are a range too."""

    if TYPE_CHECKING:
        subnet: Any  # text, where this is a range
        range_start: str | None
        range_end: str | None
        gateway: str | None

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

    def range_rules(self) -> Iterator[Finding]:
        """The subnet is a network that has room; start and end lie in it, in order."""
        return apart(
            self._is_network(),
            self._gateway_near(),
            self._start_in(),
            self._end_in(),
            self._order(),
        )

    def _is_network(self) -> Iterator[Finding]:
        network = self.network
        if cidr(self.subnet).ip != network.network_address:
            rule = f"has host bits set: /{network.prefixlen} makes it {network}"
            yield Finding("subnet-host-bits", ("subnet",), rule, f"write {network}", self.subnet)
        if not self._has_room:
            rule = f"is too small to hand out addresses: /{network.max_prefixlen - 2} at most"
            yield Finding("subnet-too-small", ("subnet",), rule, "widen it", self.subnet)

    @property
    def _has_room(self) -> bool:
        return self.network.prefixlen <= self.network.max_prefixlen - 2

    def _gateway_near(self) -> Iterator[Finding]:
        near = not self.gateway or no_gateway(address(self.gateway)) or self._holds(self.gateway)
        if self._has_room and not near:
            rule = f"the gateway is outside the subnet {self.network}"
            way_out, path, warning = f"choose an address of {self.network}", ("gateway",), _WARNING
            yield Finding("gateway-outside-subnet", path, rule, way_out, self.gateway, warning)

    def _start_in(self) -> Iterator[Finding]:
        yield from self._end_within("rangeStart", self.range_start)

    def _end_in(self) -> Iterator[Finding]:
        yield from self._end_within("rangeEnd", self.range_end)

    def _end_within(self, key: str, text: str | None) -> Iterator[Finding]:
        if text and self._has_room and not self._holds(text):
            rule = f"is outside the subnet {self.network}"
            way_out = f"choose an address of {self.network}, or change the subnet"
            yield Finding("address-outside-subnet", (key,), rule, way_out, text)

    def _order(self) -> Iterator[Finding]:
        ends = (self.range_start, self.range_end)
        if not self._has_room or not all(self._holds(text) for text in ends if text):
            return
        if int(self.first) > int(self.last):
            rule = f"'rangeStart' ({self.first}) is after 'rangeEnd' ({self.last})"
            yield Finding("range-order", ("rangeStart",), rule, "swap the two", self.range_start)
        elif self.first == self.last == self.gateway_address:
            rule = f"hands out only {self.first}, which is the gateway's: no pod gets an address"
            yield Finding("range-exhausted", ("subnet",), rule, "widen the range", self.subnet)

    def _holds(self, text: str) -> bool:
        one, network = address(text), self.network
        return one.version == network.version and one in network


class Range(_OfOneSubnet, CheckedModel):
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
        """Those of a range."""
        yield from self.range_rules()


class HostLocal(_OfOneSubnet, IpamConf):
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
        yield from apart(self._nothing(), self._alone(), self._in_sets(), self._overlaps())

    def _nothing(self) -> Iterator[Finding]:
        if not self.subnet and not self.ranges:
            rule = "host-local hands out addresses of a range, and there is none"
            yield Finding("no-ranges", ("subnet",), rule, "add subnet, or ranges")
        elif self.subnet is None and "subnet" in self.model_fields_set:
            rule = "is null, which host-local cannot read: the key alone makes it fail"
            yield Finding("not-a-cidr", ("subnet",), rule, "remove the key, or give it a value")

    def _alone(self) -> Iterator[Finding]:
        yield from self.range_rules() if self.subnet else self._without_subnet()

    def _in_sets(self) -> Iterator[Finding]:
        sets = enumerate(self.ranges or [])
        yield from apart(*(_set_rules(ranges, ("ranges", i)) for i, ranges in sets))

    def _overlaps(self) -> Iterator[Finding]:
        overlap = first_overlap(self.address_ranges())
        if overlap:
            one, other = overlap
            rule = f"the ranges {one} and {other} overlap"
            yield Finding("ranges-overlap-inside", other.path, rule, "separate or join them")

    def _without_subnet(self) -> Iterator[Finding]:
        bounds = {"rangeStart": self.range_start, "rangeEnd": self.range_end}
        for key, value in {**bounds, "gateway": self.gateway}.items():
            if value and self.ranges:
                rule = f"{key!r} beside 'ranges' belongs to a 'subnet', which is missing"
                yield no_effect((key,), rule, f"move {key} into a range of 'ranges'")

    def _sets(self) -> list[tuple[Sequence[_OfOneSubnet], Path]]:
        """The range sets as the plugin sees them, with their paths."""
        sets: list[tuple[Sequence[_OfOneSubnet], Path]] = [([self], ())] if self.subnet else []
        return [*sets, *((s, ("ranges", i)) for i, s in enumerate(self.ranges or []))]

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

    def narrowed(
        self, raw: Mapping[str, Any], ends: Sequence[tuple[str, str]]
    ) -> Mapping[str, Any]:
        """With rangeStart and rangeEnd of its own in each range, whatever case its keys have."""
        given = iter(ends)
        keys = {key.lower(): key for key in raw}
        made = _narrowed(raw, next(given)) if self.subnet else dict(raw)
        if self.ranges:
            sets = raw[keys["ranges"]]
            made[keys["ranges"]] = [[_narrowed(one, next(given)) for one in s] for s in sets]
        return made


def _narrowed(raw: Mapping[str, Any], ends: tuple[str, str]) -> dict[str, Any]:
    kept = {k: v for k, v in raw.items() if k.lower() not in ("rangestart", "rangeend")}
    return {**kept, "rangeStart": ends[0], "rangeEnd": ends[1]}


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

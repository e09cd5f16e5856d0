"""Address ranges: what an IPAM can hand out, for checks within and across networks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from multinet.cni.types import Address, Subnet
from multinet.findings import Path


@dataclasses.dataclass(frozen=True, slots=True)
class AddressRange:
    """A run of addresses, both ends included, within one subnet.

    `path` leads from the `ipam` object (or from where the caller put it with `under`) to the
    value that declares the range.
    """

    subnet: Subnet
    first: Address
    last: Address
    path: Path = ()

    @property
    def size(self) -> int:
        """Number of addresses."""
        return int(self.last) - int(self.first) + 1

    def under(self, prefix: Path) -> AddressRange:
        """The same range, seen from further up."""
        return AddressRange(self.subnet, self.first, self.last, prefix + self.path)

    def __contains__(self, address: object) -> bool:
        if getattr(address, "version", None) != self.first.version:
            return False
        return int(self.first) <= int(address) <= int(self.last)  # type: ignore[call-overload, no-any-return]

    def __str__(self) -> str:
        ends = f"{self.first}" if self.first == self.last else f"{self.first}-{self.last}"
        return f"{ends}/{self.subnet.prefixlen}"


def first_overlap(ranges: Iterable[AddressRange]) -> tuple[AddressRange, AddressRange] | None:
    """Two ranges that share an address, or None. One sorted sweep."""
    furthest: AddressRange | None = None
    for r in sorted(ranges, key=lambda r: (r.first.version, int(r.first))):
        same_family = furthest is not None and furthest.first.version == r.first.version
        if furthest is not None and same_family and int(r.first) <= int(furthest.last):
            return furthest, r
        if not same_family or furthest is None or int(r.last) > int(furthest.last):
            furthest = r
    return None


def without(whole: AddressRange, holes: Sequence[Subnet]) -> list[AddressRange]:
    """What is left of a range when subnets are cut out of it."""
    if not holes:
        return [whole]
    left: list[AddressRange] = []
    at, end = int(whole.first), int(whole.last)
    make = type(whole.first)
    for hole in sorted(
        (h for h in holes if h.version == whole.first.version),
        key=lambda h: int(h.network_address),
    ):
        start, stop = int(hole.network_address), int(hole.broadcast_address)
        if stop < at or start > end:
            continue
        if start > at:
            left.append(dataclasses.replace(whole, first=make(at), last=make(start - 1)))
        at = max(at, stop + 1)
    if at <= end:
        left.append(dataclasses.replace(whole, first=make(at), last=make(end)))
    return left

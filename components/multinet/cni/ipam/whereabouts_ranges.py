"""whereabouts' ranges: `CIDR` or `start-end/length`, narrowed by start, end and exclusions."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from multinet.cni.ranges import AddressRange, without
from multinet.cni.types import (
    Address,
    OptionalIpAddress,
    Subnet,
    address,
    cidr,
    without_leading_zeros,
)
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel, refusal
from multinet.findings.part import apart


@functools.lru_cache(maxsize=2048)
def read_range(text: str) -> tuple[Subnet, Address | None, Address | None]:
    """The network, and the first and last address where the text names them. ValueError."""
    start, dash, end = text.partition("-")
    if not dash:
        return cidr(without_leading_zeros(text)).network, None, None
    last = cidr(without_leading_zeros(end))
    first = address(without_leading_zeros(start))
    return last.network, first, last.ip


def _is_range(text: str) -> str:
    way_out = "write it like 192.0.2.0/24 or 192.0.2.10-192.0.2.20/24"
    try:
        network, first, _ = read_range(text)
    except ValueError:
        rule = "must be a CIDR, or start-end/length"
        raise refusal("not-a-range", rule, way_out) from None
    if first is not None and (first.version != network.version or first not in network):
        raise refusal("address-outside-subnet", f"{first} is outside {network}", way_out)
    return text


def _is_optional_range(text: str) -> str:
    return _is_range(text) if text else text


def _is_exclusion(text: str) -> str:
    try:
        exclusion(text)
    except ValueError:
        rule = "must be a CIDR or an address; whereabouts fails on it when a pod attaches"
        raise refusal("not-a-cidr", rule, "write it like 192.0.2.16/29") from None
    return text


def exclusion(text: str) -> Subnet:
    """An excluded CIDR, or a single address. ValueError."""
    if "/" in text:
        return cidr(text).network
    one = address(text)
    return cidr(f"{one}/{one.max_prefixlen}").network


def _is_forgiving_address(text: str) -> str:
    try:
        if text:
            address(without_leading_zeros(text))
    except ValueError:
        rule = "must be an IP address without prefix length"
        raise refusal("not-an-address", rule, "write it like 192.0.2.1 or 2001:db8::1") from None
    return text


def _is_forgiving_cidr(text: str) -> str:
    try:
        cidr(without_leading_zeros(text))
    except ValueError:
        rule = "must be an address with a prefix length (CIDR)"
        raise refusal("not-a-cidr", rule, "write it like 192.0.2.5/24") from None
    return text


ForgivingAddress = Annotated[str, AfterValidator(_is_forgiving_address)]
"""An address, leading zeros allowed; empty: absent."""

ForgivingCidr = Annotated[str, AfterValidator(_is_forgiving_cidr)]
"""An address with prefix length, leading zeros allowed."""

RangeText = Annotated[str, AfterValidator(_is_range)]
"""`192.0.2.0/24`, or `192.0.2.10-192.0.2.20/24`."""

OptionalRangeText = Annotated[str, AfterValidator(_is_optional_range)]
"""The same; empty: absent."""

ExcludeText = Annotated[str, AfterValidator(_is_exclusion)]
"""A CIDR or an address that is not handed out."""


class Narrowed:
    """What a range's keys say: those in `ipRanges`, and those beside it, which are a range too."""

    if TYPE_CHECKING:
        range: Any  # text, where this is a range
        range_start: str | None
        range_end: str | None
        exclude: list[str] | None

    def range_rules(self) -> Iterator[Finding]:
        """It has room; start and end lie in it, in order; something is left."""
        return apart(
            self._room(), self._start_in(), self._end_in(), self._order(), self._exclusions()
        )

    def _room(self) -> Iterator[Finding]:
        if not self._has_room:
            rule = f"is too small to hand out addresses: /{self.network.max_prefixlen - 2} at most"
            yield Finding("subnet-too-small", ("range",), rule, "widen it", self.range)

    @property
    def _has_room(self) -> bool:
        return self.network.prefixlen <= self.network.max_prefixlen - 2

    def _start_in(self) -> Iterator[Finding]:
        yield from self._end_within("range_start", self.start)

    def _end_in(self) -> Iterator[Finding]:
        yield from self._end_within("range_end", self.end)

    def _end_within(self, key: str, end: Address | None) -> Iterator[Finding]:
        if end is not None and self._has_room and not self._holds(end):
            rule = f"is outside {self.network}; whereabouts ignores it without a word"
            way_out = f"choose an address of {self.network}"
            yield Finding("address-outside-subnet", (key,), rule, way_out, str(end))

    def _holds(self, end: Address) -> bool:
        return end.version == self.network.version and end in self.network

    def _order(self) -> Iterator[Finding]:
        ends = (self.start, self.end)
        if not self._has_room or not all(self._holds(end) for end in ends if end is not None):
            return
        if int(self.first) > int(self.last):
            rule = f"starts at {self.first}, after its end {self.last}; whereabouts ignores the end"
            path: Path = ("range_start",) if self.range_start else ("range",)
            yield Finding("range-order", path, rule, "swap the two", str(self.first))
        elif not self.left:
            rule = "everything in the range is excluded: no pod gets an address"
            yield Finding("range-exhausted", ("exclude",), rule, "widen the range or exclude less")

    def _exclusions(self) -> Iterator[Finding]:
        for i, text in enumerate(self.exclude or []):
            hole = exclusion(text)
            if hole.version != self.network.version or not hole.overlaps(self.network):
                rule = f"excludes nothing: it is outside {self.network}"
                where, warning = ("exclude", i), Severity.WARNING
                yield Finding("no-effect", where, rule, "correct it", text, warning)

    @functools.cached_property
    def network(self) -> Subnet:
        """The range's network, host bits cleared."""
        return read_range(self.range)[0]

    @functools.cached_property
    def start(self) -> Address | None:
        """The first address as declared. What the range's text names wins."""
        named = read_range(self.range)[1]
        return named or (
            address(without_leading_zeros(self.range_start)) if self.range_start else None
        )

    @functools.cached_property
    def end(self) -> Address | None:
        """The last address as declared. What the range's text names wins."""
        named = read_range(self.range)[2]
        return named or (address(without_leading_zeros(self.range_end)) if self.range_end else None)

    @functools.cached_property
    def first(self) -> Address:
        """The first address handed out; never the network's own."""
        usable = self.network.network_address + 1
        return max(self.start, usable, key=int) if self.start is not None else usable

    @functools.cached_property
    def last(self) -> Address:
        """The last address handed out; never the one that is the network's broadcast."""
        usable = self.network.broadcast_address - 1
        return min(self.end, usable, key=int) if self.end is not None else usable

    @functools.cached_property
    def left(self) -> tuple[AddressRange, ...]:
        """What is handed out, the exclusions cut out."""
        whole = AddressRange(self.network, self.first, self.last, ("range",))
        if int(self.first) > int(self.last):
            return ()
        return tuple(without(whole, [exclusion(text) for text in self.exclude or []]))


class WhereaboutsRange(Narrowed, CheckedModel):
    """A range."""

    range: RangeText
    """A CIDR (host bits are ignored), or `start-end/length`."""
    range_start: OptionalIpAddress | None = Field(None, alias="range_start")
    """The first address handed out."""
    range_end: OptionalIpAddress | None = Field(None, alias="range_end")
    """The last one."""
    exclude: list[ExcludeText] | None = None
    """Parts of the range that are not handed out."""

    def rules(self) -> Iterator[Finding]:
        """Those of a range."""
        yield from self.range_rules()


class ExtraAddress(CheckedModel):
    """An address that every pod gets besides."""

    OTHER_FIELDS: ClassVar[tuple[str, ...]] = ("Address",)  # what it made of `address`

    address: ForgivingCidr
    """With prefix length."""
    gateway: OptionalIpAddress | None = None
    """Of its subnet."""

"""whereabouts' ranges: `CIDR` or `start-end/length`, narrowed by start, end and exclusions."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Annotated

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


RangeText = Annotated[str, AfterValidator(_is_range)]
"""`192.0.2.0/24`, or `192.0.2.10-192.0.2.20/24`."""

OptionalRangeText = Annotated[str, AfterValidator(_is_optional_range)]
"""The same; empty: absent."""

ExcludeText = Annotated[str, AfterValidator(_is_exclusion)]
"""A CIDR or an address that is not handed out."""


class WhereaboutsRange(CheckedModel):
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
        """It has room; start and end lie in it, in order; something is left."""
        network = self.network
        if network.prefixlen > network.max_prefixlen - 2:
            rule = f"is too small to hand out addresses: /{network.max_prefixlen - 2} at most"
            yield Finding("subnet-too-small", ("range",), rule, "widen it", self.range)
            return
        outside = False
        for key, end in {"range_start": self.start, "range_end": self.end}.items():
            if end is not None and (end.version != network.version or end not in network):
                outside = True
                rule = f"is outside {network}; whereabouts ignores it without a word"
                way_out = f"choose an address of {network}"
                yield Finding("address-outside-subnet", (key,), rule, way_out, str(end))
        if not outside and int(self.first) > int(self.last):
            rule = f"starts at {self.first}, after its end {self.last}; whereabouts ignores the end"
            path: Path = ("range_start",) if self.range_start else ("range",)
            yield Finding("range-order", path, rule, "swap the two", str(self.first))
        elif not outside and not self.left():
            rule = "everything in the range is excluded: no pod gets an address"
            yield Finding("range-exhausted", ("exclude",), rule, "widen the range or exclude less")
        for i, text in enumerate(self.exclude or []):
            hole = exclusion(text)
            if hole.version != network.version or not hole.overlaps(network):
                rule = f"excludes nothing: it is outside {network}"
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

    def left(self) -> list[AddressRange]:
        """What is handed out, the exclusions cut out."""
        whole = AddressRange(self.network, self.first, self.last, ("range",))
        if int(self.first) > int(self.last):
            return []
        return without(whole, [exclusion(text) for text in self.exclude or []])

"""Addresses of several networks: on one segment, on different ones, and the cluster's own."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from multinet.cni.ipam.base import IpamConf
from multinet.cni.ranges import AddressRange
from multinet.cni.segment import Segment
from multinet.cni.types import Subnet
from multinet.findings import Finding, Path, Severity
from multinet.networks.checks.per_node import on_each_node
from multinet.networks.checks.sweep import Span, overlaps
from multinet.networks.checks.view import ClusterFacts, NetworkView, Use

_FEW = 8


def overlapping_ranges(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """Ranges on one segment that can hand out the same address, by different allocators.

    Each node has a segment like a bridge's for itself: there, networks of different nodes never
    meet. On a NIC they do, whatever nodes they select.
    """
    wide = {v.segment for v in views if v.segment is not None and facts.spans_nodes(v.segment)}
    yield from _overlapping([v for v in views if v.segment in wide])
    yield from on_each_node([v for v in views if v.segment not in wide], _overlapping)


def _overlapping(views: Sequence[NetworkView]) -> Iterator[Finding]:
    segments: dict[tuple[Segment, int], list[Use]] = defaultdict(list)
    for view in views:
        segment = view.segment
        if segment is not None:
            for use in view.uses:
                segments[segment, use.range.first.version].append(use)
    for (segment, _), uses in segments.items():
        if len(uses) > 1:
            yield from _overlaps_on(segment, uses)


def _overlaps_on(segment: Segment, uses: Sequence[Use]) -> Iterator[Finding]:
    fixed = [u for u in uses if u.ipam.GIVES_ALL]
    # Fixed addresses are one group here: two of them meet only if both pods run at a time.
    spans = (_span(u, "fixed" if u.ipam.GIVES_ALL else u.allocator) for u in uses)
    reported: set[str] = set()
    for mine, other in overlaps(spans):
        use, partner = mine.item, other.item
        if use.network == partner.network or use.network in reported:
            continue
        reported.add(use.network)
        rule = (
            f"hands out {use.range}, network {partner.network!r} {partner.range},"
            f" on the same segment ({segment}): two pods will get the same address"
        )
        way_out = "give each its own part of the subnet, or use whereabouts for both"
        yield Finding("ranges-overlap", use.range.path, rule, way_out, str(use.range))
    for mine, other in overlaps(_span(u, u.network) for u in fixed):
        use, partner = mine.item, other.item
        rule = (
            f"network {partner.network!r} on the same segment ({segment}) has this address"
            " too: pods of both cannot run at the same time"
        )
        way_out, warning = "give each its own address", Severity.WARNING
        value = str(use.range.first)
        yield Finding("address-in-two-networks", use.range.path, rule, way_out, value, warning)


def _span(use: Use, group: str) -> Span[Use]:
    return Span(int(use.range.first), int(use.range.last), group, use)


def subnets_on_two_segments(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """The same subnet on different segments: what a pod on both sends goes either way."""
    yield from on_each_node(views, _on_two_segments)


def _on_two_segments(views: Sequence[NetworkView]) -> Iterator[Finding]:
    spans: dict[int, list[Span[tuple[NetworkView, Subnet, Path]]]] = defaultdict(list)
    for view in views:
        segment = view.segment
        for subnet, path in _subnets(view) if segment else []:
            first, last = int(subnet.network_address), int(subnet.broadcast_address)
            spans[subnet.version].append(Span(first, last, segment, (view, subnet, path)))
    for family in spans.values():
        for mine, other in overlaps(family):
            (_, subnet, path), (partner, theirs, _) = mine.item, other.item
            rule = (
                f"{subnet} on {mine.group} is also network {partner.name!r}'s ({theirs}),"
                f" on {other.group}: a pod on both cannot tell which way to send"
            )
            way_out = "use different subnets, or never attach a pod to both"
            warning = Severity.WARNING
            value = str(subnet)
            yield Finding("subnet-on-two-segments", path, rule, way_out, value, warning)


def _subnets(view: NetworkView) -> Iterator[tuple[Subnet, Path]]:
    """Each of the network's subnets once, with a path that declares it."""
    seen: set[Subnet] = set()
    for use in view.uses:
        if use.range.subnet not in seen:
            seen.add(use.range.subnet)
            yield use.range.subnet, use.range.path


def subnets_of_the_cluster(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """A subnet that covers pods' or services' addresses takes the pod's way to them."""
    own = [("pods", _network(c)) for c in facts.pod_cidrs]
    own += [("services", _network(c)) for c in facts.service_cidrs]
    for view in views:
        for subnet, path in _subnets(view):
            for whose, cidr in own:
                if cidr.version == subnet.version and cidr.overlaps(subnet):
                    rule = (
                        f"{subnet} overlaps the {whose}' addresses ({cidr}): pods on this network"
                        f" no longer reach {whose} there"
                    )
                    way_out = "choose a subnet outside podCidrs and serviceCidrs"
                    yield Finding("subnet-in-cluster", path, rule, way_out, str(subnet))


def _network(text: str) -> Subnet:
    return ipaddress.ip_network(text, strict=False)


def small_ranges(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Ranges with room for a few pods only."""
    for view in views:
        for path, ipam in view.config.addressing:
            if ipam.GIVES_ALL:
                continue
            every = ipam.address_ranges()
            for version in (4, 6):
                ranges = [r for r in every if r.first.version == version]
                room = _room(ranges, ipam)
                if ranges and room < _FEW:
                    where = "each node" if ipam.per_node else "the cluster"
                    rule = f"has room for {room} pods on {where} in its IPv{version} ranges"
                    way_out, warning = "widen the range", Severity.WARNING
                    at = (*view.path, *path, *ranges[0].path)
                    yield Finding("range-small", at, rule, way_out, str(ranges[0]), warning)


def _room(ranges: Iterable[AddressRange], ipam: IpamConf) -> int:
    excluded = ipam.excluded()
    return sum(r.size - sum(a in r for a in excluded) for r in ranges)

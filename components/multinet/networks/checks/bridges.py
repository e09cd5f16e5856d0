"""Networks and the Linux bridges of the nodes: what they are there, and their addresses."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Sequence

from multinet.cni.segment import LinkAddress, Segment
from multinet.cni.types import Interface
from multinet.findings import Finding, Path, Severity
from multinet.networks.checks.per_node import on_each_node
from multinet.networks.checks.sweep import Span, overlaps
from multinet.networks.checks.view import ClusterFacts, NetworkView


def vlans_on_plain_bridges(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """VLANs on a bridge that is declared without telling them apart: nobody looks at the tags."""
    for view in views:
        for path, plugin in view.config.located:
            bridge, vlans = plugin.bridge_vlans()
            node = facts.one_for(view, facts.plain_bridges.get(bridge, ())) if vlans else None
            if node is not None:
                key = "vlan" if getattr(plugin, "vlan", None) else "vlanTrunk"
                rule = (
                    f"{bridge} on node {node} does not tell VLANs apart: pods of all networks on it"
                    " are together, untagged"
                )
                way_out = f"set vlanFiltering: true on that link of the nodes ({bridge})"
                value = getattr(plugin, "vlan", None) or None
                yield Finding(
                    "vlan-without-filtering", (*view.path, *path, key), rule, way_out, value
                )


def links_that_are_none(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """The plugin takes a link of that name for its bridge, and refuses one that is something else."""
    for view in views:
        for path, plugin in view.config.located:
            bridge, _ = plugin.bridge_vlans()
            there = facts.no_bridges.get(bridge, {})
            node = facts.one_for(view, there)
            if node is not None:
                rule = (
                    f"{bridge} on node {node} is {there[node]}: bridge refuses a link that is there"
                    " and is no bridge"
                )
                way_out = "name a bridge, and declare the link as its port (links.<bridge>.ports)"
                yield Finding("not-a-bridge", (*view.path, *path, "bridge"), rule, way_out, bridge)


@dataclasses.dataclass(frozen=True, slots=True)
class Gateway:
    """An address that a network gives its bridge; `path`: to the IPAM that it is of."""

    view: NetworkView
    address: LinkAddress
    path: Path

    @property
    def interface(self) -> Interface:
        """The address with its prefix length."""
        return self.address.interface


def gateways_of_one_bridge(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """bridge refuses a second IPv4 address on a link, and IPv6 ones whose subnets overlap."""
    yield from on_each_node(views, _of_one_bridge)


def _of_one_bridge(views: Sequence[NetworkView]) -> Iterator[Finding]:
    by_bridge: dict[tuple[Segment, int], list[Gateway]] = defaultdict(list)
    for view in views:
        segment = view.segment
        for gateway in _gateways(view):
            if segment is not None:
                by_bridge[segment, gateway.interface.version].append(gateway)
    for (segment, version), gateways in by_bridge.items():
        if len({g.interface for g in gateways}) > 1:
            reported: set[str] = set()
            for mine, other in _clashes(gateways, version):
                if mine.view.name not in reported:
                    reported.add(mine.view.name)
                    yield _finding(mine, other, segment)


def _gateways(view: NetworkView) -> Iterator[Gateway]:
    for path, plugin in view.config.located:
        for given in plugin.link_addresses():
            yield Gateway(view, given, (*view.path, *path, "ipam"))


def _clashes(gateways: Sequence[Gateway], version: int) -> Iterator[tuple[Gateway, Gateway]]:
    """Each gateway that cannot be beside an earlier one, with that."""
    order = {id(g): i for i, g in enumerate(gateways)}
    if version == 4:
        pairs = _others(gateways)
    else:
        pairs = ((m.item, o.item) for m, o in overlaps(_span(g) for g in gateways))
    yield from ((m, o) for m, o in pairs if order[id(m)] > order[id(o)])


def _others(gateways: Sequence[Gateway]) -> Iterator[tuple[Gateway, Gateway]]:
    """Whatever is not the first address with that, and where it is, with the first other one."""
    first = gateways[0]
    second = next(g for g in gateways if g.interface != first.interface)
    for gateway in gateways:
        yield gateway, second if gateway.interface == first.interface else first


def _span(gateway: Gateway) -> Span[Gateway]:
    network = gateway.interface.network
    first, last = int(network.network_address), int(network.broadcast_address)
    return Span(first, last, str(gateway.interface), gateway)


def _finding(mine: Gateway, other: Gateway, segment: Segment) -> Finding:
    whose = f"network {other.view.name!r}" if other.view is not mine.view else "another of its own"
    rule = f"gives {segment} the address {mine.interface}, and {whose} {other.interface}"
    forced = mine.address.force or other.address.force
    if forced:
        rule += ": each takes the other's away"
    else:
        rule += ": bridge refuses the second, and its pods fail"
    certain = mine.address.certain and other.address.certain and not forced
    severity = Severity.ERROR if certain else Severity.WARNING
    way_out = "use one gateway for all networks of a bridge, or a bridge for each"
    value = str(mine.interface)
    return Finding("bridge-has-two-gateways", mine.path, rule, way_out, value, severity)

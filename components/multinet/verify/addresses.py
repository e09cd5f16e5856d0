"""Addresses that are given twice, and ranges that two nodes hand out. Pure."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from multinet.findings import Finding
from multinet.live import Object
from multinet.networks.checks.view import ROOT
from multinet.verify.declared import Declared
from multinet.verify.seen import network_status

_WAY_OUT = (
    "one range per node, or whereabouts: host-local's books are each node's own; then start one of"
    " them again"
)
_SHOWN = 5


@dataclasses.dataclass(frozen=True)
class Holder:
    """A pod that has an address.

    Attributes:
        pod: its name; of a pod that is not verify's own with its namespace.
        own: whether this run started it.
    """

    pod: str
    node: str
    own: bool = False

    def __str__(self) -> str:
        return f"{self.pod} on {self.node}"


Held = Mapping[str, Sequence[Holder]]
"""Address → the pods that have it."""


def held(pods: Iterable[Object], references: Iterable[str]) -> dict[str, list[Holder]]:
    """What live pods have on networks, by their network-status.

    `references`: `namespace/name` of networks on one segment.
    """
    wanted = set(references)
    found: dict[str, list[Holder]] = defaultdict(list)
    for pod in pods:
        metadata = pod["metadata"]
        node = str((pod.get("spec") or {}).get("nodeName") or "")
        holder = Holder(f"{metadata['namespace']}/{metadata['name']}", node)
        for entry in network_status(pod) or ():
            if entry.name in wanted and not entry.default:
                for ip in entry.ips:
                    found[ip.partition("/")[0]].append(holder)
    return found


def neighbours(networks: Sequence[Declared]) -> dict[str, list[str]]:
    """A network's name → references of those on its segment, itself included."""
    return {
        network.name: [
            other.reference
            for other in networks
            if other is network or (network.segment and other.segment == network.segment)
        ]
        for network in networks
    }


def given_twice(network: Declared, own: Held, others: Held) -> Iterator[tuple[Finding, str]]:
    """Addresses that several pods have that can meet on the network, each with its finding."""
    if network.alone:
        return  # which is tried only while nobody else is on it
    for address in sorted({*own, *others}):
        holders = _meeting(network, [*own.get(address, ()), *others.get(address, ())])
        if len(holders) > 1:
            yield _doubled(network, address, holders), address


def _meeting(network: Declared, holders: Sequence[Holder]) -> list[Holder]:
    """Those that share an L2 with another one; of them at least two, or none."""
    if network.reach.across:
        return list(dict.fromkeys(holders))
    by_node: dict[str, list[Holder]] = defaultdict(list)
    for holder in dict.fromkeys(holders):
        by_node[holder.node].append(holder)
    return next((same for same in by_node.values() if len(same) > 1), [])


def _doubled(network: Declared, address: str, holders: Sequence[Holder]) -> Finding:
    strangers = [str(h) for h in holders if not h.own]
    nodes = ", ".join(sorted({h.node for h in holders})[:_SHOWN])
    rule = f"{address} was given to {len(holders)} pods, on {nodes}"
    if strangers:
        rule += f": {', '.join(strangers[:_SHOWN])}"
        rule += " and one of verify's" if len(strangers) < len(holders) else ""
    return Finding("live-duplicate-address", (ROOT, network.name), rule, _WAY_OUT, address)


def shared_range(network: Declared, nodes: Iterable[str]) -> Finding | None:
    """That nodes on one L2 hand out the same range, each by books of its own.

    Pods that were given different addresses hide it: each node goes on from its own last one.
    """
    names = sorted(set(nodes))
    known = "host-local-on-shared-l2" in network.accepted
    if not (network.per_node and network.reach.across and len(names) > 1) or known:
        return None
    ranges = ", ".join(str(r) for r in network.ranges[:3])
    rule = (
        f"{', '.join(names[:_SHOWN])} share its L2 and hand out the same range, {ranges}, each by"
        " its own books: two pods will be given one address"
    )
    way_out = "one range per node, or whereabouts: host-local's books are each node's own"
    return Finding("live-shared-range", (ROOT, network.name, "config"), rule, way_out)

"""IPAM objects where they stand, and those that have to agree with others in the cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from multinet.cni.ipam.base import IpamConf
from multinet.cni.place import Place
from multinet.findings import Finding, Path
from multinet.networks.checks.view import ClusterFacts, NetworkView


def in_their_places(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """What each IPAM finds of its list, its NAD and the nodes."""
    for view in views:
        name, nodes = view.config.name(view.name), len(facts.nodes)
        for position, path, ipam in _ipams(view):
            place = Place(name, view.namespace, position, nodes, facts.conf_dir, facts.brought)
            yield from (f.under(path) for f in ipam.in_place(place))


def disagreements(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Networks that a controller takes for one, and that say different things to it."""
    said: dict[str, dict[str, str]] = defaultdict(dict)
    asking = []
    for view in views:
        for position, path, ipam in _ipams(view):
            wanted = ipam.agreement() if not position else None
            if wanted is not None:
                key, value = wanted
                said[key].setdefault(value, view.name)
                asking.append((key, value, path, ipam))
    for key, value, path, ipam in asking:
        other = next((network for v, network in said[key].items() if v != value), None)
        if other is not None:
            yield from (f.under(path) for f in ipam.disagreement(other))


def _ipams(view: NetworkView) -> Iterator[tuple[int | None, Path, IpamConf]]:
    for i, (path, plugin) in enumerate(view.config.located):
        if plugin.ipam is not None and plugin.has_ipam:
            position = i if view.config.is_list else None
            yield position, (*view.path, *path, "ipam"), plugin.ipam

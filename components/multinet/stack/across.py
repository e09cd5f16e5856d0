"""Checks that need more than one section of the settings."""

from __future__ import annotations

from multinet.findings import Finding, Path
from multinet.networks.checks import ROOT, ClusterFacts, NetworkView, check_networks, silence
from multinet.stack.collector import collector_paused
from multinet.stack.primary_across import primary_across
from multinet.stack.settings import StackSettings


@collector_paused()
def check_across(settings: StackSettings, warnings: list[Finding]) -> list[Finding]:
    """Findings about how the sections fit together, and `warnings` that nobody ignores.

    `warnings` are those of single networks, with paths from a top-level key; the result has
    paths that start with `multinet:networks` where they are about a network.
    """
    views = {
        name: NetworkView(
            name,
            network.namespace,
            network.config,
            network.resource_name or "",
            network.node_selector,
        )
        for name, network in settings.networks.items()
    }
    own = [f.at(_rooted(f.path)) for f in warnings]
    found = [*own, *primary_across(settings), *check_networks(views, facts(settings))]
    return silence(found, {name: n.ignore for name, n in settings.networks.items() if n.ignore})


def facts(settings: StackSettings) -> ClusterFacts:
    """What the other sections say about the cluster that networks live in."""
    primary, nodes = settings.primary_cni, settings.nodes
    mtus = {
        name: {link: known.mtu for link, known in node.links.items() if known.mtu}
        for name, node in nodes.items()
    }
    bridges = {
        link
        for node in nodes.values()
        for link, known in node.links.items()
        if known.kind == "bridge" and known.ports
    }
    return ClusterFacts(
        pod_cidrs=tuple(primary.pod_cidrs),
        service_cidrs=tuple(primary.service_cidrs),
        single_node=len(nodes) == 1,
        link_mtus=mtus,
        uplinked_bridges=frozenset(bridges),
    )


def _rooted(path: Path) -> Path:
    return (ROOT, *path[1:]) if path[:1] == ("networks",) else path

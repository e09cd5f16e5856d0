"""Checks that need more than one section of the settings."""

from __future__ import annotations

from multinet.findings import Finding, Path
from multinet.networks.checks import ROOT, ClusterFacts, NetworkView, check_networks, silence
from multinet.networks.settings import NetworkSettings
from multinet.stack.collector import collector_paused
from multinet.stack.primary_across import primary_across
from multinet.stack.settings import StackSettings


@collector_paused()
def check_across(settings: StackSettings, known: list[Finding]) -> list[Finding]:
    """What is `known` of the sections, and how they fit together, without ignored warnings.

    `known` has paths from a top-level key; the result has paths that start with
    `multinet:networks` where they are about a network.
    """
    views = {name: _view(name, network) for name, network in settings.networks.items()}
    own = [f.at(_rooted(f.path)) for f in known]
    found = [*own, *primary_across(settings), *check_networks(views, facts(settings))]
    return silence(found, {name: n.ignore for name, n in settings.networks.items() if n.ignore})


def check_alone(name: str, network: NetworkSettings, known: list[Finding]) -> list[Finding]:
    """What is `known` of one network and what it is found to be by itself, nothing ignored left.

    For networks that a program makes one by one: what others there are is not known. Paths start
    at the network.
    """
    view = _view(name, network)
    found = [f.under((ROOT, name)) for f in known] + check_networks({name: view}, ClusterFacts())
    return [f.at(f.path[2:]) for f in silence(found, {name: network.ignore})]


def _view(name: str, network: NetworkSettings) -> NetworkView:
    return NetworkView(
        name,
        network.namespace,
        network.config,
        network.resource_name or "",
        network.node_selector,
    )


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

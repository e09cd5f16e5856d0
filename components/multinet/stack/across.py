"""Checks that need more than one section of the settings."""

from __future__ import annotations

from multinet.findings import Finding, Path
from multinet.networks.checks import ROOT, ClusterFacts, NetworkView, check_networks, together
from multinet.networks.settings import NetworkSettings
from multinet.stack.collector import collector_paused
from multinet.stack.ignore import Ignore, silence
from multinet.stack.primary_across import primary_across
from multinet.stack.settings import StackSettings
from multinet.stack.stackfile import PROJECT


@collector_paused()
def check_across(settings: StackSettings, known: list[Finding]) -> list[Finding]:
    """What is `known` of the environment, and how its sections fit together.

    Paths start at the stack's top (`multinet:networks`, …), also those of `known`. Without
    ignored warnings; one that many networks share a cause of is told once.
    """
    views = {name: _view(name, network) for name, network in settings.networks.items()}
    across = [f.at(prefixed(f.path)) for f in primary_across(settings)]
    found = [*known, *across, *check_networks(views, facts(settings))]
    ignores = [Ignore((), (f"{PROJECT}:ignore",), settings.ignore)]
    for name, network in settings.networks.items():
        ignores.append(Ignore((ROOT, name), (ROOT, name, "ignore"), network.ignore))
    return together(silence(found, ignores))


def check_alone(name: str, network: NetworkSettings, known: list[Finding]) -> list[Finding]:
    """What is `known` of one network and what it is found to be by itself, nothing ignored left.

    For networks that a program makes one by one: what others there are is not known. Paths start
    at the network.
    """
    view, scope = _view(name, network), (ROOT, name)
    found = [f.under(scope) for f in known] + check_networks({name: view}, ClusterFacts())
    own = Ignore(scope, (*scope, "ignore"), network.ignore)
    return [f.at(f.path[2:]) for f in silence(found, [own], whole=False)]


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
        primary="" if primary.plugin == "existing" else primary.plugin,
        nodes={name: node.labels_as(name) for name, node in nodes.items()},
        link_mtus=mtus,
        uplinked_bridges=frozenset(bridges),
    )


def prefixed(path: Path) -> Path:
    """A path from a top-level key, as it is in a stack file: with the project's name."""
    if path and isinstance(path[0], str) and ":" not in path[0]:
        return (f"{PROJECT}:{path[0]}", *path[1:])
    return path

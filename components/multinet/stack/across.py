"""Checks that need more than one section of the settings."""

from __future__ import annotations

from multinet.findings import Finding, Path
from multinet.networks.checks import ROOT, ClusterFacts, check_networks, together
from multinet.networks.declared import views
from multinet.settings.ignore import Ignore, silence
from multinet.stack.collector import collector_paused
from multinet.stack.primary_across import primary_across
from multinet.stack.settings import StackSettings
from multinet.stack.stackfile import PROJECT


@collector_paused()
def check_across(settings: StackSettings, known: list[Finding]) -> list[Finding]:
    """What is `known` of the environment, and how its sections fit together.

    Paths start at the stack's top (`multinet:networks`, …), also those of `known`. Without
    ignored warnings; one that many networks share a cause of is told once.
    """
    across = [f.at(prefixed(f.path)) for f in primary_across(settings)]
    found = [*known, *across, *check_networks(views(settings.networks), facts(settings))]
    ignores = [Ignore((), (f"{PROJECT}:ignore",), settings.ignore)]
    for name, network in settings.networks.items():
        ignores.append(Ignore((ROOT, name), (ROOT, name, "ignore"), network.ignore))
    return together(silence(found, ignores))


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
        conf_dir=settings.multus.dirs.conf,
    )


def prefixed(path: Path) -> Path:
    """A path from a top-level key, as it is in a stack file: with the project's name."""
    if path and isinstance(path[0], str) and ":" not in path[0]:
        return (f"{PROJECT}:{path[0]}", *path[1:])
    return path

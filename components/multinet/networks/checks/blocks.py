"""Networks that are cut into a block for each node: names, and whether there are enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from multinet.findings import Finding
from multinet.networks.checks.view import ROOT, ClusterFacts, NetworkView


def names_on_nodes(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Multus looks for a node's configuration by the NAD's name (v4.3.0, GetCNIConfigFromFile)."""
    for view in views:
        name = view.config.name(view.name)
        if view.blocks is not None and name != view.name:
            rule = f"Multus finds what a node has by the network's name, {view.name}"
            way_out = "leave it out, or rename the network"
            yield Finding("name-on-nodes", (*view.path, "name"), rule, way_out, name)


def enough_blocks(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """A node has one number in all networks, so each needs a block for every node."""
    for view in views:
        if view.blocks is None or not view.blocks.cuts or not facts.nodes:
            continue
        least = min(view.blocks.cuts, key=lambda one: one.count)
        if 0 < least.count < len(facts.nodes):
            rule = f"there are {least}, and {len(facts.nodes)} nodes are declared"
            key = "blockSize" if least.first.version == 4 else "blockSizeIpv6"
            way_out = "choose smaller blocks, which is a larger number, or widen the range"
            path = (ROOT, view.name, "perNode", key)
            yield Finding("blocks-too-few", path, rule, way_out, least.prefix)

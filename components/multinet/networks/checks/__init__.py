"""Checks across networks, and against what is known of the cluster: pure functions."""

from __future__ import annotations

from collections.abc import Mapping

from multinet.findings import Finding
from multinet.networks.checks import addresses, blocks, bridges, ipams, links, names
from multinet.networks.checks.together import together
from multinet.networks.checks.view import ROOT, ClusterFacts, NetworkView

__all__ = ["ROOT", "ClusterFacts", "NetworkView", "check_networks", "together"]


def check_networks(views: Mapping[str, NetworkView], facts: ClusterFacts) -> list[Finding]:
    """Every finding across the networks, in the networks' order.

    Paths start at the stack's top: (`multinet:networks`, name, `config`, …). The time grows
    with n log n: overlaps are found by sorted sweeps, everything else by one pass. Networks with
    nodeSelectors are looked at among those that can be on a node with them.
    """
    networks = [view for view in views.values() if not view.config.refused]
    # What is right of a refused network is enough to tell where it would meet others.
    every = [*views.values()]
    found = [
        *links.missing_devices(networks),
        *addresses.overlapping_ranges(every, facts),
        *addresses.subnets_on_two_segments(every),
        *addresses.subnets_of_the_cluster(every, facts),
        *addresses.small_ranges(networks),
        *links.per_node_allocations(networks, facts),
        *blocks.names_on_nodes(networks),
        *blocks.enough_blocks(networks, facts),
        *links.default_routes(networks, facts),
        *links.subnets_of_nodes(networks, facts),
        *links.mtus(networks, facts),
        *links.uses_of_one_link(networks),
        *links.ports_of_bridges(networks, facts),
        *links.taken_from_others(networks, facts),
        *bridges.gateways_of_one_bridge(networks),
        *bridges.links_that_are_none(networks, facts),
        *bridges.vlans_on_plain_bridges(networks, facts),
        *ipams.in_their_places(networks, facts),
        *ipams.disagreements(networks),
        *names.names_of_nads(networks),
        *names.ovn_networks(networks),
        *names.primaries(networks, facts),
    ]
    order = {name: i for i, name in enumerate(views)}
    found = [f.at(views[str(f.path[1])].written(f.path)) for f in found]
    return sorted(found, key=lambda f: order[str(f.path[1])])

"""Networks on the subnet of live nodes, where pods answer their node by the network. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from multinet.findings import Finding, Severity
from multinet.findings.text import some
from multinet.networks.checks.view import ROOT
from multinet.verify.declared import Declared
from multinet.verify.plan import NodeInfo, selected

_CODE = "nodes-own-subnet"
_SHOWN = 3


def nodes_own_subnets(
    networks: Sequence[Declared], nodes: Sequence[NodeInfo], told: Collection[str] = ()
) -> Iterator[Finding]:
    """A warning for each network on a node's link whose subnet has a node's address in it.

    `told`: names of networks that were seen to fail for it. Declared nodes are looked at before
    (`networks.checks.links`); these are those that the cluster has.
    """
    for network in networks:
        if not network.on_node_link or network.name in told or _CODE in network.accepted:
            continue
        for subnet in dict.fromkeys(network.on_link):
            there = [n for n in nodes if not n.trouble and selected(network, n)]
            inside = [n.name for n in there if any(a in subnet for a in n.addresses)]
            if inside:
                rule = (
                    f"{subnet} has the address of {some(inside, _SHOWN)} in it, and no pod reaches"
                    f" its node by {network.parent or 'its link'}: a pod's answer to that address"
                    " is lost, also to the kubelet's probes where the primary CNI lends them no other"
                )
                way_out = "give the network a subnet of its own, or let its pods have exec probes"
                at = (ROOT, network.name)
                yield Finding("nodes-own-subnet", at, rule, way_out, str(subnet), Severity.WARNING)

"""What of a cluster, as it is, stands in a stack's way: every check of it. Pure."""

from __future__ import annotations

from collections.abc import Collection

from multinet.findings import Finding
from multinet.preflight.allocations import handed_out_again
from multinet.preflight.beside_addons import beside_addons
from multinet.preflight.blocks import node_blocks
from multinet.preflight.conf_file import unready_multus, wrong_conf_file
from multinet.preflight.declared_nodes import strangers
from multinet.preflight.in_use import in_use
from multinet.preflight.look import Seen
from multinet.preflight.namespaces import missing_namespaces
from multinet.preflight.ownership import ownership
from multinet.preflight.pools import unapplied_pools
from multinet.stack.settings import StackSettings


def check(
    stack: StackSettings,
    owner: str,
    seen: Seen,
    namespaces: Collection[str] = (),
    *,
    plain: bool,
) -> list[Finding]:
    """All findings about the cluster.

    Args:
        owner: the stack, as `project/stack`.
        namespaces: those that the program makes itself.
        plain: whether it makes nothing else but what the stack's configuration says.
    """
    return [
        *ownership(stack, owner, seen),
        *beside_addons(stack, owner, seen),
        *missing_namespaces(stack, seen, namespaces),
        *wrong_conf_file(stack, seen),
        *unready_multus(stack, seen),
        *unapplied_pools(stack, seen),
        *strangers(stack.nodes, seen.nodes),
        *in_use(stack, owner, seen.networks, seen.pods, plain=plain),
        *handed_out_again(stack, owner, seen.networks, seen.pods),
        *node_blocks(
            stack,
            owner,
            networks=seen.networks,
            pods=seen.pods,
            nodes=seen.nodes,
            leases=seen.leases,
        ),
    ]

"""What a program makes of a whole stack: its nodes, and the outputs that other stacks read."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from multinet.multus.component import Multus
from multinet.networks.component import Network
from multinet.nodes.component import NodeNetwork
from multinet.preflight.ready import require_ready
from multinet.primary_cni.component import PrimaryCni
from multinet.stack.needs import node_needs
from multinet.stack.settings import StackSettings


def node_networks(
    stack: StackSettings, opts: pulumi.ResourceOptions | None = None
) -> dict[str, NodeNetwork]:
    """All declared nodes of a stack: checked, and only if all are ready, changed.

    Raises pulumi.RunError with every problem on every node.
    """
    require_ready(stack)
    return {
        name: NodeNetwork(name, node, node_needs(node, stack), opts)
        for name, node in stack.nodes.items()
    }


def export(primary: PrimaryCni, multus: Multus, networks: Mapping[str, Network]) -> None:
    """Export `primaryCni`, `multus` and `networks`; docs/reference describes their shape."""
    pulumi.export(
        "primaryCni",
        {
            "plugin": primary.plugin,
            "version": primary.version,
            "confFile": primary.conf_file,
            "podCidrs": primary.pod_cidrs,
        },
    )
    pulumi.export(
        "multus",
        {
            "enabled": multus.enabled,
            "mode": multus.mode,
            "version": multus.version,
            "namespace": multus.namespace,
        },
    )
    pulumi.export("networks", {name: network.summary for name, network in networks.items()})

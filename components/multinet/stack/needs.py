"""What a node needs for everything that a stack declares."""

from __future__ import annotations

from multinet.nodes.requirements import NodeNeeds, requirements
from multinet.nodes.settings import NodeSettings
from multinet.stack.settings import StackSettings


def node_needs(name: str, node: NodeSettings, stack: StackSettings) -> NodeNeeds:
    """What the node of that name needs for everything that the stack declares."""
    return requirements(name, node, stack.networks, stack.multus, stack.primary_cni)

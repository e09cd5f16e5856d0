"""What a node needs for everything that a stack declares."""

from __future__ import annotations

from multinet.nodes.requirements import NodeNeeds, requirements
from multinet.stack.settings import StackSettings


def node_needs(name: str, stack: StackSettings) -> NodeNeeds:
    """What the node needs for everything that the stack declares."""
    return requirements(name, stack.nodes[name], stack.networks, stack.multus, stack.primary_cni)

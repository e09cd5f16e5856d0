"""What a node needs for everything that a stack declares."""

from __future__ import annotations

from multinet.addons.cni_plugins.objects import laid_out
from multinet.addons.cni_plugins.settings import CniPluginsAddonSettings
from multinet.addons.site import SiteSettings
from multinet.nodes.requirements import NodeNeeds, requirements
from multinet.nodes.settings import NodeSettings
from multinet.stack.settings import StackSettings


def node_needs(name: str, node: NodeSettings, stack: StackSettings) -> NodeNeeds:
    """What the node of that name needs for everything that the stack declares."""
    brought: list[str] = []
    if isinstance(stack.addons.cni_plugins, CniPluginsAddonSettings):
        site = SiteSettings(
            multus=stack.multus, primary_cni=stack.primary_cni, networks=stack.networks
        )
        brought = laid_out(stack.addons.cni_plugins, site)
    return requirements(
        name, node, stack.networks, stack.multus, stack.primary_cni, brought=brought
    )

"""What a node needs for everything that a stack declares."""

from __future__ import annotations

import dataclasses

from multinet.addons.cni_plugins.objects import laid_out
from multinet.addons.cni_plugins.settings import CniPluginsAddonSettings
from multinet.addons.site import SiteSettings
from multinet.nodes.requirements import NodeNeeds, requirements
from multinet.nodes.settings import NodeSettings
from multinet.stack.settings import StackSettings


def site(stack: StackSettings) -> SiteSettings:
    """What add-ons have to know of the cluster."""
    return SiteSettings(multus=stack.multus, primary_cni=stack.primary_cni, networks=stack.networks)


def node_needs(name: str, node: NodeSettings, stack: StackSettings) -> NodeNeeds:
    """What the node of that name needs for everything that the stack declares."""
    brought = ["whereabouts"] if stack.addons.whereabouts is not None else []
    brought += ["sriov"] if stack.addons.sriov is not None else []
    if isinstance(stack.addons.cni_plugins, CniPluginsAddonSettings):
        brought += laid_out(stack.addons.cni_plugins, site(stack))
    needs = requirements(
        name, node, stack.networks, stack.multus, stack.primary_cni, brought=brought
    )
    # The add-on runs it on this node, too: two daemons cannot listen on one socket.
    daemons = {} if stack.addons.dhcp_daemon is not None else needs.dhcp_sockets
    return dataclasses.replace(needs, dhcp_sockets=daemons)

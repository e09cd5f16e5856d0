"""Several networks per pod, on any Kubernetes cluster, as Pulumi components."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multinet.addons.cni_plugins.component import CniPlugins
    from multinet.addons.dhcp_daemon.component import DhcpDaemon
    from multinet.addons.dynamic_networks.component import DynamicNetworks
    from multinet.addons.network_policy.component import NetworkPolicyAddon
    from multinet.addons.sriov.component import SriovAddon
    from multinet.addons.whereabouts.component import WhereaboutsAddon
    from multinet.attachments.attach import attach
    from multinet.attachments.attachment import Attachment, BandwidthLimit, PortMapping
    from multinet.attachments.placement import affinity, affinity_from
    from multinet.attachments.resources import resources, resources_from
    from multinet.attachments.stack_reference import attach_from
    from multinet.environment import Environment
    from multinet.kubernetes import Access
    from multinet.multus.component import Multus
    from multinet.networks.component import Networks
    from multinet.networks.resource import Network
    from multinet.nodes.component import NodeNetwork
    from multinet.policies.resource import NetworkPolicy
    from multinet.primary_cni.component import PrimaryCni
    from multinet.stack import StackSettings
    from multinet.stack.program import require as stack_settings
    from multinet.typed import *  # noqa: F403

__all__ = [
    "Access",
    "Attachment",
    "BandwidthLimit",
    "CniPlugins",
    "DhcpDaemon",
    "DynamicNetworks",
    "Environment",
    "Multus",
    "Network",
    "NetworkPolicy",
    "NetworkPolicyAddon",
    "Networks",
    "NodeNetwork",
    "PortMapping",
    "PrimaryCni",
    "SriovAddon",
    "StackSettings",
    "WhereaboutsAddon",
    "affinity",
    "affinity_from",
    "attach",
    "attach_from",
    "resources",
    "resources_from",
    "stack_settings",
]
__version__ = "0.1.0"

_WHERE = {
    "Access": "multinet.kubernetes",
    "Attachment": "multinet.attachments.attachment",
    "BandwidthLimit": "multinet.attachments.attachment",
    "PortMapping": "multinet.attachments.attachment",
    "CniPlugins": "multinet.addons.cni_plugins.component",
    "DhcpDaemon": "multinet.addons.dhcp_daemon.component",
    "DynamicNetworks": "multinet.addons.dynamic_networks.component",
    "NetworkPolicyAddon": "multinet.addons.network_policy.component",
    "SriovAddon": "multinet.addons.sriov.component",
    "WhereaboutsAddon": "multinet.addons.whereabouts.component",
    "Multus": "multinet.multus.component",
    "Environment": "multinet.environment",
    "Network": "multinet.networks.resource",
    "NetworkPolicy": "multinet.policies.resource",
    "Networks": "multinet.networks.component",
    "NodeNetwork": "multinet.nodes.component",
    "PrimaryCni": "multinet.primary_cni.component",
    "StackSettings": "multinet.stack.settings",
    "affinity": "multinet.attachments.placement",
    "affinity_from": "multinet.attachments.placement",
    "attach": "multinet.attachments.attach",
    "attach_from": "multinet.attachments.stack_reference",
    "resources": "multinet.attachments.resources",
    "resources_from": "multinet.attachments.resources",
    "stack_settings": "multinet.stack.program:require",
}


def __getattr__(name: str) -> Any:
    """Import a component when it is asked for: the provider's package takes seconds to load."""
    import importlib

    if name in _WHERE:
        module, _, attribute = _WHERE[name].partition(":")
        return getattr(importlib.import_module(module), attribute or name)
    if name[:1].isupper():
        typed = importlib.import_module("multinet.typed")
        if name in typed.__all__:
            return getattr(typed, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """For completion in a shell, and for Python's own suggestions where a name is a slip."""
    from multinet import typed

    return sorted({*globals(), *__all__, *typed.__all__})

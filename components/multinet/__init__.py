"""Several networks per pod, on any Kubernetes cluster, as Pulumi components."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multinet.attachments.attach import attach
    from multinet.attachments.attachment import Attachment
    from multinet.attachments.stack_reference import attach_from
    from multinet.environment import Environment
    from multinet.kubernetes import Access
    from multinet.multus.component import Multus
    from multinet.multus.settings import MultusSettings
    from multinet.networks.component import Networks
    from multinet.networks.resource import Network
    from multinet.networks.settings import NetworkSettings
    from multinet.nodes.component import NodeNetwork
    from multinet.nodes.settings import NodeSettings
    from multinet.primary_cni.component import PrimaryCni
    from multinet.primary_cni.settings import PrimaryCniSettings
    from multinet.stack import StackSettings
    from multinet.stack.program import require as stack_settings
    from multinet.stack.typed import checked

__all__ = [
    "Access",
    "Attachment",
    "Environment",
    "Multus",
    "MultusSettings",
    "Network",
    "NetworkSettings",
    "Networks",
    "NodeNetwork",
    "NodeSettings",
    "PrimaryCni",
    "PrimaryCniSettings",
    "StackSettings",
    "attach",
    "attach_from",
    "checked",
    "stack_settings",
]
__version__ = "0.1.0"

_WHERE = {
    "Access": "multinet.kubernetes",
    "Attachment": "multinet.attachments.attachment",
    "Multus": "multinet.multus.component",
    "MultusSettings": "multinet.multus.settings",
    "Environment": "multinet.environment",
    "Network": "multinet.networks.resource",
    "Networks": "multinet.networks.component",
    "NetworkSettings": "multinet.networks.settings",
    "NodeNetwork": "multinet.nodes.component",
    "NodeSettings": "multinet.nodes.settings",
    "PrimaryCni": "multinet.primary_cni.component",
    "PrimaryCniSettings": "multinet.primary_cni.settings",
    "StackSettings": "multinet.stack.settings",
    "attach": "multinet.attachments.attach",
    "attach_from": "multinet.attachments.stack_reference",
    "checked": "multinet.stack.typed",
    "stack_settings": "multinet.stack.program:require",
}


def __getattr__(name: str) -> Any:
    """Import a component when it is asked for: the provider's package takes seconds to load."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module, _, attribute = _WHERE[name].partition(":")
    return getattr(importlib.import_module(module), attribute or name)

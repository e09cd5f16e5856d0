"""Several networks per pod, on any Kubernetes cluster, as Pulumi components."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multinet.multus.component import Multus
    from multinet.networks.attachment import Attachment, attach
    from multinet.networks.component import Network
    from multinet.networks.stack_reference import attach_from
    from multinet.nodes.component import NodeNetwork
    from multinet.primary_cni.component import PrimaryCni
    from multinet.settings import StackSettings
    from multinet.settings.program import require as stack_settings
    from multinet.settings.typed import checked

__all__ = [
    "Attachment",
    "Multus",
    "Network",
    "NodeNetwork",
    "PrimaryCni",
    "StackSettings",
    "attach",
    "attach_from",
    "checked",
    "stack_settings",
]
__version__ = "0.1.0"

_WHERE = {
    "Attachment": "multinet.networks.attachment",
    "Multus": "multinet.multus.component",
    "Network": "multinet.networks.component",
    "NodeNetwork": "multinet.nodes.component",
    "PrimaryCni": "multinet.primary_cni.component",
    "StackSettings": "multinet.settings",
    "attach": "multinet.networks.attachment",
    "attach_from": "multinet.networks.stack_reference",
    "checked": "multinet.settings.typed",
    "stack_settings": "multinet.settings.program:require",
}


def __getattr__(name: str) -> Any:
    """Import a component when it is asked for: the provider's package takes seconds to load."""
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    module, _, attribute = _WHERE[name].partition(":")
    return getattr(importlib.import_module(module), attribute or name)

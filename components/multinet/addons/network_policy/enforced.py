"""On which networks policies are enforced. Pure.

The enforcer (multi-networkpolicy-nftables v0.1.0, pkg/controller) looks at the type of a network's
first plugin, and writes rules for the interface's name into the pod's network namespace: what the
kernel's own stack receives and sends there is held to them, and nothing else.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings
from multinet.addons.sriov.settings import SriovAddonSettings
from multinet.cni.config import NetworkConfig
from multinet.cni.plugins.known import PLUGINS
from multinet.networks.settings import NetworkSettings

COVERED: Final = tuple(kind for kind, model in PLUGINS.items() if model.KERNEL_INTERFACE)
"""Plugins that leave an interface of the kernel, with its addresses, in the pod."""


@dataclasses.dataclass(frozen=True, slots=True)
class NotEnforced:
    """Why no policy is enforced on a network.

    Attributes:
        why: in words. way_out: beside taking the network out of the policy; empty: there is none.
    """

    why: str
    way_out: str = ""


def plugins(settings: NetworkPolicyAddonSettings, site: SiteSettings) -> list[str]:
    """Types that the enforcer is told; never none, with which it would not start."""
    if settings.plugins is not None:
        return sorted(set(settings.plugins))
    configs = [network.config for network in site.networks.values() if not network.on_the_nodes]
    held = (c for c in configs if c.main.KERNEL_INTERFACE and not _past_rules(c))
    return sorted({first_type(c) for c in held} or COVERED)


def why_not(
    settings: NetworkPolicyAddonSettings, sriov: SriovAddonSettings | None, network: NetworkSettings
) -> NotEnforced | None:
    """Why no policy is enforced on a network; None: one is.

    What holds whatever the enforcer is told comes first.
    """
    config = network.config
    if network.on_the_nodes:
        why = "its configuration is on the nodes (perNode), and is looked for in its object"
        return NotEnforced(why)
    pool = sriov.pools.get(network.resource_name or "") if sriov is not None else None
    if pool is not None and "vfio-pci" in pool.drivers:
        why = f"functions of {network.resource_name} are for user space (vfio-pci), past the kernel"
        return NotEnforced(why)
    if why := _past_rules(config):
        return NotEnforced(why)
    kind, main = first_type(config), config.main
    if main.KERNEL_INTERFACE if settings.plugins is None else kind in settings.plugins:
        return None
    if main.OWN_POLICIES:
        why = f"of type {main.type}: {main.OWN_POLICIES} enforces policies on its networks itself"
        return NotEnforced(why)
    if settings.plugins is not None:
        why = f"type {kind} is none of plugins ({', '.join(sorted(set(settings.plugins)))})"
        return NotEnforced(why, "add the type to multinet:addons.networkPolicy.plugins")
    why = f"of type {main.type}: it is not known to leave an interface of the kernel"
    way_out = "where it leaves one, name the types as multinet:addons.networkPolicy.plugins"
    return NotEnforced(why, way_out)


def _past_rules(config: NetworkConfig) -> str:
    """Why rules in the pod do not hold what comes and goes; empty: they do, or it is not known."""
    said = ((plugin.type, plugin.past_rules()) for plugin in config.plugins)
    return next((f"of type {kind}: {why}" for kind, why in said if why), "")


def first_type(config: NetworkConfig) -> str:
    """What the enforcer takes for a network's type."""
    return config.plugins[0].type

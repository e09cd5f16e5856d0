"""On which networks policies are enforced. Pure.

The enforcer (multi-networkpolicy-nftables v0.1.0, pkg/controller) looks at the type of a network's
first plugin, and writes rules for the interface's name into the pod's network namespace: what the
kernel's own stack receives and sends there is held to them, and nothing else.
"""

from __future__ import annotations

from typing import Final

from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings
from multinet.addons.sriov.settings import SriovAddonSettings
from multinet.cni.config import NetworkConfig
from multinet.networks.settings import NetworkSettings

COVERED: Final = frozenset(
    {
        "bond",
        "bridge",
        "host-device",
        "ib-sriov",
        "ipoib",
        "ipvlan",
        "macvlan",
        "ovs",
        "ptp",
        "sriov",
        "vlan",
    }
)
"""Plugins that leave an interface of the kernel, with its addresses, in the pod."""

_OTHERS: Final = {
    "ovn-k8s-cni-overlay": "OVN-Kubernetes enforces policies on its networks itself",
    "kube-ovn": "kube-ovn enforces policies on its networks itself",
    "tap": "its frames go to a program in the pod, past the pod's rules",
    "macvtap": "its frames go to a program in the pod, past the pod's rules",
    "cnv-bridge": "its frames go to a virtual machine, past the pod's rules",
}
"""Plugins of which it is known that its rules do not hold, and why."""


def plugins(settings: NetworkPolicyAddonSettings, site: SiteSettings) -> list[str]:
    """Types that the enforcer is told; never none, with which it would not start."""
    if settings.plugins is not None:
        return sorted(set(settings.plugins))
    configs = [network.config for network in site.networks.values()]
    found = {first_type(c) for c in configs if not c.provided and c.main.type in COVERED}
    return sorted(found or COVERED)


def why_not(
    settings: NetworkPolicyAddonSettings, sriov: SriovAddonSettings | None, network: NetworkSettings
) -> str:
    """Why no policy is enforced on a network; empty: one is."""
    config = network.config
    if network.on_the_nodes:
        return "its configuration is on the nodes (perNode), and is looked for in its object"
    pool = sriov.pools.get(network.resource_name or "") if sriov is not None else None
    if pool is not None and "vfio-pci" in pool.drivers:
        return (
            f"functions of {network.resource_name} are for user space (vfio-pci), past the kernel"
        )
    kind = first_type(config)
    if settings.plugins is not None:
        listed = ", ".join(sorted(set(settings.plugins)))
        return "" if kind in settings.plugins else f"type {kind} is none of plugins ({listed})"
    if config.main.type in COVERED:
        return ""
    known = _OTHERS.get(config.main.type, "it is not known to leave an interface of the kernel")
    return f"of type {config.main.type}: {known}"


def first_type(config: NetworkConfig) -> str:
    """What the enforcer takes for a network's type."""
    return config.plugins[0].type

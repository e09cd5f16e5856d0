"""Which add-ons there are: their components, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.addons.addon import AddOn
from multinet.addons.cni_plugins.component import CniPlugins
from multinet.addons.dhcp_daemon.component import DhcpDaemon
from multinet.addons.dynamic_networks.component import DynamicNetworks
from multinet.addons.network_policy.component import NetworkPolicyAddon
from multinet.addons.sriov.component import SriovAddon
from multinet.addons.whereabouts.component import WhereaboutsAddon

ADDONS: Mapping[str, type[AddOn[Any]]] = {
    "cni_plugins": CniPlugins,
    "whereabouts": WhereaboutsAddon,
    "dhcp_daemon": DhcpDaemon,
    "sriov": SriovAddon,
    "dynamic_networks": DynamicNetworks,
    "network_policy": NetworkPolicyAddon,
}
"""Attribute of AddonsSettings → its component."""

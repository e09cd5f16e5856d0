"""Settings of the add-ons: which there are, each off unless said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from multinet.addons.base import AddonSettings
from multinet.addons.cni_plugins.settings import CniPluginsAddonSettings
from multinet.addons.dhcp_daemon.settings import DhcpDaemonAddonSettings
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.sriov.settings import SriovAddonSettings
from multinet.addons.switch import switch
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings
from multinet.findings.model import CheckedModel


class AddonsSettings(CheckedModel):
    """What networks need besides Multus, on every node, without SSH; each off unless said."""

    cni_plugins: Annotated[
        CniPluginsAddonSettings | bool | None, switch(CniPluginsAddonSettings)
    ] = None
    """The CNI reference plugins in every node's plugin directory: true, or how. false: others bring
    them.
    """
    whereabouts: Annotated[
        WhereaboutsAddonSettings | bool | None, switch(WhereaboutsAddonSettings)
    ] = None
    """whereabouts, for addresses that are unique in the whole cluster: true, or how. false: others
    bring it.
    """
    dhcp_daemon: Annotated[
        DhcpDaemonAddonSettings | bool | None, switch(DhcpDaemonAddonSettings)
    ] = None
    """The dhcp plugin's daemon on every node, while a network uses dhcp: true, or how. false: others
    run it.
    """
    sriov: Annotated[SriovAddonSettings | bool | None, switch(SriovAddonSettings)] = None
    """SR-IOV's device plugin, with pools of virtual functions, and its CNI plugin: how. false: others
    bring them.
    """

    dynamic_networks: Annotated[
        DynamicNetworksAddonSettings | bool | None, switch(DynamicNetworksAddonSettings)
    ] = None
    """What attaches running pods to networks and detaches them, beside Multus in thick mode: true, or
    how. false: others bring it.
    """
    network_policy: Annotated[
        NetworkPolicyAddonSettings | bool | None, switch(NetworkPolicyAddonSettings)
    ] = None
    """What enforces policies on networks on every node, and the kind of `multinet:policies`: true, or
    how. false: others enforce them, and bring the kind.
    """

    @property
    def on(self) -> Mapping[str, AddonSettings]:
        """Those that run: attribute → its settings."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: one for name, one in given.items() if isinstance(one, AddonSettings)}

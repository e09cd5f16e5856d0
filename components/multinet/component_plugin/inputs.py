"""What each component takes from another language: its settings, and what a stack would add."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.addons.cni_plugins.settings import CniPluginsAddonSettings
from multinet.addons.dhcp_daemon.settings import DhcpDaemonAddonSettings
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings
from multinet.addons.sriov.settings import SriovAddonSettings
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings
from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import ContextName, DnsLabel, FileName, Network, Secret
from multinet.stack.settings import StackSettings


class NetworkInputs(NetworkSettings):
    """One network that pods can attach to: a NetworkAttachmentDefinition of the resource's name."""


class NetworksInputs(CheckedModel):
    """Networks that are declared together, and checked together: one object each, nothing else."""

    networks: dict[DnsLabel, NetworkSettings]
    """The networks: name → network."""
    pod_cidrs: list[Network] = []
    """The pods' networks of the cluster: networks that collide with them are told of."""
    service_cidrs: list[Network] = []
    """The same of services."""


class EnvironmentInputs(StackSettings):
    """The whole of a stack file: the primary CNI, Multus, nodes and networks, with every check."""


class PrimaryCniInputs(PrimaryCniSettings):
    """The cluster's primary CNI, by its project's own chart; nothing for `existing`."""

    multus: MultusSettings = MultusSettings()
    """What Multus needs of it: its directories, and that Cilium leaves its configuration."""

    def rules(self) -> Iterator[Finding]:
        """Its own, and how it goes with Multus."""
        yield from apart(super().rules(), self.beside_multus() if self.multus.enabled else ())


class MultusInputs(MultusSettings):
    """Multus on every node of the cluster, and the CRD of its networks."""

    primary_conf_file: FileName
    """Name of the primary CNI's configuration file on the nodes."""
    kubeconfig: Secret | None = None
    """Path or contents: how the cluster is reached at a destroy, to remove the CRD when nobody else
    has networks; without it and context the CRD stays.
    """
    context: ContextName | None = None
    """Which of the kubeconfig's contexts."""


class AddonInputs(SiteSettings):
    """What every add-on takes besides its own settings."""

    kubeconfig: Secret | None = None
    """Path or contents: how the cluster is reached before a delete, to take away what was laid out on
    nodes and to wait for that; without it and context nobody waits.
    """
    context: ContextName | None = None
    """Which of the kubeconfig's contexts."""


class CniPluginsInputs(AddonInputs, CniPluginsAddonSettings):
    """The CNI reference plugins in every node's plugin directory, by a DaemonSet."""


class WhereaboutsAddonInputs(AddonInputs, WhereaboutsAddonSettings):
    """whereabouts: addresses that are unique in the whole cluster."""


class DhcpDaemonInputs(AddonInputs, DhcpDaemonAddonSettings):
    """The dhcp plugin's daemon on every node, while a network uses dhcp."""


class SriovAddonInputs(AddonInputs, SriovAddonSettings):
    """SR-IOV: its device plugin with pools of virtual functions, and its CNI plugin."""


class DynamicNetworksInputs(AddonInputs, DynamicNetworksAddonSettings):
    """Running pods attached to networks and detached, by a change of their annotation."""


class NetworkPolicyAddonInputs(AddonInputs, NetworkPolicyAddonSettings):
    """Policies on networks, enforced on every node, and their kind."""


class NodeNetworkInputs(NodeSettings):
    """One node of the resource's name, brought to what is declared; a delete restores it."""

    networks: dict[DnsLabel, NetworkSettings] = {}
    """Those whose pods may land on it: name → network."""
    multus: MultusSettings = MultusSettings()
    """As it runs on the node."""
    primary_cni: PrimaryCniSettings | None = None
    """The cluster's primary CNI, which brings plugins of its own."""

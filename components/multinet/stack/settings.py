"""The whole configuration of a stack, under `multinet:`."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.addons.settings import AddonsSettings
from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.policies.settings import PolicySettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import ContextName, DnsLabel, NodeName, Secret


class StackSettings(CheckedModel):
    """Everything that a stack file can say; one attribute for each `multinet:` key."""

    kubeconfig: Secret | None = None
    """A file's path or a kubeconfig's contents; absent: the ambient one."""
    context: ContextName | None = None
    """Which of the kubeconfig's contexts; absent: its current one."""
    protect: bool = False
    """Whether Pulumi protects the environment: a destroy, and an update that would remove or replace
    something of it, is refused. Nodes, and networks with `protect: false`, may go.
    """
    primary_cni: PrimaryCniSettings = PrimaryCniSettings()
    """Every pod's eth0: which primary CNI, and how."""
    multus: MultusSettings = MultusSettings()
    """How Multus runs."""
    addons: AddonsSettings = AddonsSettings()
    """What networks need besides Multus, on every node, without SSH: each add-on is off unless said."""
    networks: dict[DnsLabel, NetworkSettings] = {}
    """The secondary networks: name → network."""
    policies: dict[DnsLabel, PolicySettings] = {}
    """What pods may receive and send on networks: name → policy. The add-on networkPolicy enforces
    them.
    """
    nodes: dict[NodeName, NodeSettings] = {}
    """What the nodes have and need: node's name → node. Nodes that are not named are left as they
    are.
    """
    ignore: dict[str, str] = {}
    """Warnings that are known and accepted, wherever in the environment they are: code → reason; a
    network has its own `ignore`.
    """

    def rules(self) -> Iterator[Finding]:
        if self.multus.enabled:
            found = self.primary_cni.beside_multus()
            yield from (finding.under(("primaryCni",)) for finding in found)

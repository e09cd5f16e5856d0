"""What each component takes from another language: its settings, and what a stack would add."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import DnsLabel, FileName, Network, Secret
from multinet.stack.settings import StackSettings, cilium_exclusive


class NetworkInputs(NetworkSettings):
    """One network that pods can attach to: a NetworkAttachmentDefinition of the resource's name.

    config: the CNI configuration in the specification's own keys: an object, its JSON text, or
    the list form with `plugins`. namespace: of the NetworkAttachmentDefinition.
    """


class NetworksInputs(CheckedModel):
    """Networks that are declared together, and checked together: one object each, nothing else.

    networks: name → network. pod_cidrs, service_cidrs: of the cluster: networks that collide with
    them are told of.
    """

    networks: dict[DnsLabel, NetworkSettings]
    pod_cidrs: list[Network] = []
    service_cidrs: list[Network] = []


class EnvironmentInputs(StackSettings):
    """The whole of a stack file: the primary CNI, Multus, nodes and networks, with every check.

    primary_cni: every pod's eth0. multus: calls it for eth0 and a plugin for each further network.
    networks: name → network. nodes: name of a node → what is to be made on it. kubeconfig: path or
    contents of a kubeconfig; absent: the ambient one. context: which of its contexts. ignore:
    warnings of all of it that are known and accepted: code → reason.
    """


class PrimaryCniInputs(PrimaryCniSettings):
    """The cluster's primary CNI, by its project's own chart; nothing for `existing`.

    multus: what Multus needs of it: its directories, and that Cilium leaves its configuration.
    """

    multus: MultusSettings = MultusSettings()

    def rules(self) -> Iterator[Finding]:
        """Its own, and how it goes with Multus."""
        yield from super().rules()
        own = {"primaryCni": self.model_dump(by_alias=True)}
        for finding in cilium_exclusive({**own, "multus": {"enabled": self.multus.enabled}}):
            yield finding.at(finding.path[1:])


class MultusInputs(MultusSettings):
    """Multus on every node of the cluster, and the CRD of its networks.

    enabled: false: the cluster has a Multus that others manage, and nothing is created.
    primary_conf_file: name of the primary CNI's configuration file on the nodes. kubeconfig: path
    or contents: how the cluster is reached at a destroy, to remove the CRD when nobody else has
    networks; without it and context the CRD stays. context: which of the kubeconfig's contexts.
    """

    primary_conf_file: FileName
    kubeconfig: Secret | None = None
    context: Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None


class NodeNetworkInputs(NodeSettings):
    """One node of the resource's name, brought to what is declared; a delete restores it.

    networks: those whose pods may land on it: name → network. multus: as it runs on the node.
    primary_cni: the cluster's primary CNI, which brings plugins of its own.
    """

    networks: dict[DnsLabel, NetworkSettings] = {}
    multus: MultusSettings = MultusSettings()
    primary_cni: PrimaryCniSettings | None = None

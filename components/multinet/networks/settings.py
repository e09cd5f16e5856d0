"""Settings of one secondary network: where its NAD lives and the CNI configuration it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from multinet.cni.config import OF_THE_NODES, NetworkConfig, read
from multinet.findings import Finding, errors
from multinet.findings.model import CheckedModel, carrier, refusal
from multinet.findings.part import readable
from multinet.networks.blocks import Blocks, merged
from multinet.networks.per_node import PerNode, PerNodeSettings
from multinet.settings.types import AnnotationValue, DnsLabel, LabelKey, LabelValue


def _parse_config(raw: Any) -> NetworkConfig:
    if isinstance(raw, NetworkConfig):
        return raw
    config, findings = read(raw)
    if config is None or errors(findings):
        raise carrier(findings, config)
    return config


CniConfig = Annotated[
    NetworkConfig, PlainValidator(_parse_config), WithJsonSchema({"title": "CniConfig"})
]


def _is_resource_name(text: str) -> str:
    if not _RESOURCE_NAME.fullmatch(text):
        rule = "must be a device plugin's resource, domain/name, or the name of a DRA claim"
        way_out = "write it like intel.com/sriov; `kubectl get node -o yaml` lists a node's"
        raise refusal("not-a-resource-name", rule, way_out)
    return text


_RESOURCE_NAME = re.compile(r"[A-Za-z0-9._-]{1,253}(/[A-Za-z0-9._-]{1,253})?")
ResourceName = Annotated[str, AfterValidator(_is_resource_name)]
"""What Multus looks up among a pod's devices: any text (v4.3.0, k8sclient.go:323)."""


class NetworkSettings(CheckedModel):
    """One network that pods can attach to."""

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [{"required": ["config"]}, {"required": ["perNode"]}]}
    )

    config: CniConfig = Field(default_factory=lambda: OF_THE_NODES)
    """The CNI configuration in the specification's own keys: an object, its JSON text, or the list
    form with `plugins`.
    """
    per_node: PerNode = None
    """A configuration of its own on each node, made of `config`: a block of its addresses, a parent
    of another name. Or, without config, `provided`: others lay one out, and Multus looks for it by
    the network's name in the node's /etc/cni/multus/net.d.
    """
    namespace: DnsLabel = "default"
    """Of the NetworkAttachmentDefinition."""
    resource_name: ResourceName | None = None
    """Of a device plugin, such as SR-IOV's; Multus hands the device on."""
    labels: dict[LabelKey, LabelValue] = {}
    """Of the NetworkAttachmentDefinition."""
    annotations: dict[LabelKey, AnnotationValue] = {}
    """Of the NetworkAttachmentDefinition."""
    node_selector: dict[LabelKey, LabelValue] = {}
    """Which nodes' pods can use it; empty: all."""
    protect: bool = True
    """Whether it may not leave the environment while live pods ask for it: `up` refuses that."""
    ignore: dict[str, str] = {}
    """Warnings that are known and accepted: code → reason."""

    @property
    def blocks(self) -> Blocks | None:
        """What it is on each node; None: the same on all, or not known."""
        if not isinstance(self.per_node, PerNodeSettings) or self.config.provided:
            return None
        return self.per_node.blocks(self.config)

    def on_node(self, node: str) -> NetworkSettings:
        """As it is on a node, its block not regarded."""
        own = self.per_node.nodes.get(node) if isinstance(self.per_node, PerNodeSettings) else None
        if not own or self.config.provided:
            return self
        config, _ = read(merged(self.config, own))
        return self if config is None else self.model_copy(update={"config": config})

    @property
    def on_the_nodes(self) -> bool:
        """Whether the nodes have its configuration, and not its NAD."""
        return self.per_node is not None

    def rules(self) -> Iterator[Finding]:
        """A configuration, or who else has it."""
        own = self.per_node if isinstance(self.per_node, PerNodeSettings) else None
        if own is not None and not self.config.provided:
            yield from readable(lambda: list(own.findings(self.config))) or ()
        if not self.config.provided and self.per_node == "provided":
            rule = "the network has a configuration, so Multus reads none of the nodes' files"
            way_out = "remove it, or the configuration"
            yield Finding("config-and-per-node", ("perNode",), rule, way_out, self.per_node)
        if self.config.provided and self.per_node != "provided":
            rule = "'config' is required here"
            way_out = "add the key"
            if own is None:
                way_out += ", or perNode: provided where each node has a file with it"
            yield Finding("missing-key", ("config",), rule, way_out)

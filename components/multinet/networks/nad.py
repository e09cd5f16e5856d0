"""NetworkAttachmentDefinitions as plain manifests (multi-net-spec v1.3, section 3)."""

from __future__ import annotations

import json
from typing import Any

from multinet.names import PER_NODE, PROTECT, RESOURCE_NAME
from multinet.networks.per_node import PerNodeSettings
from multinet.networks.settings import NetworkSettings

API_VERSION = "k8s.cni.cncf.io/v1"
KIND = "NetworkAttachmentDefinition"


def manifest(name: str, network: NetworkSettings) -> dict[str, Any]:
    """The NAD called `name`: the user's configuration, plus its name when it has none.

    Where each node has its own the NAD holds none: Multus then reads the node's.
    """
    annotations = dict(network.annotations)
    if network.resource_name:
        annotations[RESOURCE_NAME] = network.resource_name
    if not network.protect:
        annotations[PROTECT] = "false"
    if (made := made_of(network)) is not None:
        annotations[PER_NODE] = json.dumps(made, sort_keys=True, ensure_ascii=False)
    labels = {"app.kubernetes.io/part-of": "multinet", **network.labels}
    metadata: dict[str, Any] = {"name": name, "namespace": network.namespace, "labels": labels}
    if annotations:
        metadata["annotations"] = annotations
    spec = {} if network.on_the_nodes else {"config": network.config.to_json(name)}
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata,
        "spec": spec,
    }


def made_of(network: NetworkSettings) -> dict[str, Any] | None:
    """What each node's configuration is made of, with a stack file's keys; None: of nothing here."""
    if network.blocks is None or not isinstance(network.per_node, PerNodeSettings):
        return None
    own = network.per_node.model_dump(by_alias=True, exclude_defaults=True)
    return {"config": network.config.raw, "perNode": own}

"""NetworkAttachmentDefinitions as plain manifests (multi-net-spec v1.3, section 3)."""

from __future__ import annotations

from typing import Any

from multinet.names import PROTECT, RESOURCE_NAME
from multinet.networks.settings import NetworkSettings

API_VERSION = "k8s.cni.cncf.io/v1"
KIND = "NetworkAttachmentDefinition"


def manifest(name: str, network: NetworkSettings) -> dict[str, Any]:
    """The NAD called `name`: the user's configuration, plus its name when it has none."""
    annotations = dict(network.annotations)
    if network.resource_name:
        annotations[RESOURCE_NAME] = network.resource_name
    if not network.protect:
        annotations[PROTECT] = "false"
    labels = {"app.kubernetes.io/part-of": "multinet", **network.labels}
    metadata: dict[str, Any] = {"name": name, "namespace": network.namespace, "labels": labels}
    if annotations:
        metadata["annotations"] = annotations
    spec = {} if network.config.provided else {"config": network.config.to_json(name)}
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata,
        "spec": spec,
    }

"""The picture of an environment in its summary, with networks that the program made itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multinet.diagram import diagram, mermaid
from multinet.findings.model import check
from multinet.names import RESOURCE_NAME
from multinet.networks.settings import NetworkSettings
from multinet.stack import StackSettings

KIND = "NetworkAttachmentDefinition"


def picture(settings: StackSettings) -> str:
    """The environment as Mermaid text."""
    return mermaid(diagram(settings, ""))


def with_made(settings: StackSettings, manifests: Iterable[Mapping[str, Any]]) -> StackSettings:
    """The settings with the networks of rendered NADs that no stack file declares.

    A program may make networks of a table or of its own rules; the manifests know them all.
    """
    made: dict[str, NetworkSettings] = {}
    for manifest in manifests:
        if manifest.get("kind") != KIND or manifest["metadata"]["name"] in settings.networks:
            continue
        metadata = manifest["metadata"]
        annotations = dict(metadata.get("annotations", {}))
        declared = {
            "config": manifest.get("spec", {}).get("config", ""),
            "namespace": metadata.get("namespace", "default"),
            "resourceName": annotations.pop(RESOURCE_NAME, None),
        }
        network, _ = check(NetworkSettings, declared)
        if network is not None:
            name = metadata["name"]
            made[name if name not in made else f"{name} ({network.namespace})"] = network
    return settings.model_copy(update={"networks": {**settings.networks, **made}})

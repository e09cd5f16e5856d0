"""The `Network` component: one secondary network."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet import kubernetes
from multinet.names import NETWORKS
from multinet.networks import nad
from multinet.networks.settings import NetworkSettings


class Network(pulumi.ComponentResource):
    """One network that pods can attach to: a NetworkAttachmentDefinition.

    Args:
        name: of the network; the NAD has the same name.
        settings: its checked configuration.

    Outputs: namespace, reference (`namespace/name`), type, annotation (for a pod template's
    metadata), subnets.
    """

    def __init__(
        self,
        name: str,
        settings: NetworkSettings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("multinet:index:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kubernetes.create(f"{name}-nad", nad.manifest(name, settings), child)
        self.summary = summary(name, settings)
        self.register_outputs(self.summary)


def summary(name: str, settings: NetworkSettings) -> dict[str, Any]:
    """What another stack needs in order to attach a pod: the stack's `networks` output."""
    reference = f"{settings.namespace}/{name}"
    return {
        "namespace": settings.namespace,
        "reference": reference,
        "type": settings.config.main.type,
        "annotation": {NETWORKS: reference},
        "subnets": settings.config.subnets(),
    }

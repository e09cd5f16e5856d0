"""The `Network` resource: one secondary network, which is one NetworkAttachmentDefinition."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource

from multinet import kubernetes
from multinet.names import NETWORKS
from multinet.networks import nad
from multinet.networks.settings import NetworkSettings

FORMER_COMPONENT = "multinet:index:Network"
"""What stood around each NetworkAttachmentDefinition until v0.1.0: a component of its own."""


class Network(CustomResource):  # type: ignore[misc]  # the provider's package is not read by mypy
    """One network that pods can attach to: a NetworkAttachmentDefinition.

    The resource is the object itself: a thousand networks are a thousand resources.

    Args:
        name: of the network; the NAD has the same name.
        settings: its checked configuration.

    Outputs: those of the object, and type (of the plugin that makes the interface), reference
    (`namespace/name`), annotation (for a pod template's metadata), subnets.
    """

    def __init__(
        self,
        name: str,
        settings: NetworkSettings,
        opts: pulumi.ResourceOptions | None = None,
        *,
        _logical: str | None = None,
    ) -> None:
        logical = _logical or name
        self.summary = summary(name, settings)
        manifest = kubernetes.marked(nad.manifest(name, settings))
        super().__init__(
            logical,
            api_version=manifest["apiVersion"],
            kind=manifest["kind"],
            metadata=manifest["metadata"],
            spec=manifest["spec"],
            opts=pulumi.ResourceOptions.merge(opts, _as_it_was_called(name, opts)),
        )

    @property
    def type(self) -> pulumi.Output[str]:
        """Of the CNI plugin that makes the interface."""
        return self._told("type")

    @property
    def reference(self) -> pulumi.Output[str]:
        """`namespace/name`, as a pod's annotation names it."""
        return self._told("reference")

    @property
    def annotation(self) -> pulumi.Output[dict[str, str]]:
        """For the metadata of a pod's template."""
        return self._told("annotation")

    @property
    def subnets(self) -> pulumi.Output[list[str]]:
        """What its IPAM hands out addresses of."""
        return self._told("subnets")

    def _told(self, key: str) -> pulumi.Output[Any]:
        return pulumi.Output.from_input(self.summary[key])


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


def _as_it_was_called(
    name: str, opts: pulumi.ResourceOptions | None
) -> pulumi.ResourceOptions | None:
    """The alias by which a state of v0.1.0 knows the object, unless the options say aliases."""
    if opts is not None and opts.aliases:
        return None
    parent = opts.parent if opts is not None else None
    former = (
        pulumi.create_urn(name, FORMER_COMPONENT, parent)
        if parent is not None
        else former_urn(name)
    )
    return pulumi.ResourceOptions(aliases=[pulumi.Alias(name=f"{name}-nad", parent=former)])


def former_urn(name: str) -> str:
    """A network's component in a state of v0.1.0, where it had no parent; plain, so it is cheap."""
    return f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{FORMER_COMPONENT}::{name}"

"""The `Network` resource: one secondary network, which is one NetworkAttachmentDefinition."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

import pulumi

from multinet import kubernetes, watch
from multinet.findings.model import check
from multinet.names import NETWORKS
from multinet.networks import nad
from multinet.networks.checks import ROOT, NetworkView
from multinet.networks.declared import check_one, undelivered, views
from multinet.networks.settings import NetworkSettings
from multinet.settle import Settled, settle, split
from multinet.typed import Chain, NetworkArgs, Plugin
from multinet.typed.base import tree

Config = Plugin | Chain | pulumi.Input[Mapping[str, Any]] | pulumi.Input[str]
"""A CNI configuration: typed, a mapping in the specification's own keys, or JSON text."""

Texts = pulumi.Input[Mapping[str, pulumi.Input[str]]]

FORMER_COMPONENT = "multinet:index:Network"
"""What stood around each NetworkAttachmentDefinition until v0.1.0: a component of its own."""


class Network(pulumi.CustomResource):
    """One network that pods can attach to: a NetworkAttachmentDefinition.

    The resource is the object itself: a thousand networks are a thousand resources. A wrong value
    is refused on the author's own line; one that is an Output when it is known, and before the
    object is created.

    Args:
        name: of the network; the NAD has the same name.
        config: a typed plugin or `Chain`, a mapping in CNI's own keys, or JSON text; or all of a
            network's settings, as NetworkArgs or checked.
        opts: as of every resource.
        namespace: of the NAD; default: default.
        resource_name: of a device plugin (SR-IOV …), for its annotation.
        labels, annotations: of the NAD, besides ours.
        node_selector: labels of the nodes whose pods can use it; default: all nodes.
        protect: whether it may not go while pods ask for it, where `Environment` looks; default:
            true.
        ignore: warnings that are known and accepted: code → reason.
        per_node: `provided` instead of config: each node has one, which others lay out.

    Outputs: those of the object, and type (of the plugin that makes the interface), reference
    (`namespace/name`), annotation (for a pod template's metadata), subnets.

    Raises pulumi.RunError with every problem, which the engine shows without a traceback.
    """

    metadata: pulumi.Output[Any]
    spec: pulumi.Output[Any]

    def __init__(
        self,
        name: str,
        config: Config | NetworkArgs | NetworkSettings | Settled[NetworkSettings] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        *,
        namespace: pulumi.Input[str] | None = None,
        resource_name: pulumi.Input[str] | None = None,
        labels: Texts | None = None,
        annotations: Texts | None = None,
        node_selector: Texts | None = None,
        protect: pulumi.Input[bool] | None = None,
        ignore: Texts | None = None,
        per_node: pulumi.Input[Literal["provided"]] | None = None,
        _logical: str | None = None,
        _given: object = None,
    ) -> None:
        given: object = config
        if not isinstance(config, NetworkSettings | Settled):
            around: dict[str, Any] = {
                "namespace": namespace,
                "resource_name": resource_name,
                "labels": labels,
                "annotations": annotations,
                "node_selector": node_selector,
                "protect": protect,
                "ignore": ignore,
                "per_node": per_node,
            }
            said = {key: value for key, value in around.items() if value is not None}
            whole = config if isinstance(config, NetworkArgs) else NetworkArgs(config=config)
            given = dataclasses.replace(whole, **said)
        self._network = name
        self.settings = settled_network(name, given)
        watch.declares("networks", name, self.settings, alone=_logical is None)
        self.summary = self.settings.map(lambda known: summary(name, known))
        metadata, spec = _parts(name, self.settings, given if _given is None else _given)
        # By Pulumi's own class: what it keeps of each resource, where in the program it was declared,
        # then begins at the author's line, and is that much shorter a thousand times.
        super().__init__(
            f"kubernetes:{nad.API_VERSION}:{nad.KIND}",
            _logical or name,
            {"apiVersion": nad.API_VERSION, "kind": nad.KIND, "metadata": metadata, "spec": spec},
            kubernetes.pinned(pulumi.ResourceOptions.merge(opts, _as_it_was_called(name, opts))),
        )

    @property
    def type(self) -> pulumi.Output[str]:
        """Of the CNI plugin that makes the interface; `provided` where the nodes have it."""
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

    @property
    def view(self) -> Settled[NetworkView]:
        """What `attach` checks a pod's wishes against."""
        return self.settings.then(lambda known: views({self._network: known})[self._network])

    def _told(self, key: str) -> pulumi.Output[Any]:
        return pulumi.Output.from_input(self.summary).apply(lambda told: told[key])


def _parts(
    name: str, settings: Settled[NetworkSettings], given: object
) -> tuple[pulumi.Input[Any], pulumi.Input[Any]]:
    """The object's metadata and spec; an Output where it is made of one."""

    def marked(known: NetworkSettings) -> dict[str, Any]:
        return kubernetes.marked(nad.manifest(name, known))

    if settings.later is None:
        whole = settings.map(marked)
        return whole["metadata"], whole["spec"]
    later = settings.later.apply(marked)
    raw = tree(given)
    if not isinstance(raw, dict):
        return later["metadata"], later["spec"]
    around, unknown = split({key: value for key, value in raw.items() if key != "config"})
    if unknown:
        return later["metadata"], later["spec"]
    # Where its configuration alone is not known yet, a preview shows what it is called.
    stand_in, _ = check(NetworkSettings, {**around, "config": {"type": "later"}})
    return (marked(stand_in)["metadata"] if stand_in else later["metadata"]), later["spec"]


def settled_network(name: str, given: object) -> Settled[NetworkSettings]:
    """A network's settings, checked now or when they are known. Raises pulumi.RunError."""
    if isinstance(given, Settled):
        return given
    if isinstance(given, NetworkSettings) and not undelivered(given):
        return Settled(given)
    given = with_version(given)
    return settle(lambda raw: check_one(name, raw), given, f"network {name}", part=(ROOT, name))


def with_version(given: object) -> object:
    """A typed plugin by itself has the newest version that every runtime knows: 1.0.0."""
    if isinstance(given, Plugin | Chain):
        given = NetworkArgs(config=given)
    if not isinstance(given, NetworkArgs) or not isinstance(given.config, Plugin):
        return given
    return {**given.tree(), "config": {"cniVersion": "1.0.0", **given.config.tree()}}


def with_versions(networks: Mapping[str, object]) -> dict[str, Any]:
    """Name → network as plain data, each with its version."""
    return {name: tree(with_version(one)) for name, one in networks.items()}


def summary(name: str, settings: NetworkSettings) -> dict[str, Any]:
    """What another stack needs in order to attach a pod: the stack's `networks` output."""
    reference = f"{settings.namespace}/{name}"
    return {
        "namespace": settings.namespace,
        "reference": reference,
        "type": settings.config.main.type,
        "annotation": {NETWORKS: reference},
        "subnets": settings.config.subnets(),
        **({"nodeSelector": dict(settings.node_selector)} if settings.node_selector else {}),
        **({"resourceName": settings.resource_name} if settings.resource_name else {}),
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

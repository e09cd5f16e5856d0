"""From checked inputs to multinet's components, and what each gives back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pydantic import BaseModel

from multinet import kubernetes
from multinet.addons.addon import AddOn
from multinet.addons.cni_plugins.component import CniPlugins
from multinet.addons.dhcp_daemon.component import DhcpDaemon
from multinet.addons.dynamic_networks.component import DynamicNetworks
from multinet.addons.network_policy.component import NetworkPolicyAddon
from multinet.addons.site import SiteSettings
from multinet.addons.sriov.component import SriovAddon
from multinet.addons.whereabouts.component import WhereaboutsAddon
from multinet.component_plugin import inputs
from multinet.environment import Environment
from multinet.findings import Finding
from multinet.findings.model import check
from multinet.kubernetes import Access
from multinet.multus.component import Multus
from multinet.networks import nad
from multinet.networks.checks import ClusterFacts
from multinet.networks.component import Networks
from multinet.networks.declared import check_one, check_several
from multinet.networks.resource import summary
from multinet.nodes.component import NodeNetwork
from multinet.nodes.requirements import requirements
from multinet.primary_cni.component import PrimaryCni
from multinet.settings.types import reveal
from multinet.settle import Settled
from multinet.stack.settings import StackSettings
from multinet.stack.settled import check_whole

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_ANYTHING = {"type": "object", "additionalProperties": {"$ref": "pulumi.json#/Any"}}

Built = tuple[pulumi.ComponentResource, Mapping[str, Any]]
"""A component and its outputs."""


Look = Callable[[str, Mapping[str, Any]], tuple[Any, list[Finding]]]


@dataclasses.dataclass(frozen=True)
class ComponentKind:
    """One component of the package.

    Attributes:
        inputs: the model of what it takes.
        outputs: output → its schema.
        make: name, inputs and options → the component and its outputs.
        look: name and raw inputs → checked ones, where the model alone does not check them.
    """

    inputs: type[BaseModel]
    outputs: Mapping[str, dict[str, Any]]
    make: Callable[[str, Any, pulumi.ResourceOptions | None], Built]
    look: Look | None = None

    def check(self, name: str, raw: Mapping[str, Any]) -> tuple[Any, list[Finding]]:
        """The inputs, or None, and every finding, with paths from the resource's inputs."""
        return self.look(name, raw) if self.look is not None else check(self.inputs, raw)


class _Network(pulumi.ComponentResource):
    """A component around a network's object, since a plugin can construct nothing else."""

    def __init__(
        self, name: str, given: inputs.NetworkInputs, opts: pulumi.ResourceOptions | None
    ) -> None:
        super().__init__("multinet:index:Network", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        kubernetes.create(f"{name}-nad", nad.manifest(name, given), child)
        self.told = summary(name, given)
        self.register_outputs(self.told)


def _network(name: str, given: inputs.NetworkInputs, opts: pulumi.ResourceOptions | None) -> Built:
    made = _Network(name, given, opts)
    return made, made.told


def _networks(
    name: str, given: inputs.NetworksInputs, opts: pulumi.ResourceOptions | None
) -> Built:
    # They were checked with what spans them: not once more, and their warnings told once.
    made = Networks(name, {key: Settled(known) for key, known in given.networks.items()}, opts)
    return made, {"networks": {key: network.summary for key, network in made.networks.items()}}


def _look_at_networks(
    _name: str, raw: Mapping[str, Any]
) -> tuple[inputs.NetworksInputs | None, list[Finding]]:
    given, findings = check(inputs.NetworksInputs, raw)
    networks = raw.get("networks")
    if not isinstance(networks, Mapping):
        return given, findings
    facts = ClusterFacts(
        pod_cidrs=tuple(given.pod_cidrs) if given else (),
        service_cidrs=tuple(given.service_cidrs) if given else (),
    )
    others = [f for f in findings if f.path[:1] != ("networks",)]
    return given, [*others, *(f.under(("networks",)) for f in check_several(networks, facts)[1])]


def _environment(name: str, given: StackSettings, opts: pulumi.ResourceOptions | None) -> Built:
    made = Environment(name, given, opts)
    return made, made.told


def _primary_cni(
    name: str, given: inputs.PrimaryCniInputs, opts: pulumi.ResourceOptions | None
) -> Built:
    made = PrimaryCni(name, given, given.multus, opts)
    return made, made.told


def _multus(name: str, given: inputs.MultusInputs, opts: pulumi.ResourceOptions | None) -> Built:
    made = Multus(name, given, given.primary_conf_file, opts, _access(given))
    return made, made.told


def _access(given: inputs.MultusInputs | inputs.AddonInputs) -> Access | None:
    if given.kubeconfig is None and given.context is None:
        return None
    return Access(reveal(given.kubeconfig), given.context)


def _addon(kind: type[AddOn[Any]]) -> Callable[..., Built]:
    """How an add-on's component is made: its own settings apart from the cluster's."""

    def make(name: str, given: inputs.AddonInputs, opts: pulumi.ResourceOptions | None) -> Built:
        site = SiteSettings(**{key: getattr(given, key) for key in SiteSettings.model_fields})
        made = kind(name, Settled(given), site, opts, _access(given))
        return made, made.told

    return make


def _node_network(
    name: str, given: inputs.NodeNetworkInputs, opts: pulumi.ResourceOptions | None
) -> Built:
    needs = requirements(name, given, given.networks, given.multus, given.primary_cni)
    made = NodeNetwork(name, given, needs, opts)
    return made, {"node": name, "networks": [*needs.networks]}


KINDS: Mapping[str, ComponentKind] = {
    "Network": ComponentKind(
        inputs.NetworkInputs,
        {
            "namespace": {**_TEXT, "description": "Of the NetworkAttachmentDefinition."},
            "reference": {**_TEXT, "description": "namespace/name, as an annotation names it."},
            "type": {**_TEXT, "description": "Of the CNI plugin that makes the interface."},
            "annotation": {
                "type": "object",
                "additionalProperties": _TEXT,
                "description": "For the metadata of a pod's template.",
            },
            "subnets": {**_TEXTS, "description": "What its IPAM hands out addresses of."},
        },
        _network,
        check_one,
    ),
    "Networks": ComponentKind(
        inputs.NetworksInputs,
        {"networks": {**_ANYTHING, "description": "Name → what a Network's outputs are."}},
        _networks,
        _look_at_networks,
    ),
    "Environment": ComponentKind(
        inputs.EnvironmentInputs,
        {
            "primaryCni": {**_ANYTHING, "description": "plugin, version, confFile, podCidrs."},
            "multus": {**_ANYTHING, "description": "enabled, mode, version, namespace."},
            "networks": {**_ANYTHING, "description": "Name → what a Network's outputs are."},
        },
        _environment,
        lambda _name, raw: check_whole(raw),
    ),
    "PrimaryCni": ComponentKind(
        inputs.PrimaryCniInputs,
        {
            "plugin": {**_TEXT, "description": "Which primary CNI."},
            "version": {**_TEXT, "description": "Its release; empty for an existing one."},
            "confFile": {**_TEXT, "description": "Its configuration file; Multus is pinned to it."},
            "podCidrs": {**_TEXTS, "description": "The pods' networks."},
        },
        _primary_cni,
    ),
    "Multus": ComponentKind(
        inputs.MultusInputs,
        {
            "enabled": {"type": "boolean", "description": "Whether this component brings it."},
            "mode": {**_TEXT, "description": "thick or thin."},
            "version": {**_TEXT, "description": "What runs: a release, or an image's tag."},
            "namespace": {**_TEXT, "description": "Where Multus runs."},
        },
        _multus,
    ),
    "CniPlugins": ComponentKind(
        inputs.CniPluginsInputs,
        {
            "namespace": {**_TEXT, "description": "Where its pods run."},
            "plugins": {**_TEXTS, "description": "What is laid out on each node."},
        },
        _addon(CniPlugins),
    ),
    "WhereaboutsAddon": ComponentKind(
        inputs.WhereaboutsAddonInputs,
        {"namespace": {**_TEXT, "description": "Where it runs, and keeps its books."}},
        _addon(WhereaboutsAddon),
    ),
    "DhcpDaemon": ComponentKind(
        inputs.DhcpDaemonInputs,
        {
            "namespace": {**_TEXT, "description": "Where its pods run."},
            "sockets": {**_TEXTS, "description": "Where it listens on each node."},
        },
        _addon(DhcpDaemon),
    ),
    "SriovAddon": ComponentKind(
        inputs.SriovAddonInputs,
        {
            "namespace": {**_TEXT, "description": "Where its pods run."},
            "resources": {**_TEXTS, "description": "What pods can ask for."},
        },
        _addon(SriovAddon),
    ),
    "DynamicNetworks": ComponentKind(
        inputs.DynamicNetworksInputs,
        {"namespace": {**_TEXT, "description": "Where its pods run."}},
        _addon(DynamicNetworks),
    ),
    "NetworkPolicyAddon": ComponentKind(
        inputs.NetworkPolicyAddonInputs,
        {
            "namespace": {**_TEXT, "description": "Where its pods run."},
            "plugins": {**_TEXTS, "description": "Types of networks that it enforces policies on."},
        },
        _addon(NetworkPolicyAddon),
    ),
    "NodeNetwork": ComponentKind(
        inputs.NodeNetworkInputs,
        {
            "node": {**_TEXT, "description": "The node's name."},
            "networks": {**_TEXTS, "description": "Networks whose pods may land on it."},
        },
        _node_network,
    ),
}
"""Name of the component → how it is made."""

"""The `Environment` component: the whole of a stack file."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Collection, Mapping
from typing import Any

import pulumi

from multinet.addons.addon import AddOn
from multinet.addons.known import ADDONS
from multinet.addons.settings import AddonsSettings
from multinet.blocks.component import NodeBlocks, Parts
from multinet.blocks.objects import served
from multinet.multus.component import Multus
from multinet.networks.component import Networks
from multinet.nodes.component import NodeNetwork
from multinet.nodes.requirements import NodeNeeds
from multinet.policies.resource import NetworkPolicy
from multinet.policies.settings import PolicySettings
from multinet.preflight.required import Looked, require_ready
from multinet.primary_cni.component import PrimaryCni
from multinet.settle import Settled
from multinet.stack import cluster, program
from multinet.stack.needs import node_needs
from multinet.stack.settings import StackSettings
from multinet.stack.settled import Look, SettledStack, settled_stack
from multinet.typed import EnvironmentArgs

TYPE = "multinet:index:Environment"


class Environment(pulumi.ComponentResource):
    """A Kubernetes cluster with several networks per pod: everything that a stack file can say.

    What others have in the cluster, and what nodes lack, is refused before anything is registered.

    Args:
        name: of this component; its children are `<name>-primary-cni`, `<name>-multus` …
        settings: everything that a stack file can say: EnvironmentArgs, a mapping with a stack
            file's keys, or checked, as `stack_settings` gives them.
        opts: a `kubernetes` provider in `providers` is the cluster that all of it goes to;
            default: one for the settings' kubeconfig and context. What is asked beforehand goes by
            these in any case: say them where a provider is given.
        namespaces: those that the program makes itself, for networks to stand in; every other
            one has to be there.

    Attributes:
        primary_cni: every pod's eth0.
        multus: calls the primary CNI for eth0 and a plugin for each further network.
        addons: those that are switched on: `cni_plugins` …
        nodes: name of a declared node → what its networks need on it.
        networks: the secondary networks; `networks["lan"]` is one of them.
        policies: name → what is let through on networks.

    Outputs: primaryCni, multus, networks, as docs/reference describes a stack's.
    """

    primary_cni: PrimaryCni
    multus: Multus
    addons: Mapping[str, AddOn[Any]]
    nodes: Mapping[str, NodeNetwork]
    networks: Networks
    policies: Mapping[str, NetworkPolicy]

    def __init__(
        self,
        name: str,
        settings: EnvironmentArgs | StackSettings | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
        *,
        namespaces: Collection[str] = (),
        _prefix: str | None = None,
        _settled: Callable[[Look], SettledStack] | None = None,
    ) -> None:
        # Settings, and a look at the cluster and the nodes: refused here, not in an update's middle.
        self._looked = Looked()

        def look(known: StackSettings) -> None:
            self._looked = require_ready(known, namespaces=namespaces, before=self._looked)

        of_settings = functools.partial(settled_stack, settings, f"environment {name}")
        stack = (_settled or of_settings)(look)
        self._prefix = f"{name}-" if _prefix is None else _prefix
        if not _names_a_cluster(opts):
            provider = cluster.provider(stack.reach, f"{self._prefix}cluster")
            opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(providers=[provider]))
        if stack.whole.shape is not None and stack.whole.shape.protect:
            # All below it inherits that.
            opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=True))
        super().__init__(TYPE, name, None, opts)

        # Nodes: given what their networks need; undone after Multus is gone.
        self.nodes = {
            node: NodeNetwork(
                node,
                given,
                self._needs(stack, node),
                # Machines come and go.
                pulumi.ResourceOptions.merge(self._child(), pulumi.ResourceOptions(protect=False)),
                mends=self._mends(stack, node),
                _prefix=self._prefix,
            )
            for node, given in stack.nodes.items()
        }

        # Primary CNI: every pod's eth0.
        self.primary_cni = PrimaryCni(
            f"{self._prefix}primary-cni",
            stack.primary_cni,
            stack.multus,
            self._child(),
            cluster.access(stack.whole),
            nodes=tuple(self.nodes),
        )

        # Multus: calls the primary CNI for eth0 and a plugin for each further network.
        self.multus = Multus(
            f"{self._prefix}multus",
            stack.multus,
            stack.primary_cni.map(lambda primary: primary.effective_conf_file),
            self._child(self.primary_cni, *self.nodes.values()),
            cluster.access(stack.reach),
            existing_primary=stack.primary_cni.map(lambda primary: primary.plugin == "existing"),
        )

        # Add-ons: what networks need besides. Beside Multus, which waits for none of them; those of
        # their pods that have an eth0 of their own wait for it, and go before it.
        self.addons = {
            attribute: addon(
                f"{self._prefix}{addon.suffix()}",
                stack.addons.then(operator.attrgetter(attribute)),
                stack.site,
                self._child(self.primary_cni, *self.nodes.values(), *self.multus.namespace_object),
                cluster.access(stack.whole),
                attached_by=[self.multus.last],
            )
            for attribute, addon in ADDONS.items()
            if attribute in (stack.addons.shape or AddonsSettings()).on
        }

        # Blocks: each node's own configuration of networks that are not the same on all.
        ready = [self.multus.last, *(addon.last for addon in self.addons.values())]
        if stack.whole.shape is not None and served(stack.whole.shape.networks):
            blocks = NodeBlocks(
                f"{self._prefix}node-blocks",
                stack.whole.then(lambda known: Parts(known.multus, known.networks)),
                self._child(self.multus.last),
                cluster.access(stack.whole),
            )
            ready.append(blocks.last)

        # Networks: one NetworkAttachmentDefinition each.
        self.networks = Networks(
            f"{self._prefix}networks",
            stack.networks,
            self._child(*ready),
            _prefix=self._prefix,
            _given=stack.given,
        )

        # Policies: one MultiNetworkPolicy each, after the networks that it is for.
        self.policies = {
            policy: NetworkPolicy(
                policy,
                given,
                self._child(*self._ready_for(given)),
                namespaces=stack.namespaces_of(given),
                _logical=f"{self._prefix}{policy}-policy",
            )
            for policy, given in stack.policies.items()
        }
        self.register_outputs({})

    @classmethod
    def from_config(
        cls,
        name: str = "multinet",
        *,
        networks: program.Made = (),
        nodes: program.Made = (),
        policies: program.Made = (),
        namespaces: Collection[str] = (),
    ) -> Environment:
        """The environment of the running stack's configuration, and what the program adds to it.

        Args:
            name: of the component.
            networks: more networks, name → typed or as under `multinet:networks`, or pairs of
                that; their values may be Outputs.
            nodes: more nodes, typed or as under `multinet:nodes`.
            policies: more policies, typed or as under `multinet:policies`.
            namespaces: those that the program makes itself, for networks to stand in.

        All of it is checked together, by the same rules as a stack file: at once what is known,
        the rest when it is, before what is made of it is created. Raises pulumi.RunError with
        every problem, which the engine shows without a traceback.
        """
        if not isinstance(name, str):
            what = type(name).__name__
            raise pulumi.RunError(
                f"Environment.from_config: the name is a {what}; networks are given by their name:"
                " from_config(networks={…})"
            )
        # Named as before there was this component, so that a state made then goes over as it is.
        of_config = functools.partial(
            program.settled, networks=networks, nodes=nodes, policies=policies
        )
        return cls(name, {}, namespaces=namespaces, _prefix="", _settled=of_config)

    def export(self) -> None:
        """Export the stack's outputs `primaryCni`, `multus` and `networks`."""
        for key, value in self.told.items():
            pulumi.export(key, value)

    @property
    def told(self) -> dict[str, Any]:
        """What other stacks attach their pods with: the stack's outputs."""
        networks = {name: network.summary for name, network in self.networks.networks.items()}
        return {
            "primaryCni": self.primary_cni.told,
            "multus": self.multus.told,
            "networks": networks,
        }

    def _needs(self, stack: SettledStack, node: str) -> Settled[NodeNeeds]:
        """What the node's networks need on it: of all of them, so not before all are known."""
        whole = stack.whole
        if node not in (whole.shape.nodes if whole.shape else ()):
            whole = Settled(None, whole.later)
        return whole.then(lambda known: node_needs(node, known.nodes[node], known))

    def _mends(self, stack: SettledStack, node: str) -> int | pulumi.Output[int]:
        """How often the node is mended, this time included: known once it was looked at."""
        return stack.whole.map(lambda _: self._looked.mends.get(node, 0))

    def _ready_for(self, policy: Settled[PolicySettings]) -> list[pulumi.Resource]:
        """What has to be there for it to hold: nobody looks at it again when a network comes later."""
        made = self.networks.networks
        if policy.shape is None or not policy.known:
            return [self.networks]
        return [made[name] for name in policy.shape.networks if name in made]

    def _child(self, *needs: pulumi.Resource) -> pulumi.ResourceOptions:
        """Below this component, not before `needs` are ready; formerly it stood by itself."""
        return pulumi.ResourceOptions(
            parent=self,
            depends_on=[*needs],
            aliases=[] if self._prefix else [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)],
        )


def _names_a_cluster(opts: pulumi.ResourceOptions | None) -> bool:
    """Whether the options bring a provider for Kubernetes."""
    if opts is None:
        return False
    given = opts.providers or ()
    several = given.values() if isinstance(given, Mapping) else given
    return any(p.package == "kubernetes" for p in (opts.provider, *several) if p is not None)

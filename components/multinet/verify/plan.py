"""Which pods are started on which nodes to see every network. Pure."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from multinet.attachments.attachment import Isolation
from multinet.cni.types import Address
from multinet.verify.declared import Declared

NETWORKS_PER_POD = 10
"""Fewer pods than networks; and few are tried again where one network keeps a pod down."""

_PODS_AT_ONCE = 15
"""On a node, partners not counted: it has other pods to run, and 110 are the usual limit."""


@dataclasses.dataclass(frozen=True, slots=True)
class NodeInfo:
    """A node of the cluster.

    Attributes:
        trouble: why no pod can be started there; empty: one can.
        kept_free: cordoned or tainted, so that pods land there only if they are told to.
        without_network: whether it is not ready because the runtime has no CNI configuration.
        addresses: its internal ones.
    """

    name: str
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    trouble: str = ""
    kept_free: bool = False
    without_network: bool = False
    addresses: tuple[Address, ...] = ()


@dataclasses.dataclass(frozen=True, eq=False)
class PodPlan:
    """A pod: on one node, with a network for each of net1, net2 …; none: on the primary alone."""

    name: str
    namespace: str
    node: str
    networks: tuple[Declared, ...]

    @property
    def interfaces(self) -> dict[str, Declared]:
        """Interface → the network it is on."""
        return {f"net{i + 1}": network for i, network in enumerate(self.networks)}

    @property
    def probed(self) -> bool:
        """Whether its eth0 is tried: not where it is known, and accepted, that it fails."""
        return not any(network.bypasses_eth0 for network in self.networks)


@dataclasses.dataclass(frozen=True)
class Choice:
    """Nodes for each network, by the network's name; and those that none was found for."""

    nodes: Mapping[str, tuple[str, ...]]
    nowhere: tuple[str, ...]

    @property
    def all_nodes(self) -> list[str]:
        """Every chosen node, once."""
        return list(dict.fromkeys(node for nodes in self.nodes.values() for node in nodes))


def choose(
    networks: Iterable[Declared],
    nodes: Sequence[NodeInfo],
    *,
    named: Sequence[str] = (),
    everywhere: bool = False,
    sample: int = 2,
) -> Choice:
    """The nodes on which each network is tried.

    Named ones, or all that run pods, or else as few as give each network `sample` of them;
    untainted ones first. A network's own node selector holds in any case.
    """
    pool = sampled(nodes, named=named, everywhere=everywhere)
    chosen: list[str] = []
    found: dict[str, tuple[str, ...]] = {}
    nowhere: list[str] = []
    wanted = sorted(networks, key=lambda n: -len(n.node_selector))
    for network in wanted:
        fits = [n.name for n in pool if selected(network, n)]
        if not (named or everywhere):
            fits.sort(key=lambda name: name not in chosen)
            fits = fits[:sample]
        if network.alone:
            fits = fits[:1]
        chosen += [name for name in fits if name not in chosen]
        found[network.name] = tuple(fits)
        if not fits:
            nowhere.append(network.name)
    return Choice(found, tuple(nowhere))


def sampled(
    nodes: Iterable[NodeInfo], *, named: Sequence[str] = (), everywhere: bool = False
) -> list[NodeInfo]:
    """The nodes to choose from: those named, or all that run pods, untainted ones first."""
    pool = [n for n in nodes if not n.trouble]
    if named:
        return [n for n in pool if n.name in named]
    return pool if everywhere else sorted(pool, key=lambda n: n.kept_free)


def selected(network: Declared, node: NodeInfo) -> bool:
    """Whether the network's node selector fits the node."""
    return all(node.labels.get(key) == value for key, value in network.node_selector.items())


def batches(nodes: Sequence[str], size: int) -> list[list[str]]:
    """Nodes that are looked at together, so that few addresses are taken at a time.

    As even as can be: a node by itself at the end would have no other to reach.
    """
    count = max(1, -(-len(nodes) // max(2, size)))
    cuts = [round(i * len(nodes) / count) for i in range(count + 1)]
    return [list(nodes[a:b]) for a, b in itertools.pairwise(cuts) if b > a]


def waves(networks: Sequence[Declared], isolation: Isolation | None) -> list[list[Declared]]:
    """Networks that are tried together, so that a node never runs too many pods for them."""
    shared = isolation.global_namespaces if isolation else ()
    found: list[list[Declared]] = []
    room = 0
    for network in networks:
        own_pod = _apart(network) or (isolation is not None and network.namespace not in shared)
        weight = NETWORKS_PER_POD if own_pod else 1
        if weight > room:
            found.append([])
            room = _PODS_AT_ONCE * NETWORKS_PER_POD
        found[-1].append(network)
        room -= weight
    return found


def plan(
    networks: Sequence[Declared],
    choice: Choice,
    nodes: Sequence[str],
    isolation: Isolation | None,
    run: str,
) -> list[PodPlan]:
    """The pods for these nodes: first one of each network per node, then partners to reach.

    Args:
        nodes: a batch of the chosen ones.
        isolation: as Multus runs; None: a pod may use any namespace's networks.
        run: part of the pods' names.
    """
    groups: list[tuple[str, list[Declared]]] = []
    for node in nodes:
        here = [n for n in networks if node in choice.nodes[n.name]]
        groups += [(node, group) for group in _grouped(here, isolation)]
    partners = [(node, [network]) for node, network in _partners(networks, choice, nodes)]
    groups = _merged(groups + partners, isolation)
    return [_pod(node, group, run, i) for i, (node, group) in enumerate(groups)]


def bare(nodes: Sequence[str], namespace: str, run: str) -> list[PodPlan]:
    """A pod without networks on each node: it shows whether Multus and the primary work there."""
    return [
        PodPlan(f"multinet-verify-{run}-bare-{i}", namespace, node, ())
        for i, node in enumerate(nodes)
    ]


def one_by_one(pod: PodPlan) -> list[PodPlan]:
    """The same networks, each with a pod of its own: to tell which one keeps a pod down."""
    return [
        PodPlan(f"{pod.name}-{i + 1}", network.namespace, pod.node, (network,))
        for i, network in enumerate(pod.networks)
    ]


def _pod(node: str, group: Sequence[Declared], run: str, number: int) -> PodPlan:
    return PodPlan(f"multinet-verify-{run}-{number}", group[0].namespace, node, tuple(group))


def _grouped(networks: Iterable[Declared], isolation: Isolation | None) -> list[list[Declared]]:
    """Networks that can be in one pod, by first fit; those of isolated namespaces lead."""
    shared = isolation.global_namespaces if isolation else ()
    groups: list[list[Declared]] = []
    for network in sorted(networks, key=lambda n: n.namespace in shared):
        for group in groups:
            if _fits(group, network, isolation):
                group.append(network)
                break
        else:
            groups.append([network])
    return groups


def _fits(group: Sequence[Declared], network: Declared, isolation: Isolation | None) -> bool:
    first = group[0]
    if len(group) >= NETWORKS_PER_POD or _apart(first) or _apart(network):
        return False
    if isolation and not isolation.allows(first.namespace, network.namespace):
        return False
    if not isolation and first.namespace != network.namespace:
        return False
    near = [subnet for other in group for subnet in other.on_link]
    return not any(a.version == b.version and a.overlaps(b) for a in near for b in network.on_link)


def _apart(network: Declared) -> bool:
    """Whether its trouble would keep other networks' pod waiting: each of those has its own."""
    bypasses = network.takes_default or bool(network.bypasses_eth0)
    return bool(network.resource) or network.slow_to_fail or bypasses


def _partners(
    networks: Iterable[Declared], choice: Choice, nodes: Sequence[str]
) -> Iterable[tuple[str, Declared]]:
    """Where a second pod on the same node is needed to see that pods reach each other."""
    for network in networks:
        here = [node for node in nodes if node in choice.nodes[network.name]]
        room = network.capacity is None or network.capacity > 1
        if not here or not room or network.reach.same_node is False or network.one_per_node:
            continue
        if network.resource:
            continue  # devices are few: none is taken for this alone
        if network.reach.across is False:
            yield from ((node, network) for node in here)
        elif len(here) == 1:
            yield here[0], network


def _merged(
    groups: list[tuple[str, list[Declared]]], isolation: Isolation | None
) -> list[tuple[str, list[Declared]]]:
    """Partners of one node share pods as well, but never with the one they are to reach."""
    merged: dict[str, list[list[Declared]]] = defaultdict(list)
    for node, group in groups:
        for other in merged[node]:
            names = {n.name for n in other}
            if len(group) == 1 and group[0].name not in names and _fits(other, group[0], isolation):
                other.append(group[0])
                break
        else:
            merged[node].append(list(group))
    return [(node, group) for node, of_node in merged.items() for group in of_node]


def pairs(
    network: Declared, pods: Sequence[tuple[str, str]]
) -> list[tuple[tuple[str, str], tuple[str, str]]]:
    """Who is to reach whom: each pod (name, node) one other, where that is possible.

    In a ring, so that every pod both reaches and is reached; a pod on another node first.
    """
    found = []
    for i, one in enumerate(pods):
        others = [*pods[i + 1 :], *pods[:i]]
        able = [o for o in others if network.reach.between(one[1], o[1]) is not False]
        able.sort(key=lambda o: (o[1] == one[1], network.reach.between(one[1], o[1]) is None))
        if able:
            found.append((one, able[0]))
    return found

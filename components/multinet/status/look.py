"""One look at a cluster: what it uses of the declared networks. Changes nothing."""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Mapping, Sequence

from multinet.cni.types import Address
from multinet.live import Cluster, Object, RefusedError
from multinet.networks.checks.view import NetworkView
from multinet.networks.declared import views
from multinet.primary_cni.agents import running
from multinet.stack.settings import StackSettings
from multinet.status import judge
from multinet.status.attached import Attached, addresses_held, attached, silent
from multinet.status.books import Books, Entry, read_books
from multinet.status.policies import policy_findings
from multinet.status.pools import POOLS, Pools
from multinet.status.ranges import ranges_of
from multinet.status.report import NetworkStatus, NodeStatus, Report
from multinet.verify import evidence
from multinet.verify.before import Before
from multinet.verify.before import look as look_before
from multinet.verify.declared import Declared, declared
from multinet.verify.plan import NodeInfo
from multinet.verify.stale import Stale, stale_pods


@dataclasses.dataclass(frozen=True)
class _Cluster:
    """What was read, beside `Before`."""

    before: Before
    attached: Mapping[str, Sequence[Attached]]
    stale: Sequence[Stale]
    pools: Pools
    books: Books
    notes: Sequence[str]

    @functools.cached_property
    def held(self) -> dict[str, set[Address]]:
        """Node → every address that its pods say they have. Of no other node the pods were read."""
        return {n.name: set() for n in self.before.nodes} | addresses_held(self.before.pods)

    @functools.cached_property
    def silent(self) -> dict[str, str]:
        """Node → a pod there that may have more than it says."""
        return silent(self.before.pods)

    def entries(self, view: NetworkView) -> Sequence[Entry]:
        """Those of a network's books, judged; pods are looked through only where books were read."""
        return self.books.judged(view, self.held, self.silent) if self.books.entries else ()


def look(cluster: Cluster, settings: StackSettings, full: float, *, nodes: bool = False) -> Report:
    """What the cluster uses of the networks that a stack declares.

    Args:
        full: of a range, the share from which on a person has to know, from 0 to 1.
        nodes: whether host-local's books are read, by a short-lived pod on each node.

    Raises live.ClusterError.
    """
    networks = declared(settings)
    by_name = views(settings.networks)
    # Before the pods: whoever was given an address by now is among them, or its sandbox runs.
    books = read_books(cluster, settings, by_name.values()) if nodes else Books()
    before = look_before(cluster, settings, networks, ())
    replica_sets = cluster.replica_sets()
    pools, notes = _pools(cluster, before)
    stale = stale_pods(
        [network.reference for network in networks],
        before.objects,
        before.pods,
        replica_sets,
    )
    notes += [f"host-local's books of {n} were not read: {why}" for n, why in books.unread.items()]
    seen = _Cluster(before, attached(before.pods, replica_sets), stale, pools, books, notes)
    notes += _not_judged(seen)
    rows = [_network(network, by_name.get(network.name), seen, full) for network in networks]
    of_nodes = _nodes(cluster, seen)
    return Report(
        cluster=cluster.host,
        networks=rows,
        nodes=of_nodes,
        general=(
            *before.general,
            *judge.node_findings(of_nodes, rows),
            *policy_findings(settings, before.pods),
        ),
        notes=(*before.notes, *notes),
    )


def _not_judged(seen: _Cluster) -> list[str]:
    """Nodes whose books were read, and of which nobody can say what is left there by pods."""
    on = sorted({entry.node for entry in seen.books.entries})
    return [
        f"host-local's books of {node} are not judged while pod {seen.silent[node]} is being"
        " started, or has no network-status"
        for node in on
        if node in seen.silent
    ] + [
        f"host-local's books of {node} are not judged: its pods were not read"
        for node in on
        if node not in seen.held
    ]


def _pools(cluster: Cluster, before: Before) -> tuple[Pools, list[str]]:
    alive = {f"{p['metadata']['namespace']}/{p['metadata']['name']}" for p in before.pods}
    try:
        objects = cluster.listed(*POOLS) or []
    except RefusedError as error:
        return Pools((), frozenset()), [f"whereabouts' books may not be read: {error}"]
    return Pools(objects, before.ended | alive), []


def _network(
    network: Declared, view: NetworkView | None, seen: _Cluster, full: float
) -> NetworkStatus:
    before = seen.before
    able = [
        node
        for node in before.nodes
        if network.node_selector.items() <= node.labels.items() and "Linux" not in node.trouble
    ]
    unable = {n.name: why for n in able if (why := _unable(n, before))}
    here = seen.attached.get(network.reference, ())
    ranges = (
        ranges_of(
            view,
            here,
            {node.name: before.book.numbers.get(node.name) for node in able},
            seen.pools,
            seen.entries(view),
        )
        if view
        else []
    )
    stale = [one for one in seen.stale if network.reference in one.networks]
    found = NetworkStatus(
        name=network.name,
        reference=network.reference,
        type=network.type,
        pods=here,
        nodes=[node.name for node in able],
        unable=unable,
        ranges=ranges,
        by="" if ranges or view is None else judge.handed_out_by(view),
        stale=stale,
    )
    wrong = [*before.nads.get(network.name, ()), *judge.findings(found, full)]
    return dataclasses.replace(found, findings=wrong)


def _unable(node: NodeInfo, before: Before) -> str:
    """Why a node can serve no network; empty: it can."""
    down = before.multus.down(node.name)
    return node.trouble or (f"Multus is not ready there: {down}" if down else "")


def _nodes(cluster: Cluster, seen: _Cluster) -> list[NodeStatus]:
    before = seen.before
    agent, pods = _agents(cluster, before)
    counts = Counter(one.node for entries in seen.attached.values() for one in entries)
    found = []
    for node in before.nodes:
        primary = evidence.multus_down(pods.get(node.name)) if agent else ""
        down = before.multus.down(node.name)
        found.append(NodeStatus(node.name, node.trouble, down, agent, primary, counts[node.name]))
    return found


def _agents(cluster: Cluster, before: Before) -> tuple[str, dict[str, Object]]:
    """The primary's agent, as people call it, and its pod on each node."""
    daemon_sets = cluster.daemon_sets()
    found = [agent for agent in running(daemon_sets) if agent.name]
    if not found:
        return "", {}
    by_name = {f"{d['metadata']['namespace']}/{d['metadata']['name']}": d for d in daemon_sets}
    daemon_set = by_name[found[0].name]
    wanted = (daemon_set["spec"]["selector"].get("matchLabels") or {}).items()
    namespace = daemon_set["metadata"]["namespace"]
    return found[0].agent.project, {
        str(pod["spec"].get("nodeName")): pod
        for pod in before.pods
        if pod["metadata"]["namespace"] == namespace
        and wanted <= (pod["metadata"].get("labels") or {}).items()
    }

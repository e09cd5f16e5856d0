"""What of a cluster is read before an `up`, in a few lists; nothing is changed."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence

from multinet.blocks.book import selector
from multinet.blocks.objects import served
from multinet.live import Cluster, Object, Shown
from multinet.multus.standing import Standing, standing
from multinet.preflight.allocations import questionable
from multinet.preflight.blocks import moving
from multinet.preflight.in_use import matters
from multinet.preflight.wanted import Name, wanted
from multinet.primary_cni.awaited import pools_of
from multinet.stack.settings import StackSettings


@dataclasses.dataclass(frozen=True)
class Seen:
    """A cluster, as far as the preflight looks at it; objects as the API server sends them.

    Attributes:
        networks: every NetworkAttachmentDefinition.
        daemon_sets: every DaemonSet.
        namespaces: name → namespace; None: they were not shown.
        nodes: None: they were not shown.
        installations: what Calico's operator is told to install; its agents have no mark of ours.
        pools: Calico's; None: the cluster has no such kind, or the stack no Calico.
        api_servers: Calico's own API servers, as its operator is told to run them.
        cilium: data of Cilium's ConfigMap.
        pods: of all namespaces, where a question about pods came up.
        multus: how this project's Multus stands, where the stack brings one.
        objects: of those that the stack writes, the ones that are there.
        leases: the book of the nodes' numbers, where networks are cut into blocks.
        unread: what the API server did not show, with its words.
    """

    networks: Sequence[Object] = ()
    daemon_sets: Sequence[Object] = ()
    namespaces: Mapping[str, Object] | None = None
    nodes: Sequence[Object] | None = None
    installations: Sequence[Object] = ()
    pools: Sequence[Object] | None = None
    api_servers: Sequence[Object] = ()
    cilium: Mapping[str, str] = dataclasses.field(default_factory=dict)
    pods: Sequence[Object] = ()
    multus: Standing = dataclasses.field(default_factory=lambda: Standing(None))
    objects: Mapping[Name, Object] = dataclasses.field(default_factory=dict)
    leases: Sequence[Object] = ()
    unread: Sequence[str] = ()


def look(cluster: Cluster, stack: StackSettings, owner: str) -> Seen:
    """Read what the checks need. Raises live.UnreachableError.

    Whoever may deploy need not be allowed to read everything: what the API server refuses to show
    is kept in `unread`, and what depends on it is not checked.
    """
    shown = Shown()
    may = shown.may
    existing = stack.primary_cni.plugin == "existing"
    nothing: list[Object] = []
    networks = may(cluster.nads, None) or nothing
    namespaces = may(cluster.namespaces, None)
    settings = may(lambda: cluster.config_map("kube-system", "cilium-config"), None)
    installations = may(lambda: cluster.listed("operator.tigera.io", "v1", "installations"), None)
    calico = stack.primary_cni.plugin == "calico" and installations
    api_servers = (
        may(lambda: cluster.listed("operator.tigera.io", "v1", "apiservers"), None)
        if calico
        else None
    )
    # A list of all pods is a large one.
    ask = (questionable, matters, moving)
    about_pods = any(matter(stack, owner, networks) for matter in ask)
    there = {
        name: may(functools.partial(cluster.found, *name), None) for name, _, _ in wanted(stack)
    }
    return Seen(
        networks=networks,
        daemon_sets=may(cluster.daemon_sets, nothing),
        namespaces=None
        if namespaces is None
        else {item["metadata"]["name"]: item for item in namespaces},
        nodes=may(cluster.nodes, None),
        installations=installations or nothing,
        pools=may(lambda: pools_of(cluster), None) if calico else None,
        api_servers=api_servers or nothing,
        cilium=(settings or {}).get("data") or {},
        pods=may(cluster.pods, nothing) if about_pods else nothing,
        leases=may(lambda: cluster.leases(stack.multus.namespace, selector()), nothing)
        if served(stack.networks)
        else nothing,
        multus=may(lambda: standing(cluster, stack.multus, existing=existing), Standing(None))
        if stack.multus.enabled
        else Standing(None),
        objects={name: item for name, item in there.items() if item is not None},
        unread=tuple(shown.unread),
    )

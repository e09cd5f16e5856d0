"""What a cluster is like before any pod is started on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from multinet.findings import Finding
from multinet.live import Cluster, Object, Shown, has_ended
from multinet.names import NAD_CRD
from multinet.networks.asked import asks_for
from multinet.networks.checks.view import ROOT
from multinet.preflight.declared_nodes import strangers
from multinet.preflight.report import accepted
from multinet.stack.settings import StackSettings
from multinet.verify import evidence
from multinet.verify.addons import addon_findings
from multinet.verify.book import Book
from multinet.verify.book import read as read_book
from multinet.verify.declared import Declared
from multinet.verify.multus import Down, MultusState, multus_findings, multus_state
from multinet.verify.nads import nad_findings
from multinet.verify.plan import NodeInfo
from multinet.verify.primary_mtu import KnownMtu, known_mtu


@dataclasses.dataclass(frozen=True)
class Before:
    """A cluster, as far as a run of verify looks at it.

    Attributes:
        objects: every NAD. nads: a network's name → what is wrong with its NAD.
        nodes: every node, by name.
        pods: every pod that has not ended. ended: `namespace/name` of the others.
        down: nodes where Multus is not ready, with the reason.
        exclusive: whether it has a Cilium that renames others' files.
        mtu: what the primary CNI gives eth0, as far as is known.
        general: what is wrong with the cluster rather than with one network.
        notes: what else there is to say.
        book: which node has which number, where networks are not the same on all.
    """

    nads: Mapping[str, Sequence[Finding]]
    multus: MultusState
    nodes: Sequence[NodeInfo] = ()
    objects: Sequence[Object] = ()
    pods: Sequence[Object] = ()
    ended: frozenset[str] = frozenset()
    down: Mapping[str, Down] = dataclasses.field(default_factory=dict)
    exclusive: bool = False
    mtu: KnownMtu = dataclasses.field(default_factory=KnownMtu)
    general: Sequence[Finding] = ()
    notes: Sequence[str] = ()
    book: Book = dataclasses.field(default_factory=Book)

    def users(self, reference: str) -> list[tuple[str, str]]:
        """Live pods (`namespace/name`, node) that ask for a network."""
        return [
            (f"{pod['metadata']['namespace']}/{pod['metadata']['name']}", node_of(pod))
            for pod in self.pods
            if asks_for(pod, reference)
        ]


def node_of(pod: Object) -> str:
    """The node that a pod is on; empty: none yet."""
    return str((pod.get("spec") or {}).get("nodeName") or "")


def look(
    cluster: Cluster, settings: StackSettings, networks: Sequence[Declared], named: Sequence[str]
) -> Before:
    """Look at a cluster, changing nothing.

    Args:
        named: nodes that the run is about; empty: all of them.

    Raises live.ClusterError.
    """
    multus = multus_state(cluster, settings.multus)
    there = cluster.nads()
    if there is None and (networks or settings.multus.enabled):
        rule = f"the cluster has no CRD {NAD_CRD}"
        crd = Finding("live-crd-missing", (ROOT,), rule, "run `pulumi up`")
        return Before({}, multus, general=[crd])
    by_name = {f"{n['metadata']['namespace']}/{n['metadata']['name']}": n for n in there or ()}
    there_are = cluster.nodes()
    nodes = evidence.node_infos(there_are)
    # A node without a CNI configuration waits for Multus, as Multus may for the primary.
    alive = [n for n in nodes if not n.trouble or n.without_network]
    meant = [n.name for n in alive if not named or n.name in named]
    if not settings.multus.enabled:
        # Others' Multus may be on some nodes only, and mean it.
        meant = [node for node in meant if node in multus.pods]
    down = multus.all_down(cluster, meant)
    primary = settings.primary_cni.effective_conf_file
    pods = cluster.pods()
    ended = [p for p in pods if has_ended(p)]
    cilium = _data(cluster, "cilium-config")
    return Before(
        objects=there or (),
        nads={n.name: tuple(nad_findings(n, by_name.get(n.reference))) for n in networks},
        multus=multus,
        nodes=nodes,
        pods=[p for p in pods if not has_ended(p)],
        ended=frozenset(f"{p['metadata']['namespace']}/{p['metadata']['name']}" for p in ended),
        down=down,
        exclusive=str(cilium.get("cni-exclusive", "false")).lower() == "true",
        mtu=_mtu(cluster, settings, cilium),
        general=[
            *multus_findings(multus, settings.multus, primary, down),
            *addon_findings(
                cluster, settings, [n.name for n in alive if n.name in named or not named]
            ),
            *accepted(strangers(settings.nodes, there_are), settings.ignore),
        ],
        notes=_notes(multus, settings),
        book=read_book(cluster, settings.multus, meant)
        if any(n.blocks is not None for n in networks)
        else Book(),
    )


def _notes(multus: MultusState, settings: StackSettings) -> list[str]:
    if multus.daemon_set is None and not settings.multus.enabled:
        said = "others are said to run it (multus.enabled: false)"
        return [f"the cluster has no DaemonSet of Multus; {said}"]
    return []


def _mtu(cluster: Cluster, settings: StackSettings, cilium: Mapping[str, str]) -> KnownMtu:
    calico: Mapping[str, str] = {}
    installations: Sequence[Object] | None = None
    if not settings.primary_cni.mtu and not cilium:
        calico = _data(cluster, "calico-config")
        kind = ("operator.tigera.io", "v1", "installations")
        installations = Shown().may(lambda: cluster.listed(*kind), None)
    return known_mtu(settings.primary_cni.mtu, cilium, calico, installations or ())


def _data(cluster: Cluster, name: str) -> Mapping[str, str]:
    """Of a ConfigMap of the primary CNI's; nothing where it is not there, or may not be read."""
    found = Shown().may(lambda: cluster.config_map("kube-system", name), None)
    return (found or {}).get("data") or {}

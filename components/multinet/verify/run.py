"""A run of verify: looks at the cluster, starts pods on its networks, and tells what it saw."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from multinet.attachments.attachment import Isolation
from multinet.findings import Finding, errors
from multinet.live import Cluster, RefusedError
from multinet.names import NAD_CRD
from multinet.networks.checks.view import ROOT
from multinet.stack.settings import StackSettings
from multinet.verify import evidence, pod
from multinet.verify.causes import Facts, blames, causes
from multinet.verify.declared import Declared, declared
from multinet.verify.look import Looked, look_at
from multinet.verify.multus import MultusState, multus_state
from multinet.verify.nads import nad_findings
from multinet.verify.plan import Choice, PodPlan, batches, choose, one_by_one, plan, waves
from multinet.verify.pods import Pods, Started, clear_leftovers
from multinet.verify.rows import (
    Report,
    Row,
    known_cause,
    with_node_facts,
    without_lonely_partners,
)
from multinet.verify.stale import asked_networks

Tell = Callable[[str], None]

_OF_POD = frozenset(
    {
        *("live-unschedulable", "live-image", "live-daemon-down", "live-token-expired"),
        *("live-api-unreachable", "live-multus-forbidden", "live-primary-not-ready"),
    }
)
"""Causes that are the whole pod's: another pod with fewer networks would fare no better."""


@dataclasses.dataclass(frozen=True)
class Options:
    """What the user chose.

    Attributes:
        image: of the pods; None: the sample image, from the mirror where there is one.
        nodes: names; empty: a sample. everywhere: all that run pods. sample: how many for each
            network.
        parallel: nodes looked at together.
        timeout: seconds that a pod may take to start.
        ask_nodes: whether declared nodes are asked over SSH where a cause is not known.
    """

    image: str | None = None
    nodes: tuple[str, ...] = ()
    everywhere: bool = False
    sample: int = 2
    parallel: int = 8
    timeout: float = 60.0
    ask_nodes: bool = True


def verify(cluster: Cluster, settings: StackSettings, options: Options, tell: Tell) -> Report:
    """Put a pod on every network and compare. Leaves no pod behind, also when interrupted.

    Raises ClusterError when the cluster stops answering.
    """
    return _Run(cluster, settings, options, tell).report()


class _Run:
    def __init__(
        self, cluster: Cluster, settings: StackSettings, options: Options, tell: Tell
    ) -> None:
        self._cluster = cluster
        self._settings = settings
        self._options = options
        self._tell = tell
        self._id = secrets.token_hex(3)
        self._began = time.monotonic()
        self._networks = declared(settings)
        self._of_nads: dict[str, tuple[Finding, ...]] = {}
        self._notes: list[str] = []
        self._rows: list[Row] = []
        self._multus = MultusState(None, {})
        self._exclusive = False
        self._named: list[tuple[str, str | None]] = []

    def report(self) -> Report:
        if cleared := clear_leftovers(self._cluster):
            self._tell(f"removed {_counted(len(cleared), 'pod')} of an earlier run")
        general = self._before()
        if not errors(general):
            tried = self._triable(self._networks)
            choice = self._choose(tried)
            general += self._unready(choice)
            self._try(tried, choice)
            self._rows = without_lonely_partners(self._rows)
            self._ask_nodes()
        order = {network.name: i for i, network in enumerate(self._networks)}
        rows = sorted(self._rows, key=lambda r: order[r.network])
        return Report(
            cluster=self._cluster.host,
            run=self._id,
            rows=tuple(rows),
            general=tuple(general),
            notes=tuple(self._notes),
            seconds=time.monotonic() - self._began,
        )

    # --- before any pod -----------------------------------------------------------------

    def _before(self) -> list[Finding]:
        """What is wrong with the cluster; NADs that are wrong get their rows or findings."""
        self._tell("looking at NADs and Multus")
        nads = self._cluster.nads()
        if nads is None:
            rule = f"the cluster has no CRD {NAD_CRD}"
            return [Finding("live-crd-missing", (ROOT,), rule, "run `pulumi up`")]
        there = {f"{n['metadata']['namespace']}/{n['metadata']['name']}": n for n in nads}
        for network in self._networks:
            found = nad_findings(network, there.get(network.reference))
            self._of_nads[network.name] = tuple(found)
        for finding in (f for found in self._of_nads.values() for f in found):
            self._tell(f"{finding.value}: {finding.rule}")
        self._multus = multus_state(self._cluster, self._settings.multus)
        self._exclusive = _cilium_exclusive(self._cluster)
        if self._multus.daemon_set is None:
            rule = "the cluster has no DaemonSet of Multus"
            way_out = "run `pulumi up`, or install it; multus.enabled: false if others run it"
            if self._settings.multus.enabled:
                return [Finding("live-multus-missing", ("multinet:multus",), rule, way_out)]
            self._notes.append(f"{rule}; others are said to run it (multus.enabled: false)")
        return []

    def _triable(self, networks: Sequence[Declared]) -> list[Declared]:
        """The networks that a pod can be put on; the others get their rows."""
        tried = []
        users = self._users(networks)
        for network in networks:
            missing = [f for f in self._of_nads[network.name] if f.code == "live-nad-missing"]
            note = network.untried
            if network.alone and users.get(network.reference):
                note = f"{network.alone}, and {users[network.reference][0][0]} has it"
            if missing or note:
                self._add(network, note="" if missing else note)
            else:
                tried.append(network)
        return tried

    def _users(self, networks: Sequence[Declared]) -> dict[str, list[tuple[str, str]]]:
        """Reference → live pods (namespace/name, node) on networks that serve one pod only."""
        wanted = {n.reference for n in networks if n.alone or n.one_per_node}
        users: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for one in self._cluster.pods() if wanted else ():
            metadata, phase = one["metadata"], (one.get("status") or {}).get("phase")
            if phase in ("Succeeded", "Failed"):
                continue
            for reference in wanted.intersection(asked_networks(one)):
                name = f"{metadata['namespace']}/{metadata['name']}"
                users[reference].append((name, (one.get("spec") or {}).get("nodeName", "")))
        return users

    def _choose(self, networks: Sequence[Declared]) -> Choice:
        options = self._options
        nodes = evidence.node_infos(self._cluster.nodes())
        troubled = [f"{n.name} ({n.trouble})" for n in nodes if n.trouble]
        if troubled and (options.everywhere or not options.nodes):
            more = f" and {len(troubled) - 10} more" if len(troubled) > 10 else ""
            self._notes.append(f"left out: {', '.join(troubled[:10])}{more}")
        choice = choose(
            networks,
            nodes,
            named=options.nodes,
            everywhere=options.everywhere,
            sample=options.sample,
        )
        users = self._users(networks)
        narrowed = dict(choice.nodes)
        for network in networks:
            busy = {node: name for name, node in users.get(network.reference, ())}
            taken = [n for n in choice.nodes[network.name] if network.one_per_node and n in busy]
            for node in taken:
                note = f"one pod per node, and {busy[node]} has it"
                self._add(network, node=node, note=note)
            narrowed[network.name] = tuple(n for n in choice.nodes[network.name] if n not in taken)
        for name in choice.nowhere:
            network = next(n for n in networks if n.name == name)
            wanted = ", ".join(f"{k}={v}" for k, v in network.node_selector.items())
            rule = "no ready node for it" + (f" has the labels {wanted}" if wanted else "")
            way_out = "label a node, or correct nodeSelector; `kubectl get nodes --show-labels`"
            finding = Finding("live-no-node", (ROOT, name, "nodeSelector"), rule, way_out)
            self._add(network, findings=[finding])
        known = {n.name: n.trouble for n in nodes}
        self._named = [(n, known.get(n)) for n in options.nodes if known.get(n) != ""]
        return Choice(narrowed, choice.nowhere)

    def _unready(self, choice: Choice) -> list[Finding]:
        """Nodes without Multus, where a pod would start on the primary network alone."""
        found = []
        for name, trouble in self._named:
            rule = f"node {name} is {trouble or 'not in the cluster'}"
            way_out = "`kubectl get nodes` lists them"
            found.append(Finding("live-node-unknown", (), rule, way_out, name))
        if self._multus.daemon_set is None:
            return found
        for node in choice.all_nodes:
            if down := self._multus.down(node):
                rule = f"Multus is not ready on {node}: {down}"
                where = self._multus.namespace
                way_out = f"`kubectl -n {where} describe pod` tells why; then verify again"
                found.append(Finding("live-multus-not-ready", ("multinet:multus",), rule, way_out))
        return found

    # --- pods ---------------------------------------------------------------------------

    def _try(self, networks: Sequence[Declared], choice: Choice) -> None:
        options, settings = self._options, self._settings
        image = pod.image(settings, options.image)
        nodes = [n for n in choice.all_nodes if not self._skipped(n)]
        for node in set(choice.all_nodes) - set(nodes):
            for network in networks:
                if node in choice.nodes[network.name]:
                    self._add(network, node=node, note="Multus is not ready there")
        multus = settings.multus
        isolation = Isolation(multus.global_namespaces) if multus.namespace_isolation else None
        for i, batch in enumerate(batches(nodes, options.parallel)):
            for j, wave in enumerate(waves(networks, isolation)):
                plans = plan(wave, choice, batch, isolation, f"{self._id}-{i}-{j}")
                where = batch[0] if len(batch) == 1 else f"{len(batch)} nodes"
                count = f"{_counted(len(plans), 'pod')} on {where}"
                self._tell(f"starting {count}, for {_counted(len(wave), 'network')}")
                self._run(plans, image)

    def _run(self, plans: Sequence[PodPlan], image: str) -> None:
        with Pods(self._cluster, self._id, image, self._options.timeout) as pods:
            self._batch(pods, plans)
            self._tell("removing the pods")
        if pods.left:
            names = ", ".join(pods.left)
            self._notes.append(f"deleted, and still being taken off their nodes: {names}")

    def _skipped(self, node: str) -> bool:
        return self._multus.daemon_set is not None and bool(self._multus.down(node))

    def _batch(self, pods: Pods, plans: Sequence[PodPlan]) -> None:
        started = pods.start(plans)
        again = [p for s in started if not s.ready for p in self._condemn(s)]
        if again:
            self._tell(f"{_counted(len(again), 'network')} again, each with a pod of its own")
            second = pods.start(again)
            for one in second:
                if not one.ready:
                    self._condemn(one)
            started = [*started, *second]
        ready = [s for s in started if s.ready]
        self._tell(f"looking into {_counted(len(ready), 'pod')}")
        for looked in look_at(self._cluster, pods, ready, self._settings, self._facts):
            self._seen(looked)

    def _condemn(self, started: Started) -> list[PodPlan]:
        """Rows for the networks that kept a pod down; plans for those that may not have."""
        texts = self._all_texts(started)
        networks = started.plan.networks
        blamed = {blames(text) for text in started.texts} - {""}
        of_pod = {c.code for c in causes("", texts, Facts())}
        guilty = [n for n in networks if n.config.get("name") in blamed]
        whole = bool(started.refused) or len(networks) == 1 or (bool(of_pod) and of_pod <= _OF_POD)
        for network in networks if whole else guilty:
            self._add_failed(network, started, texts)
        if whole:
            return []
        return [p for p in one_by_one(started.plan) if p.networks[0] not in guilty]

    def _all_texts(self, started: Started) -> list[str]:
        node = started.plan.node
        return [*started.texts, *self._multus.errors(self._cluster, node, started.plan.name)]

    def _add_failed(self, network: Declared, started: Started, texts: Sequence[str]) -> None:
        path = (ROOT, network.name)
        if started.refused:
            way_out = "see quotas, admission policies and your permissions in that namespace"
            finding = Finding("live-pod-refused", path, started.refused, way_out)
            self._add(network, started.plan, findings=[finding])
            return
        node = started.plan.node
        before = [r for r in self._rows if (r.network, r.node) == (network.name, node)]
        if any(f.code == "live-not-started" for row in before for f in row.findings):
            return  # its partner on that node has told it already
        rule = "the pod on it did not start"
        finding = Finding("live-not-started", path, rule, "see the likely cause")
        facts = self._facts(network, node)
        why = causes(network.name, texts, facts)
        if not why:
            seconds = self._options.timeout
            text = f"nothing was said about it within {seconds:.0f} s"
            why = causes(network.name, [text], facts)
        self._add(network, started.plan, findings=[finding], why=why)

    def _seen(self, looked: Looked) -> None:
        network = looked.network
        self._add(
            network,
            looked.plan,
            interface=looked.interface if looked.got.status else "",
            addresses=looked.addresses,
            mtu=looked.mtu,
            reached=looked.reached,
            findings=looked.findings,
            why=looked.causes,
        )

    def _ask_nodes(self) -> None:
        """What declared nodes say of themselves, for failures whose cause is not known."""
        unknown = [row for row in self._rows if row.node and not known_cause(row)]
        nodes = {
            name: node
            for name, node in self._settings.nodes.items()
            if name in {row.node for row in unknown} and not node.lost
        }
        if not nodes or not self._options.ask_nodes:
            return
        from multinet.preflight.ask import ask

        self._tell(f"asking {_counted(len(nodes), 'node')} over SSH")
        found = ask(self._settings.model_copy(update={"nodes": nodes}))
        for name, told in found.items():
            if any(f.code == "node-unreachable" for f in told):
                self._notes.append(f"{name} could not be asked over SSH: run `multinet preflight`")
        self._rows = [
            with_node_facts(row, found.get(row.node, [])) if row in unknown else row
            for row in self._rows
        ]

    def _facts(self, network: Declared, node: str) -> Facts:
        dirs = self._settings.multus.dirs
        down = self._multus.down(node) if self._multus.daemon_set else ""
        return Facts(dirs.bin, dirs.conf, network.parent, self._exclusive, down)

    def _add(
        self,
        network: Declared,
        where: PodPlan | None = None,
        *,
        node: str = "",
        interface: str = "",
        addresses: Iterable[str] = (),
        mtu: int | None = None,
        reached: str = "",
        findings: Iterable[Finding] = (),
        why: Iterable[Finding] = (),
        note: str = "",
    ) -> None:
        """A row; what is wrong with the network's NAD is said in each of its rows."""
        self._rows.append(
            Row(
                network=network.name,
                reference=network.reference,
                node=where.node if where else node,
                pod=where.name if where else "",
                interface=interface,
                addresses=tuple(addresses),
                mtu=mtu,
                parent=network.parent,
                reached=reached,
                findings=(*self._of_nads.get(network.name, ()), *findings),
                causes=tuple(why),
                note=note,
            )
        )


def _cilium_exclusive(cluster: Cluster) -> bool:
    try:
        found = cluster.config_map("kube-system", "cilium-config")
    except RefusedError:
        return False
    data: Mapping[str, str] = (found or {}).get("data") or {}
    return data.get("cni-exclusive", "false").lower() == "true"


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"

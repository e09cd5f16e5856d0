"""Asks all nodes by a short-lived pod each: for clusters whose nodes nobody can log in to."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from multinet import versions
from multinet.findings import Finding
from multinet.live import Cluster, ClusterError, Object, RefusedError, UnreachableError, processes
from multinet.multus.objects import NAME as OWN_MULTUS
from multinet.multus.running import is_multus
from multinet.nodes import script
from multinet.nodes.settings import NodeSettings
from multinet.preflight import pod, report
from multinet.preflight.report import Report, accepted
from multinet.stack.needs import node_needs
from multinet.stack.settings import StackSettings

_POLL = 0.5
_GONE_WITHIN = 30.0
_LOG_LINES = 400

Answer = Callable[[str, Report], None]


@dataclasses.dataclass(frozen=True)
class Options:
    """How it is asked.

    Attributes:
        image: of the pods; None: the sample image, from the mirror where there is one.
        parallel: pods at the same time.
        timeout: seconds that a pod may take to answer.
    """

    image: str | None = None
    parallel: int = 32
    timeout: float = 60.0


def ask_by_pods(
    cluster: Cluster,
    stack: StackSettings,
    options: Options,
    on_answer: Answer = lambda _node, _report: None,
) -> dict[str, Report]:
    """Node of the cluster → what was found there. Leaves no pod behind, also when interrupted.

    Every Linux node of the cluster is asked; what is declared of one counts. Raises ClusterError.
    """
    clear_leftovers(cluster)
    nodes = {n["metadata"]["name"]: n for n in cluster.nodes() if _linux(n)}
    run = _Run(cluster, stack, options, secrets.token_hex(3))
    found: dict[str, Report] = {}

    def told(name: str, answer: Report) -> None:
        kept = accepted(answer.findings, stack.ignore)
        found[name] = dataclasses.replace(answer, findings=kept)
        on_answer(name, found[name])

    asleep = {name for name, node in nodes.items() if not _ready(node)}
    for name in sorted(asleep):
        told(name, Report([_not_asked(name, "the cluster says that it is not ready")]))
    awake = sorted(nodes.keys() - asleep)
    try:
        for start in range(0, len(awake), options.parallel):
            run.batch({n: nodes[n] for n in awake[start : start + options.parallel]}, told)
    finally:
        run.clear()
    return {name: found[name] for name in sorted(nodes)}


class _Run:
    """The pods of one run."""

    def __init__(self, cluster: Cluster, stack: StackSettings, options: Options, run: str) -> None:
        self._cluster, self._stack, self._options, self._run = cluster, stack, options, run
        self._owner = processes.process()
        there = {n["metadata"]["name"] for n in cluster.namespaces()}
        wanted = stack.multus.namespace
        self._namespace = wanted if wanted in there else "kube-system"
        self._multus = _whose(cluster.daemon_sets())
        self._image = options.image or versions.sample_image(stack.multus.registry or "")
        self._any = False

    def batch(self, nodes: Mapping[str, Object], told: Answer) -> None:
        """Ask these nodes at the same time."""
        began = time.monotonic()
        self._any = True
        with ThreadPoolExecutor(max_workers=16) as workers:
            refused = dict(zip(nodes, workers.map(self._create, nodes.items()), strict=True))
        for name, why in refused.items():
            if why:
                told(name, Report([_not_asked(name, why)]))
        waiting = [name for name, why in refused.items() if not why]
        while waiting:
            there = {pod.node_of(p): p for p in self._listed()}
            late = time.monotonic() - began > self._options.timeout
            for name in list(waiting):
                answer = self._answer(name, there.get(name), late=late)
                if answer is not None:
                    waiting.remove(name)
                    told(name, answer)
                    if name in there:
                        self._delete(there[name])
            if waiting:
                time.sleep(_POLL)

    def _create(self, node: tuple[str, Object]) -> str:
        """Why the API server does not take the node's pod; empty: it does."""
        name, live = node
        settings = _declared(self._stack, name, live)
        text = script.pod_preflight(
            name, settings, node_needs(name, settings, self._stack), self._multus
        )
        manifest = pod.manifest(
            name,
            self._namespace,
            run=self._run,
            owner=self._owner,
            image=self._image,
            script=text,
            seconds=int(2 * self._options.timeout) + 60,
        )
        try:
            self._cluster.create_pod(manifest)
        except RefusedError as error:
            return str(error)
        return ""

    def _answer(self, name: str, there: Object | None, *, late: bool) -> Report | None:
        """What its pod said; None: nothing yet."""
        if there is None:
            return Report([_not_asked(name, "somebody deleted its pod")])
        phase = (there.get("status") or {}).get("phase")
        metadata = there["metadata"]
        if phase in ("Succeeded", "Failed"):
            said = self._cluster.log(
                metadata["namespace"], metadata["name"], pod.CONTAINER, lines=_LOG_LINES
            )
            return report.of_pod(name, said)
        trouble = pod.trouble(there)
        if trouble or late:
            events = self._events(there) if late else []
            why = trouble or (events or ["its pod did not answer in time"])[-1]
            return Report([_not_asked(name, why)])
        return None

    def _events(self, there: Object) -> list[str]:
        metadata = there["metadata"]
        try:
            found = self._cluster.pod_events(metadata["namespace"], metadata["name"])
        except RefusedError:
            return []
        return [str(e.get("message") or "") for e in found if e.get("type") == "Warning"]

    def _listed(self) -> list[Object]:
        return self._cluster.pods(self._namespace, labels=f"{pod.RUN_LABEL}={self._run}")

    def _delete(self, there: Object) -> None:
        self._cluster.delete_pod(there["metadata"]["namespace"], there["metadata"]["name"])

    def clear(self) -> None:
        """Delete what is left of them, and wait until it is gone."""
        end = time.monotonic() + _GONE_WITHIN
        while self._any:
            try:
                left = self._listed()
            except UnreachableError:
                if time.monotonic() > end:
                    raise
                time.sleep(2)
                continue
            for one in left:
                if not one["metadata"].get("deletionTimestamp"):
                    self._delete(one)
            if not left or time.monotonic() > end:
                return
            time.sleep(_POLL)


def clear_leftovers(cluster: Cluster) -> None:
    """Delete the pods of earlier runs that were killed, or that have ended."""
    for left in cluster.pods(labels=f"{pod.MANAGED}={pod.MANAGER}"):
        metadata = left["metadata"]
        owner = str((metadata.get("annotations") or {}).get(pod.OWNER, ""))
        if pod.ended(left) or processes.abandoned(owner):
            cluster.delete_pod(metadata["namespace"], metadata["name"])


def _declared(stack: StackSettings, name: str, live: Object) -> NodeSettings:
    """What is declared of a node, with the labels that it has in the cluster."""
    known = stack.nodes.get(name) or NodeSettings()
    labels = {**(live["metadata"].get("labels") or {}), **known.labels}
    return known.model_copy(update={"labels": labels})


def _whose(daemon_sets: Iterable[Object]) -> str:
    """Whose the cluster's Multus is, as preflight.sh says it."""
    found: Sequence[Any] = [d for d in daemon_sets if is_multus(d)]
    if any(d["metadata"]["name"] == OWN_MULTUS for d in found):
        return "ours"
    return "theirs" if found else "unknown"


def _linux(node: Object) -> bool:
    labels: Mapping[str, str] = node["metadata"].get("labels") or {}
    return labels.get("kubernetes.io/os", "linux") == "linux"


def _ready(node: Object) -> bool:
    """Whether its kubelet answers; without a network a pod of the host's network runs all the same."""
    conditions = (node.get("status") or {}).get("conditions") or ()
    ready: Mapping[str, str] = next((c for c in conditions if c.get("type") == "Ready"), {})
    return ready.get("status") == "True" or "NetworkReady=false" in ready.get("message", "")


def _not_asked(node: str, why: str) -> Finding:
    rule = f"no pod could look at the node: {' '.join(why.split())[-300:]}"
    way_out = "mend that, or ask the node over SSH (declare it under multinet:nodes)"
    return Finding("node-not-asked", (report.ROOT, node), rule, way_out, node)


__all__ = ["ClusterError", "Options", "ask_by_pods", "clear_leftovers"]

"""Runs a short-lived pod on each node of a cluster, many at the same time, and reads what it said."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from multinet import versions
from multinet.live import Cluster, Object, RefusedError, UnreachableError, processes
from multinet.preflight import pod
from multinet.stack.settings import StackSettings

_T = TypeVar("_T")
_POLL = 0.5
_GONE_WITHIN = 30.0


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


@dataclasses.dataclass(frozen=True)
class Question(Generic[_T]):
    """What each node is asked.

    Attributes:
        script: node's name, and the node as it is in the cluster → what its pod runs.
        read: node's name, and what the pod printed → the answer.
        unasked: node's name, and why no pod could ask → what stands for the answer.
        lines: of the pod's log that are read, from its end.
        writable: node's name → directories of the node that the pod may write.
        processes: whether the pod sees the node's processes.
    """

    script: Callable[[str, Object], str]
    read: Callable[[str, str], _T]
    unasked: Callable[[str, str], _T]
    lines: int = 400
    writable: Callable[[str], tuple[str, ...]] = lambda _node: ()
    processes: bool = False


def ask_each(
    cluster: Cluster,
    stack: StackSettings,
    nodes: Mapping[str, Object],
    question: Question[_T],
    options: Options,
    *,
    on_answer: Callable[[str, _T], None] = lambda _node, _answer: None,
) -> dict[str, _T]:
    """Node → its answer. Leaves no pod behind, also when interrupted. Raises ClusterError.

    `nodes`: those that are asked, as they are in the cluster.
    """
    _clear_leftovers(cluster)
    run = _Run(cluster, stack, question, options)
    found: dict[str, _T] = {}

    def told(name: str, answer: _T) -> None:
        found[name] = answer
        on_answer(name, answer)

    asleep = {name for name, node in nodes.items() if not _ready(node)}
    for name in sorted(asleep):
        told(name, question.unasked(name, "the cluster says that it is not ready"))
    awake = sorted(nodes.keys() - asleep)
    try:
        for start in range(0, len(awake), options.parallel):
            run.batch({n: nodes[n] for n in awake[start : start + options.parallel]}, told)
    finally:
        run.clear()
    return {name: found[name] for name in sorted(nodes)}


def linux_nodes(cluster: Cluster) -> dict[str, Object]:
    """Those that can be asked, by name."""
    return {node["metadata"]["name"]: node for node in cluster.nodes() if _linux(node)}


class _Run(Generic[_T]):
    """The pods of one run."""

    def __init__(
        self, cluster: Cluster, stack: StackSettings, question: Question[_T], options: Options
    ) -> None:
        self._cluster, self._question, self._options = cluster, question, options
        self._run = secrets.token_hex(3)
        self._owner = processes.process()
        there = {n["metadata"]["name"] for n in cluster.namespaces()}
        wanted = stack.multus.namespace
        self._namespace = wanted if wanted in there else "kube-system"
        self._image = options.image or versions.sample_image(stack.multus.registry or "")
        self._any = False

    def batch(self, nodes: Mapping[str, Object], told: Callable[[str, _T], None]) -> None:
        """Ask these nodes at the same time."""
        began = time.monotonic()
        self._any = True
        with ThreadPoolExecutor(max_workers=16) as workers:
            refused = dict(zip(nodes, workers.map(self._create, nodes.items()), strict=True))
        for name, why in refused.items():
            if why:
                told(name, self._question.unasked(name, why))
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
        manifest = pod.manifest(
            name,
            self._namespace,
            run=self._run,
            owner=self._owner,
            image=self._image,
            script=self._question.script(name, live),
            seconds=int(2 * self._options.timeout) + 60,
            writable=self._question.writable(name),
            processes=self._question.processes,
        )
        try:
            self._cluster.create_pod(manifest)
        except RefusedError as error:
            return str(error)
        return ""

    def _answer(self, name: str, there: Object | None, *, late: bool) -> _T | None:
        """What its pod said; None: nothing yet."""
        if there is None:
            return self._question.unasked(name, "somebody deleted its pod")
        phase = (there.get("status") or {}).get("phase")
        metadata = there["metadata"]
        if phase in ("Succeeded", "Failed"):
            where = (metadata["namespace"], metadata["name"], pod.CONTAINER)
            return self._question.read(name, self._cluster.log(*where, lines=self._question.lines))
        trouble = pod.trouble(there)
        if trouble or late:
            events = self._events(there) if late else []
            why = trouble or (events or ["its pod did not answer in time"])[-1]
            return self._question.unasked(name, why)
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


def _clear_leftovers(cluster: Cluster) -> None:
    """Delete the pods of earlier runs that were killed, or that ended long ago."""
    for left in cluster.pods(labels=f"{pod.MANAGED}={pod.MANAGER}"):
        metadata = left["metadata"]
        owner = str((metadata.get("annotations") or {}).get(pod.OWNER, ""))
        if processes.left_behind(left, owner):
            cluster.delete_pod(metadata["namespace"], metadata["name"])


def _linux(node: Object) -> bool:
    labels: Mapping[str, str] = node["metadata"].get("labels") or {}
    return labels.get("kubernetes.io/os", "linux") == "linux"


def _ready(node: Object) -> bool:
    """Whether its kubelet answers; without a network a pod of the host's network runs all the same."""
    conditions = (node.get("status") or {}).get("conditions") or ()
    ready: Mapping[str, str] = next((c for c in conditions if c.get("type") == "Ready"), {})
    return ready.get("status") == "True" or "NetworkReady=false" in ready.get("message", "")

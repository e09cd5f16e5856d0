"""The pods of a run on the cluster: started, watched, and taken away whatever happens."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from multinet.live import Cluster, Object, RefusedError, UnreachableError, processes
from multinet.verify import evidence, pod
from multinet.verify.causes import TRANSIENT, Facts, causes
from multinet.verify.evidence import State
from multinet.verify.plan import PodPlan

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 16
_POLL = 0.4
_ASK_AFTER = 1.5
"""Seconds until a pod that is not ready is asked why, and between two such questions."""
_PROBED_WITHIN = 10.0
"""Seconds for the kubelet's probe of a pod that runs; it asks each second."""
_GONE_WITHIN = 45.0
_DHCP_SECONDS = 30.0
_STUCK_WITHIN = 5.0
"""Seconds that are waited for a pod to go whose network still waits for a DHCP server."""


@dataclasses.dataclass(frozen=True)
class Started:
    """What became of a pod.

    Attributes:
        object: as last seen; None: the API server did not take it.
        ready: whether it runs.
        texts: what is said about why it does not.
        refused: why the API server did not take it; empty: it did.
        unprobed: why the kubelet's probe of its eth0 does not pass, in the kubelet's words.
        waited: seconds that it was given.
    """

    plan: PodPlan
    object: Object | None
    ready: bool
    texts: tuple[str, ...] = ()
    refused: str = ""
    waited: float = 0.0
    unprobed: str = ""

    @property
    def address(self) -> str:
        """Of its eth0; empty: not known."""
        return str((self.object or {}).get("status", {}).get("podIP") or "")


class Pods:
    """Pods of one run; a context manager that leaves none behind.

    Args:
        run: the run's id, which all of them carry as a label.
        image: what they run.
        timeout: seconds that each may take to start.

    Attributes:
        left: pods (namespace/name) that were deleted, and were not gone within the time that is
            waited for that: their node does not answer, as a rule.
    """

    def __init__(self, cluster: Cluster, run: str, image: str, timeout: float) -> None:
        self._cluster = cluster
        self._run = run
        self._image = image
        self._timeout = timeout
        self._owner = processes.process()
        self._stopped = threading.Event()
        self._any = False
        self._running: dict[str, float] = {}
        self._stuck: set[str] = set()
        self.left: list[str] = []

    def __enter__(self) -> Pods:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        try:
            self.clear()
        except KeyboardInterrupt:
            # Interrupted while cleaning up, by a signal that is not answered twice: once more.
            self.clear()
            raise

    def start(self, plans: Sequence[PodPlan]) -> list[Started]:
        """Start pods, and wait until each runs, cannot run, or its time is up.

        One that cannot run is deleted at once: every try of the kubelet can take an address
        away from the range.
        """
        self._any = self._any or bool(plans)
        refused = dict(zip(plans, self._each(self._create, plans, wait=True), strict=True))
        starting = {plan.name: plan for plan, why in refused.items() if not why}
        ended = [Started(plan, None, False, refused=why) for plan, why in refused.items() if why]
        began = time.monotonic()
        asked = dict.fromkeys(starting, began)
        while starting:
            waited = time.monotonic() - began
            there = {p["metadata"]["name"]: p for p in self.listed()}
            for name, plan in list(starting.items()):
                now = there.get(name)
                result = self._judge(plan, now, asked, waited > self._patience(plan))
                if result is not None:
                    ended.append(dataclasses.replace(result, waited=waited))
                    del starting[name]
                    if not result.ready:
                        self._stuck |= {name} if _slow(plan) else set()
                        self._cluster.delete_pod(plan.namespace, name)
            if starting:
                time.sleep(_POLL)
        order = {plan.name: i for i, plan in enumerate(plans)}
        return sorted(ended, key=lambda s: order[s.plan.name])

    def _patience(self, plan: PodPlan) -> float:
        """Seconds that a pod may take to start.

        The dhcp plugin asks for minutes before it complains, where a server answers at once.
        """
        return min(self._timeout, _DHCP_SECONDS) if _slow(plan) else self._timeout

    def _create(self, plan: PodPlan) -> str:
        """Why the API server does not take the pod; empty: it does."""
        if self._stopped.is_set():
            return "interrupted"
        seconds = int(2 * self._timeout) + 60
        try:
            self._cluster.create_pod(
                pod.manifest(plan, self._run, self._owner, self._image, seconds)
            )
        except RefusedError as error:
            return str(error)
        return ""

    def _judge(
        self, plan: PodPlan, now: Object | None, asked: dict[str, float], late: bool
    ) -> Started | None:
        """What became of a pod; None: nothing yet."""
        if now is None:
            return Started(plan, None, False, ("somebody deleted the pod",))
        state = evidence.state(now)
        if state is State.READY:
            return Started(plan, now, True)
        if state is State.RUNNING:
            return self._unprobed(plan, now)
        due = time.monotonic() - asked[plan.name] >= _ASK_AFTER
        if state is State.STARTING and not late and not due:
            return None
        asked[plan.name] = time.monotonic()
        texts = evidence.said_of(now, self._events(plan))
        known = {c.code for c in causes("", texts, Facts())} - {"live-unknown-cause"}
        hopeless = bool(known - TRANSIENT) or _repeated(texts)
        if state is State.FAILED or late or hopeless:
            return Started(plan, now, False, tuple(texts))
        return None

    def _unprobed(self, plan: PodPlan, now: Object) -> Started | None:
        """A pod that runs, and whose probe does not pass; None: it may still."""
        since = self._running.setdefault(plan.name, time.monotonic())
        if time.monotonic() - since < _PROBED_WITHIN:
            return None
        silent = f"the kubelet's probe did not pass within {_PROBED_WITHIN:.0f} s"
        said = evidence.probe_failure(self._events(plan))
        return Started(plan, now, True, unprobed=said or silent)

    def probed_again(self, started: Started) -> Started:
        """The same pod as it is now: on a busy node a probe passes late."""
        try:
            now = self._cluster.pod(started.plan.namespace, started.plan.name)
        except RefusedError:
            return started
        if now is None or evidence.state(now) is not State.READY:
            return started
        return dataclasses.replace(started, object=now, unprobed="")

    def remove(self, started: Sequence[Started]) -> None:
        """Delete pods of the run before its end, and wait until they are gone with their addresses."""
        for one in started:
            self._cluster.delete_pod(one.plan.namespace, one.plan.name)
        names, end = {one.plan.name for one in started}, time.monotonic() + _GONE_WITHIN
        while names & {p["metadata"]["name"] for p in self.listed()} and time.monotonic() < end:
            time.sleep(_POLL)

    def _events(self, plan: PodPlan) -> list[Object]:
        try:
            return self._cluster.pod_events(plan.namespace, plan.name)
        except RefusedError:
            return []

    def listed(self) -> list[Object]:
        """The pods of this run that are there."""
        return self._cluster.pods(labels=f"{pod.RUN_LABEL}={self._run}")

    def each(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The results of `work` for each item, at the same time."""
        return self._each(work, items, wait=False)

    def _each(self, work: Callable[[T], R], items: Iterable[T], *, wait: bool) -> list[R]:
        """`wait`: whether work that goes on is waited for when interrupted."""
        pool = ThreadPoolExecutor(WORKERS)
        try:
            results = list(pool.map(work, items))
        except BaseException:
            self._stopped.set()
            pool.shutdown(wait=wait, cancel_futures=True)
            raise
        pool.shutdown()
        return results

    def clear(self) -> None:
        """Delete every pod of this run, and wait until they are gone with their addresses."""
        if not self._any:
            return
        began = time.monotonic()
        end = began + _GONE_WITHIN
        deleted: set[str] = set()
        while left := self._left(end):
            fresh = [p for p in left if p["metadata"]["name"] not in deleted]
            for one in fresh:
                metadata = one["metadata"]
                if not metadata.get("deletionTimestamp"):
                    self._cluster.delete_pod(metadata["namespace"], metadata["name"])
                deleted.add(metadata["name"])
            stuck = {p["metadata"]["name"] for p in left} <= self._stuck
            if time.monotonic() > (began + _STUCK_WITHIN if stuck else end):
                places = (p["metadata"] for p in left)
                self.left = sorted(f"{m['namespace']}/{m['name']}" for m in places)
                return
            time.sleep(_POLL)

    def _left(self, end: float) -> list[Object]:
        """What is still there; an API server that is away for a moment is asked again."""
        while True:
            try:
                return self.listed()
            except UnreachableError:
                if time.monotonic() > end:
                    raise
                time.sleep(2)


def _slow(plan: PodPlan) -> bool:
    """Whether a failed attach of the pod is told late."""
    return any(network.slow_to_fail for network in plan.networks)


def _repeated(texts: Sequence[str]) -> bool:
    """Whether the sandbox failed several times in a way that is not known."""
    return sum("Failed to create pod sandbox" in text for text in texts) >= 3


def clear_leftovers(cluster: Cluster) -> list[str]:
    """Delete what earlier runs left that were killed, or whose pods have ended; their names."""
    cleared = []
    for left in cluster.pods(labels=f"{pod.MANAGED}={pod.MANAGER}"):
        metadata: Mapping[str, object] = left["metadata"]
        annotations = left["metadata"].get("annotations") or {}
        if processes.left_behind(left, str(annotations.get(pod.OWNER, ""))):
            namespace, name = str(metadata["namespace"]), str(metadata["name"])
            cluster.delete_pod(namespace, name)
            cleared.append(f"{namespace}/{name}")
    return cleared

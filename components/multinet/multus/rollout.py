"""Whether Multus has come up on every node, and what it waits for where it has not. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from typing import Any

from multinet.findings import Finding
from multinet.findings.text import named

_Object = Mapping[str, Any]

# What scripts/daemon.sh says, and thin's entrypoint (multus-cni v4.3.0, cmd/thin_entrypoint).
_WAITS = re.compile(r"multinet: waiting for (\S+); in the node's CNI directory: (.*)")
_LOSES = re.compile(
    r"multinet: losing (\S+): restored \d+ times in a row, and taken away each (.*)"
)
_MISSES = re.compile(
    r"failed to create multus config: (?:file|open) \S*/([^\s/:]+)(?: not found)?:"
)
_HOPELESS = ("CreateContainerError", "CreateContainerConfigError", "RunContainerError")
_HOPELESS_IMAGE = ("InvalidImageName", "ErrImageNeverPull")


@dataclasses.dataclass(frozen=True, slots=True)
class Waiting:
    """A node on which Multus is not ready.

    Attributes:
        reason: what it waits for there, in words.
        file: the primary's file, where it waits for that.
        hopeless: whether it would wait in vain.
        vague: whether it may as well be starting as it should.
    """

    node: str
    reason: str
    file: str = ""
    hopeless: bool = False
    vague: bool = False


def is_rolled_out(daemon_set: _Object) -> bool:
    """Whether every pod is the newest one and has been ready for long enough."""
    status = daemon_set.get("status") or {}
    wanted = status.get("desiredNumberScheduled")
    if status.get("observedGeneration", 0) < daemon_set["metadata"].get("generation", 0):
        return False
    counts = ("currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady")
    return wanted is not None and all(status.get(key, 0) >= wanted for key in counts)


def unready(pods: Iterable[_Object]) -> list[_Object]:
    """Pods that are not ready, and are not on their way out."""
    return [
        pod
        for pod in pods
        if not pod["metadata"].get("deletionTimestamp") and _condition(pod, "Ready") != "True"
    ]


def waiting(
    pods: Iterable[_Object],
    logs: Mapping[str, str],
    nodes: Iterable[_Object] = (),
    *,
    existing: bool = False,
) -> list[Waiting]:
    """What the pods that are not ready wait for, by node.

    Args:
        pods: of Multus. logs: pod → the end of its log. nodes: of the cluster.
        existing: the primary was there before: where a node is ready, some primary has written its
            file there, and one that is not there is not going to come.
    """
    ready = {n["metadata"]["name"] for n in nodes if _condition(n, "Ready") == "True"}
    found = []
    for pod in unready(pods):
        node = (pod.get("spec") or {}).get("nodeName") or "no node yet"
        vain = existing and node in ready
        found.append(_of_pod(pod, node, logs.get(pod["metadata"]["name"], ""), vain))
    return sorted(found, key=lambda w: w.node)


def finding(left: Iterable[Waiting], seconds: float = 0) -> Finding:
    """Why an `up` ends here: what is waited for on each node, and the way out.

    `seconds`: how long it was waited for; 0: it was found like that.
    """
    left = list(left)
    told = "; ".join(f"{w.node}: {w.reason}" for w in left) or "its controller made no pod"
    within = f"has not started within {seconds:.0f} s" if seconds else "does not start"
    rule = f"Multus {within}: {told}"
    file = next((w.file for w in left if w.file), "")
    if not file:
        way_out = "mend that, and run `up` again: what is there by now is taken over"
        return Finding("multus-not-started", ("multinet:multus",), rule, way_out)
    nodes = named("node", [w.node for w in left if w.file])
    way_out = (
        f"name the file that the primary CNI has on {nodes}, or let it write {file}; then run `up`"
        " again: what is there by now is taken over"
    )
    return Finding("multus-not-started", ("multinet:primaryCni", "confFile"), rule, way_out, file)


def _of_pod(pod: _Object, node: str, log: str, vain: bool) -> Waiting:
    status = pod.get("status") or {}
    containers = [
        *(status.get("initContainerStatuses") or ()),
        *(status.get("containerStatuses") or ()),
    ]
    for container in containers:
        state = (container.get("state") or {}).get("waiting") or {}
        reason, message = str(state.get("reason", "")), str(state.get("message", ""))
        if reason and reason not in ("ContainerCreating", "PodInitializing", "CrashLoopBackOff"):
            hopeless = reason in (*_HOPELESS, *_HOPELESS_IMAGE)
            return Waiting(node, f"{reason} {_line(message)}".strip(), hopeless=hopeless)
    for line in reversed(log.splitlines()):
        if known := _of_line(line, node, vain):
            return known
    if not containers and (why := _message(pod, "PodScheduled")):
        return Waiting(node, why)
    if last := next((x for x in reversed(log.splitlines()) if x.strip()), ""):
        return Waiting(node, f"its pod is not ready; it said last: {_line(last)}", vague=True)
    return Waiting(node, "its pod is not ready yet", vague=True)


def _of_line(line: str, node: str, vain: bool) -> Waiting | None:
    if told := _LOSES.search(line):
        reason = f"{told[1]} is restored again and again, and taken away each {told[2]}"
        return Waiting(
            node, f"{reason}: set cni.exclusive: false there (adopt does)", hopeless=True
        )
    if told := _WAITS.search(line):
        file, there = told[1], told[2].split()
        others = [name for name in there if name != "nothing" and not name.startswith("00-multus")]
        reason = f"waits for {file}; its CNI directory has {', '.join(others) or 'no other'}"
        return Waiting(node, reason, file, vain and bool(others))
    if told := _MISSES.search(line):
        # Its image has no shell that could look which are there.
        also = ", though the node is ready, so another one is there" if vain else ""
        return Waiting(node, f"waits for {told[1]}, which is not there{also}", told[1], vain)
    return None


def _condition(item: _Object, kind: str) -> str:
    conditions = (item.get("status") or {}).get("conditions") or ()
    return next((str(c.get("status")) for c in conditions if c.get("type") == kind), "")


def _message(item: _Object, kind: str) -> str:
    conditions = (item.get("status") or {}).get("conditions") or ()
    return next((_line(str(c.get("message", ""))) for c in conditions if c.get("type") == kind), "")


def _line(text: str) -> str:
    """One line, shortened in the middle of nothing: the end of what runtimes say matters most."""
    joined = " ".join(text.split())
    return joined if len(joined) <= 300 else f"…{joined[-299:]}"

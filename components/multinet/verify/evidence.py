"""What pods, events, nodes and logs of a cluster say, as plain texts and facts. Pure."""

from __future__ import annotations

import contextlib
import enum
import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from multinet.cni.types import Address
from multinet.live import has_ended
from multinet.live.requests import Object
from multinet.verify.plan import NodeInfo

_IMAGE_TROUBLE = ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName")
_CREATION_TROUBLE = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")

# Go's log, klog, and Multus's own.
_STAMP = re.compile(
    r"^(?:[IWEF]\d{4} \S+ +\d+ \S+\] |\S*\d\d:\d\d:\d\d\S* (?:\[\w+\]:? )?"
    r"|\d{4}/\d\d/\d\d \S+ )"
)


class State(enum.Enum):
    """Of a pod that was started."""

    STARTING = "starting"
    RUNNING = "running"
    """Its container runs, and the kubelet's probe has not passed."""
    READY = "ready"
    FAILED = "failed"


def state(pod: Mapping[str, Any]) -> State:
    """Whether it runs, may still come to run, or never will."""
    status = pod.get("status") or {}
    if has_ended(pod) or pod["metadata"].get("deletionTimestamp"):
        return State.FAILED
    conditions = {c.get("type"): c.get("status") for c in status.get("conditions") or ()}
    if conditions.get("Ready") == "True":
        return State.READY
    waiting = {w.get("reason") for w in _waiting(pod)}
    if waiting & {*_IMAGE_TROUBLE, *_CREATION_TROUBLE}:
        return State.FAILED
    states = [s.get("state") or {} for s in status.get("containerStatuses") or ()]
    running = bool(states) and all("running" in s for s in states)
    return State.RUNNING if running else State.STARTING


def said_of(pod: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is said about why a pod is not ready: its status, then its warnings, oldest first."""
    status = pod.get("status") or {}
    texts = [_joined(status.get("reason"), status.get("message"))]
    for condition in status.get("conditions") or ():
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            texts.append(str(condition.get("message") or ""))
    texts += [_joined(w.get("reason"), w.get("message")) for w in _waiting(pod)]
    texts += [str(e.get("message") or "") for e in events if e.get("type") == "Warning"]
    plain = ("ContainerCreating", "PodInitializing")
    return list(dict.fromkeys(t for t in texts if t and t not in plain))


def probe_failure(events: Iterable[Mapping[str, Any]]) -> str:
    """What the kubelet last said of a probe that did not pass; empty: nothing."""
    said = [str(e.get("message") or "") for e in events if e.get("reason") == "Unhealthy"]
    return " ".join(said[-1].split())[:300] if said else ""


def log_lines(log: str, pod: str) -> list[str]:
    """The errors in Multus's log that are about a pod."""
    return [line for line in log.splitlines() if pod in line and "[error]" in line]


def node_infos(nodes: Iterable[Object]) -> list[NodeInfo]:
    """The cluster's nodes, as far as it matters where pods can be started; by name."""
    return sorted((_node_info(node) for node in nodes), key=lambda n: n.name)


def _node_info(node: Object) -> NodeInfo:
    metadata, spec = node["metadata"], node.get("spec") or {}
    status = node.get("status") or {}
    labels = metadata.get("labels") or {}
    conditions = {c.get("type"): c for c in status.get("conditions") or ()}
    ready = conditions.get("Ready") or {}
    without_network = "NetworkReady=false" in str(ready.get("message"))
    trouble = "not ready: no CNI configuration" if without_network else "not ready"
    if ready.get("status") == "True":
        trouble, without_network = "", False
    if labels.get("kubernetes.io/os", "linux") != "linux":
        trouble = "not Linux"
    effects = {taint.get("effect") for taint in spec.get("taints") or ()}
    kept_free = bool(spec.get("unschedulable")) or bool(effects & {"NoSchedule", "NoExecute"})
    addresses = tuple(_addresses(status.get("addresses") or ()))
    return NodeInfo(metadata["name"], labels, trouble, kept_free, without_network, addresses)


def _addresses(entries: Iterable[Mapping[str, Any]]) -> Iterator[Address]:
    """Those of type InternalIP, which the kubelet sends from."""
    for entry in entries:
        if entry.get("type") == "InternalIP":
            with contextlib.suppress(ValueError):
                yield ipaddress.ip_address(str(entry.get("address")))


def multus_down(pod: Object | None) -> str:
    """What is wrong with Multus's pod on a node; empty: it is ready. None: there is none."""
    if pod is None:
        return "it has no pod there"
    if state(pod) is State.READY:
        return ""
    waiting = [_joined(w.get("reason"), w.get("message")) for w in _waiting(pod)]
    phase = str((pod.get("status") or {}).get("phase") or "Unknown")
    plain = "running and not ready" if phase == "Running" else phase
    # Messages of the runtime name the pod: nodes with the same trouble are told together.
    told = " ".join((waiting or [plain])[0].split()).replace(f" {pod['metadata']['name']}", "")
    return f"its pod is {told[:200]}"


def not_ready(pod: Mapping[str, Any]) -> str:
    """Name of the first of a pod's containers that holds it up; empty: none does."""
    status = pod.get("status") or {}
    for one in status.get("initContainerStatuses") or ():
        ended = (one.get("state") or {}).get("terminated") or {}
        if ended.get("exitCode") != 0:
            return str(one.get("name", ""))
    held = [c for c in status.get("containerStatuses") or () if not c.get("ready")]
    return str(held[0].get("name", "")) if held else ""


def message(line: str) -> str:
    """A log's line without its time and level."""
    return _STAMP.sub("", " ".join(line.split()))[:300]


def _waiting(pod: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    status = pod.get("status") or {}
    statuses = [
        *(status.get("initContainerStatuses") or ()),
        *(status.get("containerStatuses") or ()),
    ]
    return [w for s in statuses if (w := (s.get("state") or {}).get("waiting"))]


def _joined(reason: Any, message: Any) -> str:
    return ": ".join(str(part) for part in (reason, message) if part)

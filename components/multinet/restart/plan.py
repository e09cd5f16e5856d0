"""What has to be rolled, and what cannot be. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from multinet.live import Object
from multinet.live.cluster import ROLLED
from multinet.verify.stale import Stale


@dataclasses.dataclass(frozen=True)
class Workload:
    """A Deployment, StatefulSet or DaemonSet with pods that must restart.

    Attributes:
        pods: names of those pods; its others restart with them.
        held: why it cannot be rolled; empty: it can.
    """

    kind: str
    namespace: str
    name: str
    pods: tuple[str, ...]
    held: str = ""

    def __str__(self) -> str:
        return f"{self.kind.lower()}/{self.name} -n {self.namespace}"

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "kind": self.kind,
            "namespace": self.namespace,
            "name": self.name,
            "pods": list(self.pods),
            "held": self.held or None,
        }


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a run does, in this order.

    Attributes:
        roll: workloads, by namespace and name.
        held: those that cannot be rolled.
        others: pods that no such workload brings back; each says what helps.
    """

    roll: Sequence[Workload]
    held: Sequence[Workload]
    others: Sequence[Stale]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "roll": [workload.as_dict() for workload in self.roll],
            "held": [workload.as_dict() for workload in self.held],
            "others": [pod.as_dict() for pod in self.others],
        }


def plan(stale: Iterable[Stale], objects: Mapping[tuple[str, str, str], Object]) -> Plan:
    """What to roll for these pods.

    A pod that asks for a network that is gone is not restarted: it would not start again.
    `objects`: kind, namespace and name → the workload, as far as it is there.
    """
    by_owner: dict[tuple[str, str, str], list[str]] = {}
    others: list[Stale] = []
    for pod in stale:
        key = (pod.owner.kind, pod.namespace, pod.owner.name)
        if pod.owner.kind in ROLLED and pod.command and key in objects:
            by_owner.setdefault(key, []).append(pod.pod)
        else:
            others.append(pod)
    found = [
        Workload(*key, tuple(sorted(pods)), _held(key[0], objects[key]))
        for key, pods in sorted(by_owner.items(), key=lambda item: (item[0][1:], item[0][0]))
    ]
    return Plan([w for w in found if not w.held], [w for w in found if w.held], others)


def rolled(kind: str, found: Object) -> bool:
    """Whether its rollout is complete, as `kubectl rollout status` sees it."""
    spec, status = found.get("spec") or {}, found.get("status") or {}
    if int(status.get("observedGeneration") or 0) < int(found["metadata"].get("generation") or 0):
        return False
    if kind == "DaemonSet":
        wanted = int(status.get("desiredNumberScheduled") or 0)
        return _are(status, wanted, "updatedNumberScheduled", "numberAvailable")
    wanted = int(spec.get("replicas", 1))
    if kind == "StatefulSet":
        return _are(status, wanted, "updatedReplicas", "readyReplicas") and (
            status.get("currentRevision") == status.get("updateRevision")
        )
    return _are(status, wanted, "updatedReplicas", "availableReplicas", "replicas")


def failed(kind: str, found: Object) -> str:
    """Why its rollout will not end by itself; empty: it may."""
    conditions = (found.get("status") or {}).get("conditions") or ()
    for condition in conditions if kind == "Deployment" else ():
        if condition.get("reason") == "ProgressDeadlineExceeded":
            return str(condition.get("message") or condition["reason"])
    return ""


def _are(status: Mapping[str, Any], wanted: int, *keys: str) -> bool:
    return all(int(status.get(key) or 0) == wanted for key in keys)


def _held(kind: str, found: Object) -> str:
    spec = found.get("spec") or {}
    strategy = spec.get("updateStrategy") or {}
    if kind == "Deployment" and spec.get("paused"):
        return "its rollout is paused: `kubectl rollout resume`, or delete its pods"
    if strategy.get("type") == "OnDelete":
        return "its pods are replaced only when somebody deletes them (OnDelete)"
    if kind == "StatefulSet" and (strategy.get("rollingUpdate") or {}).get("partition"):
        return "a partition keeps pods of it as they are"
    return ""

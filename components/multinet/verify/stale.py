"""Which live pods are on their networks as these were, or not at all. Pure.

A pod is attached once, when its sandbox is made: a NAD that changes later changes nothing for it.
"""

from __future__ import annotations

import dataclasses
import datetime
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from multinet.live import has_ended
from multinet.live.cluster import ROLLED
from multinet.networks.asked import asked_networks
from multinet.networks.since import changed_at, time_of
from multinet.verify.seen import network_status


@dataclasses.dataclass(frozen=True)
class Owner:
    """Who brings a pod back: a workload, or nobody (kind `Pod`)."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


Above = Mapping[tuple[str, str], Owner | None]
"""Namespace and name of a ReplicaSet → its Deployment."""


@dataclasses.dataclass(frozen=True)
class Stale:
    """A pod that must restart, or whose annotation must change.

    Attributes:
        networks: references `namespace/name` of those that it is not on as declared.
        reasons: one sentence for each of them.
        command: what helps; empty where `way_out` says all there is.
        way_out: what to do, in words.
    """

    namespace: str
    pod: str
    node: str
    owner: Owner
    networks: tuple[str, ...]
    reasons: tuple[str, ...]
    command: str
    way_out: str

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "namespace": self.namespace,
            "pod": self.pod,
            "node": self.node,
            "owner": {"kind": self.owner.kind, "name": self.owner.name},
            "networks": list(self.networks),
            "reasons": list(self.reasons),
            "command": self.command,
            "wayOut": self.way_out,
        }


def stale_pods(
    networks: Iterable[str],
    nads: Sequence[Mapping[str, Any]],
    pods: Iterable[Mapping[str, Any]],
    replica_sets: Iterable[Mapping[str, Any]] = (),
) -> list[Stale]:
    """The pods that are not on these networks as they are now.

    Args:
        networks: references `namespace/name` that are looked at. A pod on a network that the
            cluster does not have at all is listed in any case.
        nads: every NAD of the cluster.
        pods: every pod of the cluster.
        replica_sets: those between pods and Deployments.
    """
    changed = {_reference(nad): changed_at(nad) for nad in nads}
    above = above_of(replica_sets)
    wanted = set(networks)
    found = []
    for pod in pods:
        if stale := _of_pod(pod, wanted, changed, above):
            found.append(stale)
    return sorted(found, key=lambda s: (s.namespace, s.owner.kind, s.owner.name, s.pod))


def attached_at(pod: Mapping[str, Any]) -> datetime.datetime | None:
    """When the pod's sandbox got its networks; None: it has none yet."""
    status = pod.get("status") or {}
    conditions = {c.get("type"): c for c in status.get("conditions") or ()}
    ready = conditions.get("PodReadyToStartContainers")
    if ready is not None:
        return time_of(ready.get("lastTransitionTime")) if ready.get("status") == "True" else None
    # Kubernetes before 1.29 does not say; a pod with an address has had its sandbox since then.
    return time_of(status.get("startTime")) if status.get("podIP") else None


def _of_pod(
    pod: Mapping[str, Any],
    networks: set[str],
    changed: Mapping[str, datetime.datetime | None],
    above: Above,
) -> Stale | None:
    metadata = pod["metadata"]
    spec = pod.get("spec") or {}
    ended = has_ended(pod) or metadata.get("deletionTimestamp")
    since = attached_at(pod)
    asked = asked_networks(pod)
    if not asked or ended or since is None or spec.get("hostNetwork"):
        return None
    gone = [name for name in dict.fromkeys(asked) if name not in changed]
    behind = list(_behind(pod, [n for n in asked if n in networks], changed, since))
    reasons = {name: f"{name} is not on the cluster any more" for name in gone}
    reasons |= {name: reason for name, reason in behind if name not in gone}
    if not reasons:
        return None
    owner = owner_of(pod, above)
    if gone:
        command = ""
        way_out = f"declare {', '.join(gone)} again, or take it out of the annotation: pods that restart now do not start"
    else:
        command, way_out = _restart(metadata["namespace"], metadata["name"], owner)
    return Stale(
        namespace=metadata["namespace"],
        pod=metadata["name"],
        node=spec.get("nodeName", ""),
        owner=owner,
        networks=tuple(reasons),
        reasons=tuple(reasons.values()),
        command=command,
        way_out=way_out,
    )


def _behind(
    pod: Mapping[str, Any],
    asked: Sequence[str],
    changed: Mapping[str, datetime.datetime | None],
    since: datetime.datetime,
) -> Iterator[tuple[str, str]]:
    """Networks that the pod lacks, or has as they were."""
    status = network_status(pod)
    for name in dict.fromkeys(asked):
        has = sum(1 for entry in status or () if entry.name == name)
        lacks = asked.count(name) - has
        at = changed.get(name)
        if lacks > 0:
            if status is None:
                why = "Multus was away, or had lost the API server, when it started"
                yield name, f"has no network-status: {why}"
            else:
                yield name, f"started on the primary network without {name}: Multus was away"
        elif at is not None and at > since:
            yield name, f"{name} changed at {_shown(at)}, the pod was attached at {_shown(since)}"


def _restart(namespace: str, pod: str, owner: Owner) -> tuple[str, str]:
    where = f"-n {shlex.quote(namespace)}"
    if owner.kind in ROLLED:
        target = shlex.quote(f"{owner.kind.lower()}/{owner.name}")
        return f"kubectl rollout restart {target} {where}", "restart its workload"
    if owner.kind == "VirtualMachineInstance":
        return f"virtctl restart {shlex.quote(owner.name)} {where}", "restart the machine"
    delete = f"kubectl delete pod {shlex.quote(pod)} {where}"
    if owner.kind == "Pod":
        return delete, "nobody brings it back: create it again"
    return delete, f"{owner} makes it anew"


def above_of(replica_sets: Iterable[Mapping[str, Any]]) -> Above:
    """Namespace and name of each ReplicaSet → what controls it."""
    return {
        (r["metadata"].get("namespace", ""), r["metadata"]["name"]): _controller(r)
        for r in replica_sets
    }


def owner_of(pod: Mapping[str, Any], above: Above) -> Owner:
    """What brings a pod back; a Deployment rather than its ReplicaSet."""
    metadata = pod["metadata"]
    owner = _controller(pod)
    if owner is None:
        return Owner("Pod", metadata["name"])
    if owner.kind == "ReplicaSet":
        return above.get((metadata.get("namespace", ""), owner.name)) or owner
    return owner


def _controller(thing: Mapping[str, Any]) -> Owner | None:
    for reference in thing["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            return Owner(str(reference.get("kind", "")), str(reference.get("name", "")))
    return None


def _reference(nad: Mapping[str, Any]) -> str:
    return f"{nad['metadata'].get('namespace', '')}/{nad['metadata']['name']}"


def _shown(time: datetime.datetime) -> str:
    return time.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%SZ")

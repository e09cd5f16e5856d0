"""How Multus stands on a live cluster: whether it is rolled out, and what it waits for."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from multinet import live
from multinet.multus import rollout
from multinet.multus.objects import CONTAINER, LABELS, NAME
from multinet.multus.settings import MultusSettings

_LOG_LINES = 50


@dataclasses.dataclass(frozen=True)
class Standing:
    """What was seen of it at one time.

    Attributes:
        daemon_set: of this project's Multus; None: there is none.
        left: on which nodes it is not ready, and why; of one that is rolled out: none.
    """

    daemon_set: live.Object | None
    left: Sequence[rollout.Waiting] = ()

    @property
    def done(self) -> bool:
        """Whether every pod is the newest one, and ready."""
        return self.daemon_set is not None and rollout.is_rolled_out(self.daemon_set)


def standing(cluster: live.Cluster, settings: MultusSettings, *, existing: bool) -> Standing:
    """Look at it. Raises live.ClusterError.

    `existing`: whether the primary CNI was there before; see `rollout.waiting`.
    """
    own = [d for d in cluster.daemon_sets(settings.namespace) if d["metadata"]["name"] == NAME]
    if not own or rollout.is_rolled_out(own[0]):
        return Standing(own[0] if own else None)
    selector = ",".join(f"{key}={value}" for key, value in LABELS.items())
    pods = cluster.pods(settings.namespace, labels=selector)
    unready = rollout.unready(pods)
    logs = {p["metadata"]["name"]: _log(cluster, settings.namespace, p) for p in unready}
    nodes = cluster.nodes() if existing and unready else ()
    return Standing(own[0], rollout.waiting(pods, logs, nodes, existing=existing))


def _log(cluster: live.Cluster, namespace: str, pod: Mapping[str, Any]) -> str:
    """What it said; one that ends and is started again, as thin does, said why before that."""
    statuses = (pod.get("status") or {}).get("containerStatuses") or ()
    restarted = any(status.get("restartCount") for status in statuses)
    name, found = pod["metadata"]["name"], []
    for previous in (True, False) if restarted else (False,):
        try:
            said = cluster.log(namespace, name, CONTAINER, lines=_LOG_LINES, previous=previous)
        except live.ClusterError:
            continue
        found.append(said)
    return "\n".join(found)

"""How Multus stands on a live cluster: whether it is rolled out, and what it waits for."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

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
    names = [pod["metadata"]["name"] for pod in rollout.unready(pods)]
    logs = {name: _log(cluster, settings.namespace, name) for name in names}
    nodes = cluster.nodes() if existing and names else ()
    return Standing(own[0], rollout.waiting(pods, logs, nodes, existing=existing))


def _log(cluster: live.Cluster, namespace: str, pod: str) -> str:
    try:
        return cluster.log(namespace, pod, CONTAINER, lines=_LOG_LINES)
    except live.ClusterError:
        return ""

"""Multus on the cluster: where it runs, what is wrong with it, what it logged."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from multinet.live import Cluster, ClusterError, Object
from multinet.multus.objects import NAME
from multinet.multus.running import container_of, multus_of
from multinet.multus.settings import MultusSettings
from multinet.verify import evidence

_LOG_SECONDS = 300
_LOG_LINES = 3000


@dataclasses.dataclass(frozen=True)
class MultusState:
    """Multus's DaemonSet, and its pod on each node; None: there is none."""

    daemon_set: Object | None
    pods: dict[str, Object]

    @property
    def namespace(self) -> str:
        """Where it runs; empty: nowhere."""
        return str(self.daemon_set["metadata"]["namespace"]) if self.daemon_set else ""

    def down(self, node: str) -> str:
        """What is wrong with it on a node; empty: it is ready there."""
        return evidence.multus_down(self.pods.get(node))

    def errors(self, cluster: Cluster, node: str, pod: str) -> list[str]:
        """What it logged about a pod on that node; empty where the log cannot be read."""
        where = self.pods.get(node)
        if where is None or self.daemon_set is None:
            return []
        container = container_of(self.daemon_set)["name"]
        name = where["metadata"]["name"]
        try:
            log = cluster.log(
                self.namespace, name, container, seconds=_LOG_SECONDS, lines=_LOG_LINES
            )
        except ClusterError:
            return []
        return evidence.log_lines(log, pod)


def multus_state(cluster: Cluster, settings: MultusSettings) -> MultusState:
    """Find Multus: this stack's, else whoever's."""
    here = cluster.daemon_sets(settings.namespace)
    found = _own_first(here) or _own_first(cluster.daemon_sets())
    if found is None:
        return MultusState(None, {})
    labels = found["spec"]["selector"].get("matchLabels") or {}
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    pods = cluster.pods(found["metadata"]["namespace"], labels=selector)
    by_node: dict[str, Object] = {}
    for pod in sorted(pods, key=lambda p: str(p["metadata"].get("creationTimestamp", ""))):
        # While it rolls there are two on a node: the one that stays is the newer.
        by_node[(pod.get("spec") or {}).get("nodeName", "")] = pod
    return MultusState(found, by_node)


def _own_first(daemon_sets: Sequence[Object]) -> Object | None:
    own = [d for d in daemon_sets if d["metadata"]["name"] == NAME]
    return next(iter([*own, *multus_of(daemon_sets)]), None)

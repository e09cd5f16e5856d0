"""Multus on the cluster: where it runs, what is wrong with it, what it logged."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from multinet.findings import Finding, Path, Severity
from multinet.live import Cluster, ClusterError, Object
from multinet.multus.objects import NAME
from multinet.multus.running import (
    config_maps_of,
    container_of,
    files_of,
    flags_of,
    multus_of,
    primary_conf_file,
)
from multinet.multus.settings import MultusSettings
from multinet.names import stack_key
from multinet.verify import evidence

_LOG_SECONDS = 300
_LOG_LINES = 3000
_LOGS_READ = 5
_NODES_SHOWN = 5
_PATH: Path = (stack_key("multus"),)

# What waits for the primary's file, in the words of our script, of thin and of thick (v4.3.0).
_AWAITED = re.compile(
    r"multinet: waiting for ([^\s;]+)"
    r"|(?:cannot read master CNI config json|failed to access the primary CNI configuration"
    r"|failed to find the (?:primary|cluster master) CNI plugin)\D*?(?:open |stat )?(\S*/)?"
    r"([^\s/:]+\.conf(?:list)?)\b"
)


@dataclasses.dataclass(frozen=True)
class Down:
    """Why Multus is not ready on a node.

    Attributes:
        pod: its pod there; empty: there is none.
        why: in a few words.
        log: the last line of its pod's log; empty: it says nothing, or may not be read.
    """

    pod: str
    why: str
    log: str = ""

    def __str__(self) -> str:
        return f"{self.why}; its log says: {self.log}" if self.log else self.why

    @property
    def awaited(self) -> str:
        """Name of the primary's configuration file that it waits for; empty: not for one."""
        found = _AWAITED.search(self.log)
        return (found[1] or found[3] or "").rpartition("/")[2] if found else ""


@dataclasses.dataclass(frozen=True)
class MultusState:
    """Multus on a cluster.

    Attributes:
        daemon_set: None: there is none.
        pods: its pod on each node.
        primary_conf: name of the primary's file that it is pinned to; empty: not known.
    """

    daemon_set: Object | None
    pods: Mapping[str, Object]
    primary_conf: str = ""

    @property
    def namespace(self) -> str:
        """Where it runs; empty: nowhere."""
        return str(self.daemon_set["metadata"]["namespace"]) if self.daemon_set else ""

    @property
    def own(self) -> bool:
        """Whether multinet installed it."""
        return self.daemon_set is not None and self.daemon_set["metadata"]["name"] == NAME

    def down(self, node: str) -> str:
        """What is wrong with it on a node; empty: it is ready there, or nowhere at all."""
        return evidence.multus_down(self.pods.get(node)) if self.daemon_set else ""

    def all_down(self, cluster: Cluster, nodes: Iterable[str]) -> dict[str, Down]:
        """Those of the nodes where it is not ready; of a few its log is read."""
        found: dict[str, Down] = {}
        for node in nodes:
            if why := self.down(node):
                pod = self.pods.get(node)
                name = pod["metadata"]["name"] if pod else ""
                log = self._last_words(cluster, pod) if pod and len(found) < _LOGS_READ else ""
                found[node] = Down(name, why, log)
        return found

    def errors(self, cluster: Cluster, node: str, pod: str) -> list[str]:
        """What it logged about a pod on that node; empty where the log cannot be read."""
        where = self.pods.get(node)
        if where is None or self.daemon_set is None:
            return []
        container = container_of(self.daemon_set)["name"]
        log = self._log(cluster, where, container, lines=_LOG_LINES, seconds=_LOG_SECONDS)
        return evidence.log_lines(log, pod)

    def _last_words(self, cluster: Cluster, pod: Object) -> str:
        """The last line of the log of whichever of its containers holds it up."""
        assert self.daemon_set is not None
        container = evidence.not_ready(pod) or container_of(self.daemon_set)["name"]
        lines = self._log(cluster, pod, container, lines=20).split("\n")
        return evidence.message(next((line for line in reversed(lines) if line.strip()), ""))

    def _log(
        self,
        cluster: Cluster,
        pod: Object,
        container: str,
        *,
        lines: int,
        seconds: int | None = None,
    ) -> str:
        name = pod["metadata"]["name"]
        try:
            return cluster.log(self.namespace, name, container, lines=lines, seconds=seconds)
        except ClusterError:
            return ""


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
    return MultusState(found, by_node, _primary_conf(cluster, found))


def multus_findings(
    multus: MultusState, settings: MultusSettings, primary: str, down: Mapping[str, Down]
) -> Iterator[Finding]:
    """What is wrong with Multus on the cluster. `primary`: name of the declared file."""
    if multus.daemon_set is None:
        if settings.enabled:
            rule = "the cluster has no DaemonSet of Multus"
            way_out = "run `pulumi up`, or install it; multus.enabled: false if others run it"
            yield Finding("live-multus-missing", _PATH, rule, way_out)
        return
    if multus.primary_conf not in ("", primary):
        rule = (
            f"Multus on the cluster calls {multus.primary_conf} as the primary CNI,"
            f" declared is {primary}"
        )
        severity = Severity.ERROR if multus.own else Severity.WARNING
        path = (stack_key("primaryCni"), "confFile")
        way_out = "`pulumi up --refresh` writes it anew" if multus.own else "correct confFile"
        yield Finding("live-primary-differs", path, rule, way_out, primary, severity)
    groups: dict[tuple[str, str], list[str]] = {}
    for node, of_node in down.items():
        groups.setdefault((of_node.why, of_node.log), []).append(node)
    for nodes in groups.values():
        yield _not_ready(multus, nodes, down[nodes[0]])


def _not_ready(multus: MultusState, nodes: Sequence[str], down: Down) -> Finding:
    more = f" and {len(nodes) - _NODES_SHOWN} more" if len(nodes) > _NODES_SHOWN else ""
    rule = f"Multus is not ready on {', '.join(nodes[:_NODES_SHOWN])}{more}: {down}"
    where, name = (
        multus.namespace,
        multus.daemon_set["metadata"]["name"] if multus.daemon_set else "",
    )
    if down.awaited:
        way_out = (
            f"see that the primary CNI's agent runs there and writes {down.awaited};"
            " if its file has another name, correct primaryCni.confFile"
        )
    elif down.pod:
        way_out = f"`kubectl -n {where} logs {down.pod}` says more; then verify again"
    else:
        way_out = f"`kubectl -n {where} describe daemonset {name}` tells why; then verify again"
    return Finding("live-multus-not-ready", _PATH, rule, way_out)


def _primary_conf(cluster: Cluster, daemon_set: Object) -> str:
    """By its flags, and by its ConfigMaps where they may be read."""
    texts: list[str] = []
    for namespace, name in config_maps_of(daemon_set):
        try:
            texts += ((cluster.config_map(namespace, name) or {}).get("data") or {}).values()
        except ClusterError:
            continue
    said = {key: value for file in files_of(texts) for key, value in file.items()}
    return primary_conf_file(flags_of(daemon_set), said)


def _own_first(daemon_sets: Sequence[Object]) -> Object | None:
    own = [d for d in daemon_sets if d["metadata"]["name"] == NAME]
    return next(iter([*own, *multus_of(daemon_sets)]), None)

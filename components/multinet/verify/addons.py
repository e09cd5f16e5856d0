"""The add-ons of a stack on the cluster: whether they are there, and ready on each node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.addons.site import SiteSettings
from multinet.addons.workloads import daemon_sets, deployments, key_of, takes_away
from multinet.findings import Finding, Path
from multinet.findings.text import some
from multinet.live import Cluster, ClusterError, Object
from multinet.names import stack_key
from multinet.stack.settings import StackSettings
from multinet.verify import evidence

_SHOWN = 5
_LOGS_READ = 5
_LOG_LINES = 20


def addon_findings(
    cluster: Cluster, settings: StackSettings, nodes: Sequence[str]
) -> Iterator[Finding]:
    """What is wrong with the add-ons that the stack has. `nodes`: where they have to be ready.

    Raises live.ClusterError.
    """
    if not settings.addons.on:
        return
    namespace = settings.multus.namespace
    site = SiteSettings.of(settings.multus, settings.primary_cni, settings.networks)
    there = {d["metadata"]["name"]: d for d in cluster.daemon_sets(namespace)}
    once = [name for attribute in settings.addons.on for name in deployments(attribute, site)]
    run = {d["metadata"]["name"]: d for d in cluster.deployments(namespace)} if once else {}
    for attribute in settings.addons.on:
        path = (stack_key("addons"), key_of(attribute))
        for name in deployments(attribute, site):
            yield from _once(cluster, run.get(name), f"{namespace}/{name}", path)
        for name in daemon_sets(attribute, site):
            if name not in there:
                rule = f"the cluster has no DaemonSet {namespace}/{name}"
                yield Finding("live-addon-missing", path, rule, "run `pulumi up`")
            else:
                yield from _of(cluster, there[name], nodes, path)


def _of(
    cluster: Cluster, daemon_set: Object, nodes: Sequence[str], path: Path
) -> Iterator[Finding]:
    namespace, name = daemon_set["metadata"]["namespace"], daemon_set["metadata"]["name"]
    if takes_away(daemon_set):
        rule = f"{name} is taking away what it laid out: a destroy was begun, and cut off"
        yield Finding("live-addon-not-ready", path, rule, "`pulumi up --refresh`, or destroy it")
        return
    pods = _by_node(cluster, daemon_set)
    why: dict[str, list[str]] = defaultdict(list)
    if _chooses(daemon_set):
        nodes = [node for node in nodes if node in pods]
    for node in nodes:
        if told := evidence.multus_down(pods.get(node)):
            read = sum(map(len, why.values())) < _LOGS_READ
            log = _last_words(cluster, pods[node]) if read and node in pods else ""
            why[f"{told}; its log says: {log}" if log else told].append(node)
    for told, where in why.items():
        rule = f"{name} is not ready on {some(where, _SHOWN)}: {told}"
        way_out = f"`kubectl -n {namespace} describe daemonset {name}` tells why"
        if first := pods.get(where[0]):
            way_out = f"`kubectl -n {namespace} logs {first['metadata']['name']}` says more"
        yield Finding("live-addon-not-ready", path, rule, way_out)


def _chooses(daemon_set: Object) -> bool:
    """Whether it is meant for some nodes only, by labels of theirs."""
    selector = daemon_set["spec"]["template"]["spec"].get("nodeSelector") or {}
    return bool(selector.keys() - {"kubernetes.io/os"})


def _once(cluster: Cluster, deployment: Object | None, name: str, path: Path) -> Iterator[Finding]:
    """What runs once in the cluster: whether it is there, and why it is not ready."""
    if deployment is None:
        rule = f"the cluster has no Deployment {name}"
        yield Finding("live-addon-missing", path, rule, "run `pulumi up`")
        return
    if (deployment.get("status") or {}).get("readyReplicas"):
        return
    pods = _by_node(cluster, deployment).values()
    pod = next(iter(pods), None)
    told = evidence.multus_down(pod)
    log = _last_words(cluster, pod) if pod is not None else ""
    rule = f"{name} is not ready: {told}" + (f"; its log says: {log}" if log else "")
    where, _, alone = name.partition("/")
    way_out = f"`kubectl -n {where} logs deployment/{alone}` says more"
    yield Finding("live-addon-not-ready", path, rule, way_out)


def _by_node(cluster: Cluster, daemon_set: Object) -> Mapping[str, Object]:
    """Its pod on each node; while it rolls there are two, and the one that stays is the newer."""
    labels = daemon_set["spec"]["selector"].get("matchLabels") or {}
    selector = ",".join(f"{key}={value}" for key, value in labels.items())
    found = cluster.pods(daemon_set["metadata"]["namespace"], labels=selector)
    found.sort(key=lambda pod: str(pod["metadata"].get("creationTimestamp", "")))
    return {(pod.get("spec") or {}).get("nodeName", ""): pod for pod in found}


def _last_words(cluster: Cluster, pod: Mapping[str, Any]) -> str:
    metadata = pod["metadata"]
    container = evidence.not_ready(pod) or pod["spec"]["containers"][0]["name"]
    try:
        said = cluster.log(metadata["namespace"], metadata["name"], container, lines=_LOG_LINES)
    except ClusterError:
        return ""
    lines = [line for line in said.splitlines() if line.strip()]
    return evidence.message(lines[-1]).removeprefix("multinet: ") if lines else ""

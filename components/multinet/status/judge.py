"""What of a network's status needs a person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from multinet.findings import Finding, Severity
from multinet.findings.text import named, some
from multinet.networks.checks.view import ROOT, NetworkView
from multinet.status.pools import Leak
from multinet.status.ranges import RangeUse
from multinet.status.report import NetworkStatus, NodeStatus

_REASONS = 2


def findings(network: NetworkStatus, full: float) -> Iterator[Finding]:
    """In the order in which they are urgent.

    `full`: of a range, the share from which on a person has to know, from 0 to 1.
    """
    path = (ROOT, network.name)
    able = [node for node in network.nodes if node not in network.unable]
    if not network.nodes:
        rule = "no node of the cluster has the labels of its nodeSelector"
        way_out = "label a node, or correct nodeSelector; `kubectl get nodes --show-labels`"
        yield Finding("live-no-node", (*path, "nodeSelector"), rule, way_out)
    elif not able:
        why = some(sorted({f"{reason}" for reason in network.unable.values()}), _REASONS)
        rule = f"none of its nodes can serve it: {why}"
        way_out = "`multinet verify` says more; pods that ask for it wait"
        yield Finding("live-no-node", path, rule, way_out)
    for use in network.ranges:
        if use.share >= full:
            yield _full(network.name, use)
    if network.stale:
        pods = named("pod", [f"{one.namespace}/{one.pod}" for one in network.stale])
        are = "is" if len(network.stale) == 1 else "are"
        rule = f"{pods} {are} not on it as it is now"
        way_out = "`multinet verify --stale` says why, `multinet restart` rolls their workloads"
        yield Finding("live-pods-stale", path, rule, way_out, None, Severity.WARNING)
    for use in network.ranges:
        if use.leaks:
            yield _leaked(network.name, use)


def node_findings(
    nodes: Sequence[NodeStatus], networks: Sequence[NetworkStatus]
) -> Iterator[Finding]:
    """Nodes that are in trouble themselves; Multus's is told with Multus."""
    for node in nodes:
        missed = [n.name for n in networks if node.node in n.unable]
        if node.trouble and missed:
            rule = f"{node.node} is {node.trouble}: it cannot serve {named('network', missed)}"
            way_out = f"`kubectl describe node {node.node}` tells why"
            yield Finding("live-node-unable", (), rule, way_out, node.node, Severity.WARNING)


def handed_out_by(view: NetworkView) -> str:
    """Who hands out addresses that nothing here can count."""
    return ", ".join(dict.fromkeys(ipam.type for _, ipam in view.config.addressing if ipam.type))


def _full(name: str, use: RangeUse) -> Finding:
    where = f" on {use.node}" if use.node else ""
    rule = f"{use.used} of {use.size} addresses are used{where}"
    way_out = "widen the range, or take pods off it; the next pod that finds none does not start"
    value, path = use.range, (ROOT, name)
    severity = Severity.WARNING if use.free else Severity.ERROR
    return Finding("live-range-full", path, rule, way_out, value, severity)


def _leaked(name: str, use: RangeUse) -> Finding:
    kept = named("address", [str(leak.address) for leak in use.leaks])
    if pods := sorted({leak.pod for leak in use.leaks if isinstance(leak, Leak)}):
        rule = f"the books keep {kept} for {named('pod', pods)}, gone"
        way_out = "`multinet status --free` frees them; whereabouts' reconciler does so in time"
    else:
        rule = f"host-local's books on {use.node} keep {kept}, which no pod there has"
        way_out = "`multinet status --nodes --free` frees them"
    path = (ROOT, name)
    return Finding("live-address-leaked", path, rule, way_out, use.range, Severity.WARNING)

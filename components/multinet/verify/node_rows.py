"""What a pod shows of its node: that Multus attached it, and its primary network. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from multinet.findings import Finding, Path, Severity
from multinet.names import stack_key
from multinet.verify.causes import Facts, causes, silent_causes
from multinet.verify.pods import Started
from multinet.verify.rows import NodeRow
from multinet.verify.seen import network_status

_MULTUS: Path = (stack_key("multus"),)


def node_row(
    started: Started, texts: Sequence[str], facts: Facts, pod_cidrs: Sequence[str]
) -> NodeRow:
    """The row of the node that a pod was started on.

    Args:
        texts: what is said about why it does not run; empty where it does.
        facts: about that node.
        pod_cidrs: the declared ones.
    """
    plan, seen = started.plan, started.object or {}
    if not started.ready:
        return NodeRow(
            plan.node, plan.name, findings=(_failed(started),), causes=_why(texts, facts)
        )
    ips = (seen.get("status") or {}).get("podIPs") or ()
    addresses = tuple(str(ip.get("ip")) for ip in ips)
    status = network_status(seen)
    primary = next((s.name for s in status or () if s.default), "")
    findings = tuple(_outside(plan.node, addresses, pod_cidrs))
    why: tuple[Finding, ...] = ()
    if status is None and not plan.networks:  # else its networks' own rows say so
        rule = "a pod started there without Multus, which wrote no network-status on it"
        way_out = "see the likely cause; then start its pods again"
        findings += (Finding("live-multus-not-called", _MULTUS, rule, way_out, plan.node),)
        why = tuple(_moved(silent_causes("", facts)))
    return NodeRow(plan.node, plan.name, primary, addresses, findings, why)


def _failed(started: Started) -> Finding:
    if started.refused:
        way_out = "see quotas, admission policies and your permissions in that namespace"
        return Finding("live-pod-refused", _MULTUS, started.refused, way_out, started.plan.node)
    rule = "a pod without networks did not start there"
    return Finding("live-not-started", _MULTUS, rule, "see the likely cause", started.plan.node)


def _why(texts: Sequence[str], facts: Facts) -> tuple[Finding, ...]:
    return tuple(_moved(causes("", texts or ["nothing was said about it"], facts)))


def _moved(found: Sequence[Finding]) -> Iterator[Finding]:
    """Causes of a network, as causes of a node."""
    return (finding.at(_MULTUS) for finding in found)


def _outside(node: str, addresses: Sequence[str], pod_cidrs: Sequence[str]) -> Iterator[Finding]:
    networks = [ipaddress.ip_network(cidr) for cidr in pod_cidrs]
    for address in addresses:
        at = ipaddress.ip_address(address)
        same = [n for n in networks if n.version == at.version]
        if same and not any(at in n for n in same):
            rule = f"eth0 of a pod on {node} has {address}, declared are {', '.join(pod_cidrs)}"
            way_out = "write the cluster's own pod networks: other networks are checked by them"
            path = (stack_key("primaryCni"), "podCidrs")
            yield Finding("live-pod-cidr", path, rule, way_out, address, Severity.WARNING)

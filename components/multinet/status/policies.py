"""Policies that hold for no pod of a cluster, as it is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Severity
from multinet.findings.text import named
from multinet.live import has_ended
from multinet.names import stack_key
from multinet.networks.asked import asked_networks
from multinet.policies.peers import PolicyRequirement, PolicySelector
from multinet.stack.settings import StackSettings

_Pod = Mapping[str, Any]


def policy_findings(settings: StackSettings, pods: Sequence[_Pod]) -> Iterator[Finding]:
    """One for each policy whose podSelector matches no pod on its networks."""
    alive = [pod for pod in pods if not has_ended(pod)] if settings.policies else []
    for name, policy in settings.policies.items():
        there = [(n, settings.networks[n]) for n in policy.networks if n in settings.networks]
        on = {f"{network.namespace}/{n}" for n, network in there}
        held = any(
            pod["metadata"]["namespace"] == policy.namespace
            and on & {*asked_networks(pod)}
            and selects(policy.pod_selector, pod["metadata"].get("labels") or {})
            for pod in alive
        )
        if not held:
            where = f"{policy.namespace} that is on {named('network', policy.networks)}"
            rule = f"selects no pod of namespace {where}: it holds for nobody"
            way_out = "correct its labels or its namespace, if pods are meant to be there"
            path = (stack_key("policies"), name, "podSelector")
            warning = Severity.WARNING
            yield Finding("live-policy-selects-nobody", path, rule, way_out, None, warning)


def selects(selector: PolicySelector, labels: Mapping[str, str]) -> bool:
    """Whether it selects what has these labels."""
    return selector.match_labels.items() <= labels.items() and all(
        _holds(one, labels) for one in selector.match_expressions
    )


def _holds(one: PolicyRequirement, labels: Mapping[str, str]) -> bool:
    there = one.key in labels
    match one.operator:
        case "In":
            return there and labels[one.key] in one.values
        case "NotIn":
            return not there or labels[one.key] not in one.values
        case "Exists":
            return there
        case "DoesNotExist":
            return not there

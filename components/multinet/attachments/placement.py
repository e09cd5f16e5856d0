"""Where pods of a network can land: the affinity that belongs beside the annotation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from multinet.attachments.attach import Declared, when_known
from multinet.attachments.given import AttachmentRefused
from multinet.attachments.published import chosen
from multinet.attachments.stack_reference import of_stack
from multinet.findings import Finding
from multinet.networks.checks.view import NetworkView


def affinity(*networks: NetworkView | Declared) -> Any:
    """The affinity of pods on these networks: only nodes that can serve each of them.

    Multus attaches a pod where it landed; the scheduler knows nothing of networks. Put it in the
    pod's `spec.affinity`, merged with what the pod has there itself.

    Args:
        networks: `Network`s of the program.

    Returns:
        `{"nodeAffinity": …}` with every label of their nodeSelectors, in Kubernetes' own keys; empty
        where none of them has one; an Output of it where a Network is not known yet.

    Raises:
        InvalidEnvironment: when no node can have the labels of all of them. It is a
            pulumi.RunError as well.
    """
    return when_known(
        "affinity",
        networks,
        lambda views: _affinity([(v.name, v.node_selector) for v in views]),
    )


def affinity_from(
    stack: pulumi.StackReference | pulumi.Input[Any], *wanted: str
) -> pulumi.Output[dict[str, Any]]:
    """The same for networks of another stack.

    Args:
        stack: that stack, or the value of its `networks` output.
        wanted: names of its networks.

    Raises, when the outputs are known, pulumi.RunError with every problem.
    """

    def of(networks: object) -> dict[str, Any]:
        there = chosen(networks, wanted, "affinity")
        return _affinity([(name, there[name].node_selector) for name in wanted])

    return of_stack(stack, of)


def _affinity(selectors: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, Any]:
    """Name and nodeSelector of each network → the pod's affinity."""
    labels: dict[str, tuple[str, str]] = {}
    findings: list[Finding] = []
    for name, selector in selectors:
        for key, value in selector.items():
            other, before = labels.setdefault(key, (name, value))
            if before != value:
                rule = f"its nodes have {key}={value}, those of {other!r} {key}={before}: none has both"
                way_out = "put them on pods of their own"
                findings.append(Finding("no-common-node", (name, "nodeSelector"), rule, way_out))
    if findings:
        raise AttachmentRefused(findings, "affinity")
    if not labels:
        return {}
    expressions = [
        {"key": key, "operator": "In", "values": [value]}
        for key, (_, value) in sorted(labels.items())
    ]
    terms = {"nodeSelectorTerms": [{"matchExpressions": expressions}]}
    return {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}

"""The devices that a pod's networks take: what its container requests beside the annotation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pulumi

from multinet.attachments.attach import Declared, when_known
from multinet.attachments.published import chosen
from multinet.attachments.stack_reference import of_stack
from multinet.networks.checks.view import NetworkView


def resources(*networks: NetworkView | Declared) -> Any:
    """The resources of a pod on these networks: a device for each that has a `resourceName`.

    A device plugin hands out devices to containers that request them, and Multus takes those of the
    pod: without the request the attach fails. Put it in one container's `resources`, merged with what
    that has itself.

    Args:
        networks: `Network`s of the program, each as often as the pod is attached to it.

    Returns:
        `{"requests": {"example.com/fast": "1"}, "limits": …}`; empty where none of them takes a
        device; an Output of it where a Network is not known yet. The name of a DRA claim is none of
        these: the pod names its claims in spec.resourceClaims.
    """
    return when_known(
        "resources", networks, lambda views: _resources(v.resource_name for v in views)
    )


def resources_from(
    stack: pulumi.StackReference | pulumi.Input[Any], *wanted: str
) -> pulumi.Output[dict[str, Any]]:
    """The same for networks of another stack.

    Args:
        stack: that stack, or the value of its `networks` output.
        wanted: names of its networks, each as often as the pod is attached to it.

    Raises, when the outputs are known, pulumi.RunError with every problem.
    """

    def of(networks: object) -> dict[str, Any]:
        there = chosen(networks, wanted, "resources")
        return _resources(there[name].resource_name for name in wanted)

    return of_stack(stack, of)


def _resources(names: Iterable[str]) -> dict[str, Any]:
    counted = Counter(name for name in names if "/" in name)
    if not counted:
        return {}
    amounts = {name: str(count) for name, count in sorted(counted.items())}
    # Kubernetes takes no request of a device that is not its limit, too.
    return {"requests": amounts, "limits": dict(amounts)}

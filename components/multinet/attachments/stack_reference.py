"""Attaching a pod of one stack to networks of another, through a StackReference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import pulumi

from multinet.attachments.attachment import Attachment, Isolation
from multinet.attachments.published import attach_published
from multinet.findings import InvalidEnvironment

_T = TypeVar("_T")

OUTPUT = "networks"


def attach_from(
    stack: pulumi.StackReference | pulumi.Input[Any],
    *wanted: str | Attachment,
    pod_namespace: str | None = None,
    isolation: Isolation | None = None,
) -> pulumi.Output[dict[str, str]]:
    """The annotation that attaches a pod to another stack's networks, in this order.

    Args:
        stack: the other stack, or the value of its `networks` output.
        wanted: `name[@interface]`, or an Attachment that asks for more; the namespace is known
            from the stack.
        pod_namespace: of the pod; None: not known, so isolation is not checked.
        isolation: as that Multus runs; None: not isolated.

    Returns:
        `{"k8s.v1.cni.cncf.io/networks": …}`, for the metadata of a pod's template.

    Raises, when the outputs are known, pulumi.RunError with every problem: a network that the
    stack does not have, an address outside its subnets, an interface that is named twice …
    """
    return of_stack(
        stack,
        lambda networks: attach_published(
            networks, *wanted, pod_namespace=pod_namespace, isolation=isolation
        ),
    )


def of_stack(
    stack: pulumi.StackReference | pulumi.Input[Any], make: Callable[[object], _T]
) -> pulumi.Output[_T]:
    """What is made of another stack's `networks` output; pulumi.RunError with every problem.

    Args:
        stack: that stack, or the value of the output.
        make: of the output's value; may raise InvalidEnvironment.
    """
    if isinstance(stack, pulumi.StackReference):
        # Not require_output, which ends in the SDK's own KeyError where there is none.
        stack = stack.get_output(OUTPUT)
    outputs: pulumi.Output[Any] = pulumi.Output.from_input(stack)

    def told(networks: object) -> _T:
        try:
            return make(networks)
        except InvalidEnvironment as refused:
            raise pulumi.RunError(refused.text()) from None

    return outputs.apply(told)

"""What authors write of policies. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pulumi import Input

from multinet.typed.base import Typed
from multinet.typed.peers import PolicyEgress, PolicyIngress, PolicySelector


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyArgs(Typed):
    """One policy: what pods may receive and send on networks, in NetworkPolicy's own keys."""

    networks: Input[Sequence[Input[str]]]
    """Of `multinet:networks`: those on which it holds."""

    namespace: Input[str] | None = None
    """Of the policy, and of the pods that it selects."""

    pod_selector: PolicySelector | Input[Mapping[str, Any]] | None = None
    """Which pods of the namespace; empty: all that are on one of the networks."""

    policy_types: Input[Sequence[Input[Literal["Ingress", "Egress"]]]] | None = None
    """Directions in which the pods are isolated; absent: Ingress, and Egress where there are rules
    for it. Egress alone has to be said.
    """

    ingress: Input[Sequence[PolicyIngress | Input[Mapping[str, Any]]]] | None = None
    """What they may receive; none: nothing, where Ingress is one of policyTypes."""

    egress: Input[Sequence[PolicyEgress | Input[Mapping[str, Any]]]] | None = None
    """What they may send; none: nothing, where Egress is one of policyTypes."""

"""Settings of one policy: which traffic of which pods passes on which networks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field, model_validator

from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal
from multinet.findings.part import readable
from multinet.policies.peers import PolicyEgress, PolicyIngress, PolicySelector
from multinet.settings.types import DnsLabel

Direction = Literal["Ingress", "Egress"]
_DIRECTIONS: Final[tuple[Direction, ...]] = ("Ingress", "Egress")


def _alone(given: Any) -> Any:
    if isinstance(given, str) and "/" in given:
        rule = "names a namespace as well: networks are known by their names here"
        name = given.rpartition("/")[2].partition("@")[0]
        raise refusal("policy-network-unknown", rule, f"write the network's name alone: {name}")
    return given


NetworkName = Annotated[DnsLabel, BeforeValidator(_alone)]
"""A name of `multinet:networks`, not of an object."""

_OF_OBJECTS: Final = ("apiVersion", "kind", "metadata", "spec")


class PolicySettings(CheckedModel):
    """One policy: what pods may receive and send on networks, in NetworkPolicy's own keys.

    Pods that it selects are isolated there, in the directions of policyTypes: what none of their
    policies lets through is dropped, but for answers and what IPv6 cannot do without.
    """

    HINTS: ClassVar[Mapping[str, str]] = {
        "apiVersion": "remove it: a policy here is no whole object",
        "kind": "remove it: a policy here is no whole object",
        "metadata": "write its namespace as namespace, and its name as the policy's key",
    }

    networks: Annotated[list[NetworkName], Field(min_length=1)]
    """Of `multinet:networks`: those on which it holds."""
    namespace: DnsLabel = "default"
    """Of the policy, and of the pods that it selects."""
    pod_selector: PolicySelector = PolicySelector()
    """Which pods of the namespace; empty: all that are on one of the networks."""
    policy_types: list[Direction] = []
    """Directions in which the pods are isolated; absent: Ingress, and Egress where there are rules for
    it. Egress alone has to be said.
    """
    ingress: list[PolicyIngress] = []
    """What they may receive; none: nothing, where Ingress is one of policyTypes."""
    egress: list[PolicyEgress] = []
    """What they may send; none: nothing, where Egress is one of policyTypes."""

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Those in which the pods are isolated, also where it does not say."""
        if self.policy_types:
            return tuple(one for one in _DIRECTIONS if one in self.policy_types)
        return _DIRECTIONS if self.egress else ("Ingress",)

    @model_validator(mode="before")
    @classmethod
    def _is_no_object(cls, raw: Any) -> Any:
        if isinstance(raw, Mapping) and "spec" in raw:
            keys = ", ".join(key for key in _OF_OBJECTS if key in raw)
            rule = f"is a whole object of Kubernetes ({keys}): a policy here is what its spec says"
            way_out = "write spec's own keys here, metadata's namespace and networks beside them,"
            way_out += " and metadata's name as the policy's key"
            raise refusal("policy-object", rule, way_out)
        return raw

    def rules(self) -> Iterator[Finding]:
        given = {"Ingress": readable(lambda: self.ingress), "Egress": readable(lambda: self.egress)}
        for direction, rules in given.items():
            if self.policy_types and rules and direction not in self.policy_types:
                rule = f"has no {direction}, and there are rules for it: they would not count"
                way_out = f"add {direction}, or leave policyTypes out"
                yield Finding("policy-types", ("policyTypes",), rule, way_out, self.policy_types)
        for i, network in enumerate(self.networks):
            if network in self.networks[:i]:
                rule = "is named twice, and counts once"
                yield Finding("policy-network-twice", ("networks", i), rule, "remove one", network)

"""What policies are made of, in NetworkPolicy's own keys: selectors, address blocks, ports, rules."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal
from multinet.settings.types import LabelKey, LabelValue, Network, Port


class PolicyRequirement(CheckedModel):
    """One condition on a label."""

    key: LabelKey
    """The label's."""
    operator: Literal["In", "NotIn", "Exists", "DoesNotExist"]
    """How it is compared."""
    values: list[LabelValue] = []
    """What it is compared with, for In and NotIn."""

    def rules(self) -> Iterator[Finding]:
        """A condition that cannot be read selects nothing, without a word."""
        wants = self.operator in ("In", "NotIn")
        if wants and not self.values:
            rule = (
                f"{self.operator} compares with values, and there is none: it would select nothing"
            )
            yield Finding("policy-selector", ("values",), rule, "list them")
        if not wants and self.values:
            rule = f"{self.operator} takes no values: with them it would select nothing"
            yield Finding("policy-selector", ("values",), rule, "leave values out, or write In")


class PolicySelector(CheckedModel):
    """Which pods or namespaces, by labels; empty: all of them."""

    match_labels: dict[LabelKey, LabelValue] = {}
    """Labels that they have."""
    match_expressions: list[PolicyRequirement] = []
    """Conditions that hold as well."""


class PolicyIpBlock(CheckedModel):
    """Addresses, of pods or of anything else on the network."""

    cidr: Network
    """The block."""
    except_: list[Network] = Field(default=[], alias="except")
    """Parts of it that are left out."""

    def rules(self) -> Iterator[Finding]:
        whole = ipaddress.ip_network(self.cidr)
        for i, text in enumerate(self.except_):
            part = ipaddress.ip_network(text)
            # Networks of two families cannot be compared.
            if part.version != whole.version or not part.subnet_of(whole):  # type: ignore[arg-type]
                rule = f"is no part of {self.cidr}: nothing would be left out"
                way_out = "correct one of the two"
                yield Finding("policy-except", ("except", i), rule, way_out, text)


class PolicyPeer(CheckedModel):
    """The other side: pods, or addresses."""

    pod_selector: PolicySelector | None = None
    """Pods of the policy's namespace, or of those that namespaceSelector selects."""
    namespace_selector: PolicySelector | None = None
    """Namespaces of the pods."""
    ip_block: PolicyIpBlock | None = None
    """Addresses, instead of pods."""

    def rules(self) -> Iterator[Finding]:
        selects = self.pod_selector is not None or self.namespace_selector is not None
        if self.ip_block is not None and selects:
            rule = "addresses and selectors: only the addresses would count"
            way_out = "write two entries, one with each: either of them is let through then"
            yield Finding("policy-peer", (), rule, way_out)
        if self.ip_block is None and not selects:
            rule = "an entry that says nothing is nobody"
            way_out = "write podSelector: {} for all pods of the namespace, or leave the list out"
            yield Finding("policy-peer", (), rule, way_out)


_SPAN = re.compile(r"\s*([0-9]{1,5})\s*[-:]\s*([0-9]{1,5})\s*")
_NUMBER = re.compile(r"\s*[0-9]{1,5}\s*")


def _is_number(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    rule = "must be a number, and is text"
    if _NUMBER.fullmatch(given):
        raise refusal("policy-port", rule, f"write it without quotes: {int(given)}")
    if (span := _SPAN.fullmatch(given)) is not None:
        first, last = sorted(map(int, span.groups()))
        way_out = f"write a range as two keys: port: {first}, endPort: {last}"
        raise refusal("policy-port", rule, way_out)
    rule = "must be a number: the node knows no names of pods' ports, and refuses all of the policy"
    raise refusal("policy-port", rule, "write the port's number")


PortNumber = Annotated[Port, BeforeValidator(_is_number)]
"""A port's number; Kubernetes would take a name, the nodes do not."""


class PolicyPort(CheckedModel):
    """A port of the destination, or a range of them."""

    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    """Of the transport."""
    port: PortNumber | None = None
    """Its number; absent: all ports of the protocol."""
    end_port: PortNumber | None = None
    """The last one of a range that begins at port."""

    def rules(self) -> Iterator[Finding]:
        if self.end_port is None:
            return
        if self.port is None:
            rule = "ends a range that does not begin"
            yield Finding("policy-port", ("endPort",), rule, "write port as well", self.end_port)
        elif self.end_port < self.port:
            rule = f"is before port {self.port}: the range has no port"
            yield Finding("policy-port", ("endPort",), rule, "swap the two", self.end_port)


class PolicyIngress(CheckedModel):
    """What is let in: from one of these peers, to one of these ports."""

    from_: list[PolicyPeer] = Field(default=[], alias="from")
    """Who may send; none: everybody."""
    ports: list[PolicyPort] = []
    """Where to; none: all ports and protocols."""


class PolicyEgress(CheckedModel):
    """What is let out: to one of these peers, at one of these ports."""

    to: list[PolicyPeer] = []
    """Who may receive; none: everybody."""
    ports: list[PolicyPort] = []
    """Where to; none: all ports and protocols."""

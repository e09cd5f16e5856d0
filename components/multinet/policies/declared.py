"""One policy as a program declares it, of which nothing but itself is known. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from multinet.findings import Finding, errors
from multinet.findings.model import CheckedModel, check, rules_wait
from multinet.policies.settings import PolicySettings
from multinet.settings.types import DnsLabel

_LONGEST: Final = 128 - len("Managed interfaces set for ")
"""What a policy and its namespace may be called together: a comment of nftables holds 128 bytes."""


class _Named(CheckedModel):
    name: DnsLabel


def check_one(name: str, raw: object) -> tuple[PolicySettings | None, list[Finding]]:
    """One policy, and what it is called; paths start at the policy."""
    findings = list(check(_Named, {"name": name})[1])
    policy, found = check(PolicySettings, raw)
    findings += found
    if policy is not None and not rules_wait():
        findings += too_long(name, policy)
    return (None if errors(findings) else policy), findings


def too_long(name: str, policy: PolicySettings) -> Iterator[Finding]:
    """A name that the nodes do not take; the path starts at the policy."""
    whole = f"{policy.namespace}/{name}"
    if len(whole) > _LONGEST:
        rule = f"with its namespace it has {len(whole)} characters: nodes take {_LONGEST} at most"
        way_out = "give it a shorter name: the node would refuse all of the policy"
        yield Finding("policy-name-too-long", (), rule, way_out, name)

"""What authors write of peers. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyRequirement(Typed):
    """One condition on a label."""

    key: Input[str]
    """The label's."""

    operator: Input[Literal["In", "NotIn", "Exists", "DoesNotExist"]]
    """How it is compared."""

    values: Input[Sequence[Input[str]]] | None = None
    """What it is compared with, for In and NotIn."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicySelector(Typed):
    """Which pods or namespaces, by labels; empty: all of them."""

    match_labels: Input[Mapping[str, Input[str]]] | None = None
    """Labels that they have."""

    match_expressions: Input[Sequence[PolicyRequirement | Input[Mapping[str, Any]]]] | None = None
    """Conditions that hold as well."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyIpBlock(Typed):
    """Addresses, of pods or of anything else on the network."""

    cidr: Input[str]
    """The block."""

    except_: Input[Sequence[Input[str]]] | None = None
    """Parts of it that are left out."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyPeer(Typed):
    """The other side: pods, or addresses."""

    pod_selector: PolicySelector | Input[Mapping[str, Any]] | None = None
    """Pods of the policy's namespace, or of those that namespaceSelector selects."""

    namespace_selector: PolicySelector | Input[Mapping[str, Any]] | None = None
    """Namespaces of the pods."""

    ip_block: PolicyIpBlock | Input[Mapping[str, Any]] | None = None
    """Addresses, instead of pods."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyPort(Typed):
    """A port of the destination, or a range of them."""

    protocol: Input[Literal["TCP", "UDP", "SCTP"]] | None = None
    """Of the transport."""

    port: Input[int] | None = None
    """Its number; absent: all ports of the protocol."""

    end_port: Input[int] | None = None
    """The last one of a range that begins at port."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyIngress(Typed):
    """What is let in: from one of these peers, to one of these ports."""

    from_: Input[Sequence[PolicyPeer | Input[Mapping[str, Any]]]] | None = None
    """Who may send; none: everybody."""

    ports: Input[Sequence[PolicyPort | Input[Mapping[str, Any]]]] | None = None
    """Where to; none: all ports and protocols."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyEgress(Typed):
    """What is let out: to one of these peers, at one of these ports."""

    to: Input[Sequence[PolicyPeer | Input[Mapping[str, Any]]]] | None = None
    """Who may receive; none: everybody."""

    ports: Input[Sequence[PolicyPort | Input[Mapping[str, Any]]]] | None = None
    """Where to; none: all ports and protocols."""

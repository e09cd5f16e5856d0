"""What `multinet status` found: networks with their use, nodes, and what needs a person."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from multinet.findings import Finding
from multinet.status.attached import Attached
from multinet.status.books import Entry
from multinet.status.pools import Leak
from multinet.status.ranges import RangeUse
from multinet.verify.stale import Stale


@dataclasses.dataclass(frozen=True)
class NetworkStatus:
    """A declared network on the cluster.

    Attributes:
        pods: interfaces on it.
        nodes: those that its pods can land on. unable: those of them that cannot serve it, with
            the reason.
        ranges: how full they are; empty where others hand out.
        by: what hands out where that is not known here, e.g. `dhcp`; empty: nothing does.
        stale: pods that are not on it as it is now, or run without it.
        findings: what needs a person.
    """

    name: str
    reference: str
    type: str
    pods: Sequence[Attached]
    nodes: Sequence[str]
    unable: Mapping[str, str]
    ranges: Sequence[RangeUse]
    by: str
    stale: Sequence[Stale]
    findings: Sequence[Finding] = ()

    @property
    def leaks(self) -> list[Leak | Entry]:
        """Entries of its books that no pod has."""
        return [leak for use in self.ranges for leak in use.leaks]

    @property
    def fullest(self) -> RangeUse | None:
        """The range, or the node's share of it, that has the least left."""
        return max(self.ranges, key=lambda use: use.share, default=None)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "network": self.name,
            "reference": self.reference,
            "type": self.type,
            "pods": [one.as_dict() for one in self.pods],
            "nodes": list(self.nodes),
            "unable": dict(self.unable),
            "ipam": self.by or None,
            "ranges": [use.as_dict() for use in self.ranges],
            "stale": [one.as_dict() for one in self.stale],
            "findings": [finding.as_dict() for finding in self.findings],
        }


@dataclasses.dataclass(frozen=True)
class NodeStatus:
    """A node of the cluster.

    Attributes:
        trouble: why no pod can be started there; empty: one can.
        multus: what is wrong with it there; empty: nothing.
        primary: what is wrong with the primary's agent there; empty: nothing. agent: what it is
            called; empty: no agent of it is known.
        pods: interfaces on secondary networks there.
    """

    node: str
    trouble: str
    multus: str
    agent: str
    primary: str
    pods: int

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "node": self.node,
            "ready": not self.trouble,
            "trouble": self.trouble or None,
            "multus": self.multus or "ready",
            "primary": {"agent": self.agent or None, "state": self.primary or "ready"},
            "interfaces": self.pods,
        }


@dataclasses.dataclass(frozen=True)
class Report:
    """Everything.

    Attributes:
        cluster: the API server's URL.
        general: what is wrong with the cluster rather than with one network.
        notes: what could not be looked at.
    """

    cluster: str
    networks: Sequence[NetworkStatus]
    nodes: Sequence[NodeStatus]
    general: Sequence[Finding] = ()
    notes: Sequence[str] = ()

    @property
    def findings(self) -> list[Finding]:
        """All of them, those of networks after those of the cluster."""
        return [*self.general, *(f for n in self.networks for f in n.findings)]

    @property
    def well(self) -> bool:
        """Whether nothing needs a person."""
        return not self.findings

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "cluster": self.cluster,
            "well": self.well,
            "networks": [network.as_dict() for network in self.networks],
            "nodes": [node.as_dict() for node in self.nodes],
            "findings": [finding.as_dict() for finding in self.general],
            "notes": list(self.notes),
        }

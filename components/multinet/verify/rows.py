"""What verify found, as rows: of networks, and of the nodes they were tried on. Pure."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from multinet.findings import Finding, Severity, errors
from multinet.findings.text import count
from multinet.verify.eth0 import Eth0


class Verdict(enum.StrEnum):
    """Of a network on a node."""

    OK = "ok"
    MISMATCH = "mismatch"
    UNTRIED = "not tried"


@dataclasses.dataclass(frozen=True)
class Row:
    """A network, seen from one pod.

    Attributes:
        node, pod, interface: empty where no pod was started.
        addresses: with prefix length where the pod was looked into.
        mtu: bytes; None: not seen.
        parent: the declared one.
        reached: in a few words whether another pod was reached.
        findings: what is not as declared.
        causes: why, as far as is known.
        note: why it was not tried.
        eth0: what of the pod's eth0 works beside it; None: not seen.
    """

    network: str
    reference: str
    node: str = ""
    pod: str = ""
    interface: str = ""
    addresses: tuple[str, ...] = ()
    mtu: int | None = None
    parent: str = ""
    reached: str = ""
    findings: tuple[Finding, ...] = ()
    causes: tuple[Finding, ...] = ()
    note: str = ""
    eth0: Eth0 | None = None

    @property
    def verdict(self) -> Verdict:
        """A mismatch where anything is not as declared."""
        if errors(self.findings):
            return Verdict.MISMATCH
        return Verdict.UNTRIED if self.note else Verdict.OK

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "network": self.network,
            "reference": self.reference,
            "node": self.node,
            "pod": self.pod,
            "interface": self.interface,
            "addresses": list(self.addresses),
            "mtu": self.mtu,
            "parent": self.parent,
            "reachability": self.reached,
            "eth0": self.eth0.as_dict() if self.eth0 else {},
            "verdict": str(self.verdict),
            "note": self.note,
            "findings": [f.as_dict() for f in self.findings],
            "causes": [f.as_dict() for f in self.causes],
        }


@dataclasses.dataclass(frozen=True)
class NodeRow:
    """A node, as a pod on it shows it: whether Multus attached it, and its primary network.

    Attributes:
        pod: that shows it.
        primary: CNI name of the primary network, as network-status tells it.
        addresses: of eth0, without prefix length.
        mtu: of eth0, bytes; None: not seen.
        findings: what is not as it should be; causes: why, as far as is known.
    """

    node: str
    pod: str
    primary: str = ""
    addresses: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    causes: tuple[Finding, ...] = ()
    mtu: int | None = None

    @property
    def verdict(self) -> Verdict:
        """A mismatch where Multus or the primary does not work."""
        return Verdict.MISMATCH if errors(self.findings) else Verdict.OK

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "node": self.node,
            "pod": self.pod,
            "primary": self.primary,
            "addresses": list(self.addresses),
            "mtu": self.mtu,
            "verdict": str(self.verdict),
            "findings": [f.as_dict() for f in self.findings],
            "causes": [f.as_dict() for f in self.causes],
        }


_UNSURE = frozenset({"live-unknown-cause", "live-not-first"})


def known_cause(row: Row) -> bool:
    """Whether nothing failed before or at the attach, or it is known why."""
    failed = {"live-not-started", "live-not-attached"} & {f.code for f in row.findings}
    return not failed or bool({c.code for c in row.causes} - _UNSURE)


def without_lonely_partners(rows: Sequence[Row]) -> list[Row]:
    """Without pods that got no address because their partner on that node took the last one.

    One pod was attached, so the network works: only that they reach each other was not tried.
    """
    well = {(row.network, row.node) for row in rows if row.pod and row.verdict is Verdict.OK}
    lonely = {
        (row.network, row.node)
        for row in rows
        if any(c.code == "live-range-exhausted" for c in row.causes)
    } & well
    return [
        dataclasses.replace(row, reached="not tried: one address was free")
        if (row.network, row.node) in lonely
        else row
        for row in rows
        if (row.network, row.node) not in lonely or row.verdict is Verdict.OK
    ]


def told_once(rows: Sequence[Row]) -> list[Row]:
    """Without pods that did not start beside a partner on that node that did not either."""
    seen: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        failed = any(f.code == "live-not-started" for f in row.findings)
        if failed and (row.network, row.node) in seen:
            continue
        if failed:
            seen.add((row.network, row.node))
        found.append(row)
    return found


def with_node_facts(row: Row, found: Sequence[Finding]) -> Row:
    """The row with those problems of its node as causes that its network or link is part of."""
    near = [f for f in found if f.code != "node-unreachable" and _about(f, row)]
    return dataclasses.replace(row, causes=(*near, *row.causes))


_OF_RUNTIME = frozenset({"node-cilium-backup", "node-other-configuration", "node-other-multus"})
"""Files of the CNI directory: why the runtime may not call Multus."""


def _about(finding: Finding, row: Row) -> bool:
    if finding.code in _OF_RUNTIME:
        return any(f.code == "live-not-attached" for f in row.findings)
    if finding.severity is not Severity.ERROR:
        return False
    words = set(re.split(r"[\s,;:]+", finding.rule))
    return row.network in words or (bool(row.parent) and str(finding.value) == row.parent)


@dataclasses.dataclass(frozen=True)
class Report:
    """A whole run.

    Attributes:
        cluster: the API server's URL.
        nodes: those that a pod was started on.
        general: what is wrong with the cluster rather than with one network.
        notes: what was left out and why.
        seconds: how long it took.
    """

    cluster: str
    run: str
    rows: tuple[Row, ...]
    nodes: tuple[NodeRow, ...] = ()
    general: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def matches(self) -> bool:
        """Whether all that was tried is as declared, and anything was tried at all."""
        verdicts = [r.verdict for r in self.rows] + [n.verdict for n in self.nodes]
        well = Verdict.OK in verdicts and Verdict.MISMATCH not in verdicts
        return well and not errors(self.general)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "cluster": self.cluster,
            "run": self.run,
            "matches": self.matches,
            "seconds": round(self.seconds, 1),
            "findings": [f.as_dict() for f in self.general],
            "notes": list(self.notes),
            "rows": [row.as_dict() for row in self.rows],
            "nodes": [node.as_dict() for node in self.nodes],
        }


def summary(report: Report) -> str:
    """In a line: how many networks, and how each is on all of its nodes together."""
    verdicts: dict[str, set[Verdict]] = {}
    for row in report.rows:
        verdicts.setdefault(row.network, set()).add(row.verdict)
    counts = Counter(_in_words(of_network) for of_network in verdicts.values())
    bad = sum(node.verdict is Verdict.MISMATCH for node in report.nodes)
    told = [f"{count} {words}" for words, count in counts.items()]
    if not verdicts and not bad and report.nodes:
        told = [f"none declared; Multus and the primary work on {counted(report.nodes, 'node')}"]
    elif bad:
        told += [f"{bad} of {counted(report.nodes, 'node')} with a mismatch"]
    elif not verdicts:
        told = ["nothing was looked at"]
    return f"{counted(verdicts, 'network')} in {report.seconds:.0f} s: {', '.join(told)}"


def counted(things: Collection[object], name: str) -> str:
    """How many, in words: `1 node`, `2 nodes`."""
    return count(len(things), name)


def _in_words(verdicts: set[Verdict]) -> str:
    if Verdict.MISMATCH in verdicts:
        return "with a mismatch"
    if verdicts == {Verdict.UNTRIED}:
        return "not tried"
    return "as declared where tried" if Verdict.UNTRIED in verdicts else "as declared"


@dataclasses.dataclass(frozen=True)
class Trouble:
    """Rows with the same findings for the same causes, told once. No networks: the nodes' own."""

    networks: tuple[str, ...]
    nodes: tuple[str, ...]
    findings: tuple[Finding, ...]
    causes: tuple[Finding, ...]


def troubles(rows: Sequence[Row], nodes: Sequence[NodeRow] = ()) -> list[Trouble]:
    """What is not as declared, and then what is only warned of, with those that share it."""
    groups: dict[tuple[tuple[str, ...], ...], list[Row | NodeRow]] = {}
    every: list[Row | NodeRow] = [*nodes, *rows]
    for row in sorted(every, key=lambda row: not errors(row.findings)):
        if row.findings:
            key = (tuple(f.rule for f in row.findings), tuple(c.rule for c in row.causes))
            groups.setdefault(key, []).append(row)
    return [
        Trouble(
            networks=tuple(dict.fromkeys(row.network for row in same if isinstance(row, Row))),
            nodes=tuple(dict.fromkeys(row.node for row in same if row.node)),
            findings=tuple(same[0].findings),
            causes=same[0].causes,
        )
        for same in groups.values()
    ]

"""What verify found, as rows: for the table, for `--json` and for JUnit. Pure."""

from __future__ import annotations

import dataclasses
import enum
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from typing import Any

from multinet.findings import Finding, Severity, errors


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
            "verdict": str(self.verdict),
            "note": self.note,
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
        general: what is wrong with the cluster rather than with one network.
        notes: what was left out and why.
        seconds: how long it took.
    """

    cluster: str
    run: str
    rows: tuple[Row, ...]
    general: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def matches(self) -> bool:
        """Whether all that was tried is as declared."""
        bad = any(row.verdict is Verdict.MISMATCH for row in self.rows)
        return not bad and not errors(self.general)

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
        }


def summary(report: Report) -> str:
    """In a line: how many networks, and how each is on all of its nodes together."""
    verdicts: dict[str, set[Verdict]] = {}
    for row in report.rows:
        verdicts.setdefault(row.network, set()).add(row.verdict)
    counts = Counter(_in_words(of_network) for of_network in verdicts.values())
    told = [f"{count} {words}" for words, count in counts.items()] or ["none declared"]
    total = len(verdicts)
    return f"{total} network{'s' * (total != 1)} in {report.seconds:.0f} s: {', '.join(told)}"


def _in_words(verdicts: set[Verdict]) -> str:
    if Verdict.MISMATCH in verdicts:
        return "with a mismatch"
    if verdicts == {Verdict.UNTRIED}:
        return "not tried"
    return "as declared where tried" if Verdict.UNTRIED in verdicts else "as declared"


def junit(report: Report) -> str:
    """The report as JUnit XML: a test case for each network and node."""
    cases = [_general_case(finding) for finding in report.general]
    cases += [_case(row) for row in report.rows]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(1 for case in cases if case.find("failure") is not None)),
        "errors": "0",
        "skipped": str(sum(1 for case in cases if case.find("skipped") is not None)),
        "time": f"{report.seconds:.3f}",
    }
    suites = ET.Element("testsuites", {"name": "multinet verify", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": _valid(report.cluster), **counts})
    suite.extend(cases)
    ET.indent(suites)
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}\n{ET.tostring(suites, encoding='unicode')}\n"


def _general_case(finding: Finding) -> ET.Element:
    case = ET.Element("testcase", {"classname": "cluster", "name": finding.code, "time": "0"})
    if errors([finding]):
        ET.SubElement(case, "failure", _failure(finding)).text = _valid(str(finding))
    return case


def _case(row: Row) -> ET.Element:
    name = " ".join(part for part in (row.node, row.interface, row.pod) if part) or "cluster"
    attributes = {"classname": _valid(row.reference), "name": _valid(name), "time": "0"}
    case = ET.Element("testcase", attributes)
    if row.verdict is Verdict.MISMATCH:
        told = [*row.findings, *row.causes]
        failure = ET.SubElement(case, "failure", _failure(errors(row.findings)[0]))
        failure.text = _valid("\n".join(str(finding) for finding in told))
    elif row.verdict is Verdict.UNTRIED:
        ET.SubElement(case, "skipped", {"message": _valid(row.note)})
    return case


def _failure(finding: Finding) -> dict[str, str]:
    return {"type": finding.code, "message": _valid(finding.rule)}


def _valid(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(
        c if c in "\t\n" or (c.isprintable() and c not in "\ufffe\uffff") else "?" for c in text
    )


@dataclasses.dataclass(frozen=True)
class Trouble:
    """Rows with the same findings for the same causes, told once."""

    networks: tuple[str, ...]
    nodes: tuple[str, ...]
    findings: tuple[Finding, ...]
    causes: tuple[Finding, ...]


def troubles(rows: Sequence[Row]) -> list[Trouble]:
    """What is not as declared, with the networks and nodes that share it."""
    groups: dict[tuple[tuple[str, ...], ...], list[Row]] = {}
    for row in rows:
        if bad := errors(row.findings):
            key = (tuple(f.rule for f in bad), tuple(c.rule for c in row.causes))
            groups.setdefault(key, []).append(row)
    return [
        Trouble(
            networks=tuple(dict.fromkeys(row.network for row in same)),
            nodes=tuple(dict.fromkeys(row.node for row in same if row.node)),
            findings=tuple(errors(same[0].findings)),
            causes=same[0].causes,
        )
        for same in groups.values()
    ]

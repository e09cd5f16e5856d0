"""The report as JUnit XML, for what collects test results. Pure."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence

from multinet.findings import Finding, errors
from multinet.findings.finding import show
from multinet.verify.rows import NodeRow, Report, Row, Verdict


def junit(report: Report) -> str:
    """The report as JUnit XML: a test case for each network and node."""
    cases = [_general_case(finding) for finding in report.general]
    cases += [_node_case(node) for node in report.nodes]
    places = _places(report.rows)
    cases += [_case(row, place) for row, place in zip(report.rows, places, strict=True)]
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


def _places(rows: Sequence[Row]) -> list[str]:
    """What tells the rows of a network apart, the same in every run: no name of a pod is."""
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for row in rows:
        key = (row.reference, row.node)
        seen[key] += 1
        found.append((row.node or "cluster") + (f", pod {seen[key]}" if seen[key] > 1 else ""))
    return found


def _general_case(finding: Finding) -> ET.Element:
    subject = f" {show(finding.value)}" if finding.value is not None else ""
    name = _valid(finding.code + subject)
    case = ET.Element("testcase", {"classname": "cluster", "name": name, "time": "0"})
    _tell(case, [finding])
    return case


def _node_case(row: NodeRow) -> ET.Element:
    case = ET.Element("testcase", {"classname": "node", "name": _valid(row.node), "time": "0"})
    _tell(case, row.findings, row.causes)
    return case


def _case(row: Row, place: str) -> ET.Element:
    attributes = {"classname": _valid(row.reference), "name": _valid(place), "time": "0"}
    case = ET.Element("testcase", attributes)
    if row.verdict is Verdict.UNTRIED:
        ET.SubElement(case, "skipped", {"message": _valid(row.note)})
    _tell(case, row.findings, row.causes)
    return case


def _tell(case: ET.Element, findings: Sequence[Finding], causes: Sequence[Finding] = ()) -> None:
    """As its failure; what is only warned of beside it, where collectors show it."""
    if bad := errors(findings):
        about = {"type": bad[0].code, "message": _valid(bad[0].rule)}
        failure = ET.SubElement(case, "failure", about)
        failure.text = _valid("\n".join(str(finding) for finding in (*findings, *causes)))
    elif findings:
        ET.SubElement(case, "system-out").text = _valid("\n".join(map(str, findings)))


def _valid(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(
        c if c in "\t\n" or (c.isprintable() and c not in "\ufffe\uffff") else "?" for c in text
    )

"""What the preflights said, as findings: one message about all nodes. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Severity, errors
from multinet.findings.catalog import CATALOG
from multinet.findings.text import count
from multinet.untrusted import plain_json

ROOT = "multinet:nodes"


def findings_of(node: str, report: str) -> list[Finding]:
    """The problems in a preflight's JSON report; a report that is none is a problem too."""
    document = _document(report)
    if document is None:
        return [_no_report(node, report)]
    return [_finding(node, problem) for problem in document["problems"]]


def unreachable(node: str, said: str) -> Finding:
    """A node that could not be asked. `said`: why, in the words of who tried."""
    rule = f"the node cannot be reached: {' '.join(said.split())[-300:] or 'no answer'}"
    way_out = "check host, port, user, key and proxy; lost: true where it is gone for good"
    if "host key" in said.lower():
        way_out = "set hostKey to what `ssh-keyscan` prints, compared on the node's own console"
    return Finding("node-unreachable", (ROOT, node), rule, way_out, node)


def refusal_text(found: Mapping[str, Sequence[Finding]]) -> str:
    """One message with every problem on every node; empty where there is no error."""
    wrong = {node: list(f) for node, f in found.items() if errors(f)}
    if not wrong:
        return ""
    problems = count(sum(len(errors(f)) for f in wrong.values()), "problem")
    head = (
        f"{problems} on {len(wrong)} of {len(found)} nodes: nothing was changed, neither on a node"
        " nor in the cluster"
    )
    return "\n".join([head, *(str(f) for node in sorted(wrong) for f in wrong[node])])


def _document(report: str) -> dict[str, Any] | None:
    try:
        document = plain_json.loads(report)
    except ValueError:
        return None
    if not isinstance(document, dict) or not isinstance(document.get("problems"), list):
        return None
    return document


def _finding(node: str, problem: Any) -> Finding:
    if not isinstance(problem, Mapping):
        return _no_report(node, str(problem))
    told = {key: str(problem.get(key, "")) for key in ("code", "subject", "rule", "wayOut")}
    if told["code"] not in CATALOG or not told["rule"]:
        return _no_report(node, str(problem))
    severity = Severity.WARNING if problem.get("severity") == "warning" else Severity.ERROR
    path = (ROOT, node)
    return Finding(told["code"], path, told["rule"], told["wayOut"], told["subject"], severity)


def _no_report(node: str, report: str) -> Finding:
    said = " ".join(report.split())[:200]
    rule = f"the preflight gave no report{': ' + said if said else ''}"
    way_out = "the login shell must start commands, and print nothing before them"
    return Finding("node-no-report", (ROOT, node), rule, way_out, node)

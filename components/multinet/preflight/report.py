"""What the preflights said, as findings: one message about all nodes. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Severity, errors
from multinet.findings.codes import CODES
from multinet.findings.text import count
from multinet.names import stack_key
from multinet.nodes.script import PLAN_ENDS
from multinet.untrusted import plain_json

ROOT = stack_key("nodes")
_SHOWN = 5
_DIGITS = 9


@dataclasses.dataclass(frozen=True)
class Report:
    """What was found on one node.

    Attributes:
        findings: problems, and what somebody changed there since.
        changes: what `apply` would do there, in its own words.
        drifted: whether the node differs from what was made there as it is declared still; what
            was declared since, or is declared for the first time, is no drift.
        mends: how often it was mended before.
    """

    findings: list[Finding]
    changes: tuple[str, ...] = ()
    drifted: bool = False
    mends: int = 0


def accepted(findings: Iterable[Finding], ignore: Collection[str]) -> list[Finding]:
    """Without the warnings whose codes the stack ignores."""
    return [f for f in findings if f.severity is Severity.ERROR or f.code not in ignore]


def of(node: str, said: str, declared: str) -> Report:
    """The report in what `look` printed; what is none is a problem too.

    `declared`: what the node is to be, as `script.declared` tells it.
    """
    report, _, plan = said.partition("\n")
    document = _document(report)
    if document is None:
        return Report([_no_report(node, said)])
    findings = [_finding(node, problem) for problem in document["problems"]]
    *lines, last = plan.strip().splitlines() or [""]
    end = last.split()
    if len(end) != 4 or end[0] != PLAN_ENDS:
        return Report([*findings, _no_report(node, plan)])
    status, was, mends = end[1:]
    if status != "0" and not errors(findings):
        findings.append(_no_plan(node, lines[-1] if lines else "no word"))
    changes = tuple(x.removeprefix("would ") for x in lines if x.startswith("would "))
    drifted = status == "0" and was == declared and bool(changes)
    if drifted:
        findings.append(_drift(node, changes))
    counted = mends.isascii() and mends.isdecimal() and len(mends) <= _DIGITS
    return Report(findings, changes, drifted, int(mends) if counted else 0)


def of_pod(node: str, said: str) -> Report:
    """The report in what a pod's preflight printed."""
    document = _document(said.strip().rpartition("\n")[2])
    if document is None:
        return Report([_no_report(node, said)])
    return Report([_finding(node, problem) for problem in document["problems"]])


def _drift(node: str, changes: Sequence[str]) -> Finding:
    shown = "; ".join(changes[:_SHOWN])
    more = f" and {len(changes) - _SHOWN} more" if len(changes) > _SHOWN else ""
    rule = f"the node is not as it was made, somebody changed it since; would {shown}{more}"
    way_out = "the next `up` sets it back; to keep the change, declare it"
    return Finding("node-drifted", (ROOT, node), rule, way_out, node, Severity.WARNING)


def _no_plan(node: str, said: str) -> Finding:
    said = said.removeprefix(f"{node}: ")
    if "is managed by stack" in said:
        rule, _, _ = said.partition(": ")
        way_out = "destroy that one first, or remove the node from one of the two"
        return Finding("node-of-another-stack", (ROOT, node), rule, way_out, node)
    rule = f"what is to change there cannot be told: {said[-300:]}"
    return Finding("node-no-report", (ROOT, node), rule, "run the rendered 02-apply.sh there", node)


def unreachable(node: str, said: str) -> Finding:
    """A node that could not be asked. `said`: why, in the words of who tried."""
    rule = f"the node cannot be reached: {' '.join(said.split())[-300:] or 'no answer'}"
    way_out = "check host, port, user, key and proxy; lost: true where it is gone for good"
    if "host key" in said.lower():
        way_out = "set hostKey to what `ssh-keyscan` prints, compared on the node's own console"
    return Finding("node-unreachable", (ROOT, node), rule, way_out, node)


def refusal_text(cluster: Sequence[Finding], nodes: Mapping[str, Report]) -> str:
    """One message with every problem in the cluster and on every node; empty where there is none."""
    wrong = {name: r.findings for name, r in nodes.items() if errors(r.findings)}
    on_nodes = sum(len(errors(found)) for found in wrong.values())
    in_cluster = len(errors(cluster))
    if not in_cluster and not on_nodes:
        return ""
    where = [f"{in_cluster} in the cluster"] if in_cluster else []
    if on_nodes:
        where.append(f"{on_nodes} on {len(wrong)} of {len(nodes)} nodes")
    head = (
        f"{count(in_cluster + on_nodes, 'problem')}, {' and '.join(where)}: nothing was changed, neither"
        " on a node nor in the cluster"
    )
    told = [*errors(cluster), *(f for node in sorted(wrong) for f in wrong[node])]
    return "\n".join([head, *map(str, told)])


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
    if told["code"] not in CODES or not told["rule"]:
        return _no_report(node, str(problem))
    severity = Severity.WARNING if problem.get("severity") == "warning" else Severity.ERROR
    path = (ROOT, node)
    return Finding(told["code"], path, told["rule"], told["wayOut"], told["subject"], severity)


def _no_report(node: str, report: str) -> Finding:
    said = " ".join(report.split())[:200]
    rule = f"the preflight gave no report{': ' + said if said else ''}"
    way_out = "the login shell must start commands, and print nothing before them"
    return Finding("node-no-report", (ROOT, node), rule, way_out, node)

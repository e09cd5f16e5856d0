"""Asks all nodes at the same time whether they are ready, over the system's ssh."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from multinet.findings import Finding, Severity
from multinet.nodes import script
from multinet.preflight import report
from multinet.preflight.ssh import SshSession
from multinet.stack.needs import node_needs
from multinet.stack.settings import StackSettings


def ask(
    stack: StackSettings,
    *,
    parallel: int = 32,
    identity: Path | None = None,
    on_answer: Callable[[str, list[Finding]], None] = lambda _node, _found: None,
) -> dict[str, list[Finding]]:
    """Node → what its preflight found, in the declaration's order; lost nodes are left out.

    One that cannot be reached does not keep the others from being asked. Warnings that the stack
    ignores are not told.
    """
    nodes = {name: node for name, node in stack.nodes.items() if not node.lost}
    found: dict[str, list[Finding]] = {}
    with SshSession(nodes, identity) as session, ThreadPoolExecutor(parallel) as workers:

        def one(name: str) -> list[Finding]:
            text = script.preflight(name, nodes[name], node_needs(name, nodes[name], stack))
            ran = session.preflight(name, text)
            if ran.unreachable:
                return [report.unreachable(name, ran.stderr)]
            told = report.findings_of(name, ran.stdout or ran.stderr)
            return [f for f in told if f.severity is Severity.ERROR or f.code not in stack.ignore]

        asked: dict[Future[list[Finding]], str] = {workers.submit(one, n): n for n in nodes}
        for answer in as_completed(asked):
            found[asked[answer]] = answer.result()
            on_answer(asked[answer], found[asked[answer]])
    return {name: found[name] for name in nodes}

"""Asks all nodes at the same time whether they are ready, over the system's ssh."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path

from multinet.nodes import script
from multinet.preflight import report
from multinet.preflight.report import Report, accepted
from multinet.preflight.ssh import SshSession
from multinet.stack.needs import node_needs
from multinet.stack.settings import StackSettings


def ask(
    stack: StackSettings,
    owner: str = "",
    *,
    parallel: int = 32,
    identity: Path | None = None,
    on_answer: Callable[[str, Report], None] = lambda _node, _report: None,
) -> dict[str, Report]:
    """Node → what was found there, in the declaration's order; lost nodes are left out.

    `owner`: the stack that asks, as `project/stack`; empty: whose a node is is not looked at. One
    that cannot be reached does not keep the others from being asked. Warnings that the stack ignores
    are not told.
    """
    nodes = {name: node for name, node in stack.nodes.items() if not node.lost}
    found: dict[str, Report] = {}
    with SshSession(nodes, identity) as session, ThreadPoolExecutor(parallel) as workers:

        def one(name: str) -> Report:
            node, needs = nodes[name], node_needs(name, nodes[name], stack)
            ran = session.look(name, script.look(name, node, needs, owner))
            if ran.unreachable:
                return Report([report.unreachable(name, ran.stderr)])
            said = ran.stdout or ran.stderr
            found = report.of(name, said, script.declared(node, needs))
            return dataclasses.replace(found, findings=accepted(found.findings, stack.ignore))

        asked: dict[Future[Report], str] = {workers.submit(one, n): n for n in nodes}
        for answer in as_completed(asked):
            found[asked[answer]] = answer.result()
            on_answer(asked[answer], found[asked[answer]])
    return {name: found[name] for name in nodes}

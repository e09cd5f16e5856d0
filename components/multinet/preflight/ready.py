"""Refuses a stack whose nodes are not ready, before the program registers anything.

The check is no resource: pulumi-command has no read, so a resource would keep the report of the
run that failed, and look at a node again only when its script changes. Here every run looks, and
one node that is down does not keep the others' problems from being told.
"""

from __future__ import annotations

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockMonitor

from multinet.findings import Finding, errors, warnings
from multinet.preflight.ask import ask
from multinet.preflight.report import refusal_text
from multinet.stack.settings import StackSettings


def require_ready(stack: StackSettings) -> None:
    """Ask every node over SSH; raise pulumi.RunError with every problem on every node.

    A preview warns instead: it may run where nodes cannot be reached. Under a renderer's or a
    test's monitor nothing is asked.
    """
    if not stack.nodes or isinstance(settings.get_monitor(), MockMonitor):
        return
    found = ask(stack)
    told = [finding for findings in found.values() for finding in findings]
    if errors(told) and not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(refusal_text(found))
    _warn(told if pulumi.runtime.is_dry_run() else warnings(told))


def _warn(findings: list[Finding]) -> None:
    for finding in findings:
        pulumi.log.warn(str(finding))

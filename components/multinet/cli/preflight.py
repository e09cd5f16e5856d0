"""`multinet preflight`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from multinet.cli import common
from multinet.cli.connected import ContextOption, KubeconfigOption, connected
from multinet.cli.console import escape
from multinet.cli.interrupt import interruptible
from multinet.findings import Finding, errors, warnings
from multinet.findings.text import count
from multinet.settings import policy
from multinet.stack.projectfile import project_of
from multinet.stack.settings import StackSettings

if TYPE_CHECKING:
    from multinet.preflight.report import Report

ParallelOption = Annotated[
    int,
    typer.Option(
        "--parallel", "-p", metavar="N", min=1, max=512, help="Nodes asked at the same time."
    ),
]
PodsOption = Annotated[
    bool, typer.Option("--pods", help="By a short-lived pod on each node of the cluster, not SSH.")
]
ImageOption = Annotated[
    str | None,
    typer.Option("--image", metavar="REF", help="With --pods: has sh, ip and awk, as busybox."),
]
TimeoutOption = Annotated[
    int,
    typer.Option(
        "--timeout", metavar="N", min=5, max=3600, help="With --pods: seconds for an answer."
    ),
]
IdentityOption = Annotated[
    Path | None,
    typer.Option(
        "--identity", "-i", metavar="KEY", exists=True, help="Private key where none is readable."
    ),
]


def preflight(
    *,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    pods: PodsOption = False,
    parallel: ParallelOption = 32,
    identity: IdentityOption = None,
    image: ImageOption = None,
    timeout: TimeoutOption = 60,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    as_json: common.JsonOption = False,
) -> None:
    """Check nodes, without engine, changing nothing: declared ones over SSH, or all of a cluster's.

    With --pods every node of the cluster is asked by a pod that reads and ends, declared or not: for
    nodes that nobody can log in to. The pods are removed, also when it is interrupted.

    Plugins, links, MTUs, free addresses, directories and conflicting files: what the networks
    that can land on a node need there; and what `up` would change there. Exit 0: all are ready. Exit 1: problems, all listed.
    Exit 2: the environment is refused. Exit 3: the cluster cannot be reached.
    """
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    told = _silent if as_json else _progress
    if pods:
        found = _by_pods(
            environment.require(), (image, parallel, timeout), (kubeconfig, context), told
        )
    else:
        from multinet.preflight.ask import ask

        owner = f"{project_of(cwd)[0]}/{stack}" if stack else ""
        found = ask(
            environment.require(), owner, parallel=parallel, identity=identity, on_answer=told
        )
    wrong = any(errors(report.findings) for report in found.values())
    if as_json:
        typer.echo(_document(found))
    else:
        _show(environment.source, found)
    raise typer.Exit(common.Exit.MISMATCH if wrong else common.Exit.OK)


def _by_pods(
    settings: StackSettings,
    how: tuple[str | None, int, int],
    where: tuple[Path | None, str | None],
    told: Callable[[str, Report], None],
) -> dict[str, Report]:
    from multinet.preflight.each_node import Options
    from multinet.preflight.pods import ask_by_pods

    image, parallel, timeout = how
    for finding in errors(policy.image(image)) if image else ():
        common.fail(f"--image {image} {finding.rule}; {finding.way_out}", common.Exit.REFUSED)
    with connected(settings, *where) as cluster, interruptible():
        return ask_by_pods(cluster, settings, Options(image, parallel, float(timeout)), told)


def _progress(node: str, report: Report) -> None:
    common.err.print(f"[dim]{escape(node)}: {_verdict(report.findings)}[/]")


def _silent(_node: str, _report: Report) -> None: ...


def _verdict(found: list[Finding]) -> str:
    wrong, doubtful = len(errors(found)), len(warnings(found))
    told = [count(n, word) for n, word in ((wrong, "error"), (doubtful, "warning")) if n]
    return ", ".join(told) or "ready"


def _show(source: str, found: dict[str, Report]) -> None:
    if not found:
        common.out.print(
            f"{escape(source)} declares no nodes (multinet:nodes); --pods asks a cluster's"
        )
        return
    table = Table(title="nodes", title_justify="left")
    for column in ("node", "verdict", "problem", "way out"):
        table.add_column(column, overflow="fold")
    for node, report in found.items():
        findings = report.findings
        style = "red" if errors(findings) else "yellow" if findings else "green"
        verdict = f"[{style}]{_verdict(findings)}[/]"
        table.add_row(escape(node), verdict, "", "") if not findings else None
        for i, finding in enumerate(findings):
            problem = f"[bold]{escape(str(finding.value))}[/]: {escape(finding.rule)}"
            first = (escape(node), verdict) if i == 0 else ("", "")
            table.add_row(*first, f"{problem} \\[{finding.code}]", escape(finding.way_out))
    common.out.print(table)
    for node, report in found.items():
        if report.changes and not report.drifted:
            common.out.print(f"{escape(node)}: up would change {escape('; '.join(report.changes))}")
    wrong = sum(1 for report in found.values() if errors(report.findings))
    common.out.print(f"{len(found) - wrong} of {len(found)} nodes are ready")


def _document(found: dict[str, Report]) -> str:
    nodes = {
        node: {
            "ready": not errors(report.findings),
            "findings": [f.as_dict() for f in report.findings],
            "changes": [*report.changes],
            "drifted": report.drifted,
        }
        for node, report in found.items()
    }
    return json.dumps({"ready": all(n["ready"] for n in nodes.values()), "nodes": nodes}, indent=2)

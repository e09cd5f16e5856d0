"""`multinet preflight`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from multinet.cli import common
from multinet.cli.console import escape
from multinet.findings import Finding, errors, warnings
from multinet.findings.text import count

ParallelOption = Annotated[
    int,
    typer.Option(
        "--parallel", "-p", metavar="N", min=1, max=512, help="Nodes asked at the same time."
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
    parallel: ParallelOption = 32,
    identity: IdentityOption = None,
    as_json: common.JsonOption = False,
) -> None:
    """Check every declared node over SSH, without engine, changing nothing.

    Plugins, links, MTUs, free addresses, directories and conflicting files: what the networks
    that can land on a node need there. Exit 0: all are ready. Exit 1: problems, all listed.
    Exit 2: the environment is refused.
    """
    from multinet.preflight.ask import ask

    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.valid_environment(source), source, stack, cwd)
    found = ask(
        environment.require(),
        parallel=parallel,
        identity=identity,
        on_answer=(lambda _node, _found: None) if as_json else _progress,
    )
    wrong = any(errors(findings) for findings in found.values())
    if as_json:
        typer.echo(_document(found))
    else:
        _show(environment.source, found)
    raise typer.Exit(common.Exit.MISMATCH if wrong else common.Exit.OK)


def _progress(node: str, found: list[Finding]) -> None:
    common.err.print(f"[dim]{escape(node)}: {_verdict(found)}[/]")


def _verdict(found: list[Finding]) -> str:
    wrong, doubtful = len(errors(found)), len(warnings(found))
    told = [count(n, word) for n, word in ((wrong, "error"), (doubtful, "warning")) if n]
    return ", ".join(told) or "ready"


def _show(source: str, found: dict[str, list[Finding]]) -> None:
    if not found:
        common.out.print(f"{escape(source)} declares no nodes (multinet:nodes)")
        return
    table = Table(title="nodes", title_justify="left")
    for column in ("node", "verdict", "problem", "way out"):
        table.add_column(column, overflow="fold")
    for node, findings in found.items():
        style = "red" if errors(findings) else "yellow" if findings else "green"
        verdict = f"[{style}]{_verdict(findings)}[/]"
        table.add_row(escape(node), verdict, "", "") if not findings else None
        for i, finding in enumerate(findings):
            problem = f"[bold]{escape(str(finding.value))}[/]: {escape(finding.rule)}"
            first = (escape(node), verdict) if i == 0 else ("", "")
            table.add_row(*first, f"{problem} \\[{finding.code}]", escape(finding.way_out))
    common.out.print(table)
    wrong = sum(1 for findings in found.values() if errors(findings))
    common.out.print(f"{len(found) - wrong} of {len(found)} nodes are ready")


def _document(found: dict[str, list[Finding]]) -> str:
    nodes = {
        node: {"ready": not errors(findings), "findings": [f.as_dict() for f in findings]}
        for node, findings in found.items()
    }
    return json.dumps({"ready": all(n["ready"] for n in nodes.values()), "nodes": nodes}, indent=2)

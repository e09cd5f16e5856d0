"""`multinet render`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from multinet.cli import common
from multinet.cli.console import escape

OutputOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Where to write; replaced each time.")
]


def render(
    output: OutputOption,
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    as_json: common.JsonOption = False,
) -> None:
    """Write what an environment would create, without engine or cluster.

    Runs the real program and writes manifests/ in dependency order, patches/ of what others made,
    apply.sh, which applies both with kubectl, outputs.json and summary.md. Exit 2: the environment is refused. Exit 4: a chart could not be had;
    everything else is written and summary.md names it.
    """
    from multinet import render as rendering  # slow: loads the SDK and its provider package

    source = common.stack_file(stack, file, cwd)
    environment = common.valid_environment(source)
    plan = common.plan_of(environment, source, stack, cwd)
    try:
        rendered = rendering.write(plan, environment, output)
    except FileExistsError:
        message = f"{output} holds files that no render wrote; name another directory"
        common.fail(message, common.Exit.REFUSED)
    except OSError as error:
        common.fail(f"{output} cannot be written: {error.strerror}", common.Exit.REFUSED)
    code = common.Exit.INCOMPLETE if rendered.missing_charts else common.Exit.OK
    if as_json:
        document = {
            "directory": str(output),
            "manifests": [name for name, _ in rendered.manifests],
            "patches": [name for name, _ in rendered.patches],
            "missingCharts": rendered.missing_charts,
            "findings": [finding.as_dict() for finding in environment.findings],
            "warnings": rendered.warnings,
        }
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        raise typer.Exit(code)
    if environment.findings:
        common.show_findings(environment, common.err)
    for text in rendered.warnings:
        lines = "\n".join(map(escape, text.splitlines()))
        common.err.print(f"[bold yellow]of the program:[/] {lines}")
    common.out.print(f"{len(rendered.manifests)} manifests in {escape(str(output))}/manifests")
    common.out.print(f"to apply them: sh {escape(str(output))}/apply.sh")
    common.out.print(f"what they are: {escape(str(output))}/summary.md")
    for chart, reason in rendered.missing_charts.items():
        common.err.print(f"[bold yellow]not rendered:[/] chart {escape(chart)}: {escape(reason)}")
    raise typer.Exit(code)

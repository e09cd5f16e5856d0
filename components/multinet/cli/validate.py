"""`multinet validate`."""

from __future__ import annotations

from pathlib import Path

import typer

from multinet.cli import common


def validate(
    stack: common.StackOption = None,
    file: common.FileOption = None,
    cwd: common.CwdOption = Path(),
    as_json: common.JsonOption = False,
) -> None:
    """Check an environment without cluster or engine.

    A program that makes networks of its own is run, as far as it can be without an engine.

    Exit 0: valid, perhaps with warnings. Exit 2: refused; every problem is listed with its
    path in the file, the value, the rule and the way out.
    """
    source = common.stack_file(stack, file, cwd)
    environment = common.declared(common.environment(source), source, stack, cwd)
    if as_json:
        typer.echo(common.findings_json(environment))
    else:
        common.show_findings(environment, common.out)
    raise typer.Exit(common.Exit.OK if environment.settings else common.Exit.REFUSED)

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

    Exit 0: valid, perhaps with warnings. Exit 2: refused; every problem is listed with its
    path in the file, the value, the rule and the way out.
    """
    environment = common.environment(common.stack_file(stack, file, cwd))
    if as_json:
        typer.echo(common.findings_json(environment))
    else:
        common.show_findings(environment, common.out)
    raise typer.Exit(common.Exit.OK if environment.settings else common.Exit.REFUSED)

"""`multinet import-kubespray`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from multinet.cli import common
from multinet.cli.console import escape

PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        readable=False,
        help="A group_vars file, or an inventory's directory (with group_vars).",
    ),
]
OutputOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="The stack file to write.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def import_kubespray(
    path: PathArgument,
    output: OutputOption,
    *,
    force: ForceOption = False,
    as_json: common.JsonOption = False,
) -> None:
    """Make an environment of a Kubespray inventory.

    Every variable of pod networking is carried over, or listed with the reason; templates
    ({{ … }}) are not filled, but named. The file validates. Exit 2: PATH is no inventory of
    Kubespray, cannot be read, or FILE is there already.
    """
    from multinet.kubespray import NotKubespray, convert, read
    from multinet.kubespray.stackfile import stack_file

    if output.exists() and not force:
        common.fail(f"{output} exists: name another file, or give --force", common.Exit.REFUSED)
    try:
        converted = convert(read(path))
    except NotKubespray as refused:
        common.fail(f"{path}: {refused}", common.Exit.REFUSED)
    try:
        output.write_text(stack_file(converted, path.name), encoding="utf-8")
    except OSError as error:
        common.fail(f"{output} cannot be written: {error.strerror}", common.Exit.REFUSED)
    if as_json:
        document = {
            "file": str(output),
            "carried": converted.carried,
            "notCarried": [lost.as_dict() for lost in converted.lost],
            "notAboutNetworking": converted.others,
            "notRead": converted.skipped,
            "warnings": [finding.as_dict() for finding in converted.warnings],
        }
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    for lost in converted.lost:
        kind = "template" if lost.jinja else "not carried over"
        common.out.print(
            f"[bold yellow]{kind}[/] [bold]{escape(lost.name)}[/] {escape(lost.source)}"
        )
        common.out.print(f"  value    {escape(lost.value)}\n  reason   {escape(lost.reason)}")
    for file, reason in converted.skipped.items():
        common.out.print(f"[bold yellow]not read[/] [bold]{escape(file)}[/]: {escape(reason)}")
    if converted.others:
        names = ", ".join(converted.others)
        common.out.print(f"not about pod networking: {escape(names)}")
    common.say_warnings(converted.warnings, output)
    count = f"{len(converted.carried)} carried over, {len(converted.lost)} not"
    common.out.print(f"[bold green]{escape(str(output))}[/]: {count}")

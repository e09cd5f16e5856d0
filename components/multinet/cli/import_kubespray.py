"""`multinet import-kubespray`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.console import escape
from multinet.findings.text import count
from multinet.stack.source import source_name

if TYPE_CHECKING:
    from multinet.kubespray import Converted
    from multinet.kubespray.draft import Lost

PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        readable=False,
        help="An inventory's directory or file, a group_vars directory, or one file of variables.",
    ),
]
ExtraOption = Annotated[
    list[str] | None,
    typer.Option(
        "--extra-vars",
        "-e",
        metavar="VARS",
        help="As ansible-playbook takes them: @FILE, or NAME=VALUE. They win over the inventory.",
    ),
]
ConfFileOption = Annotated[
    str,
    typer.Option(
        "--conf-file",
        metavar="NAME",
        help="The file of a primary CNI that stays Kubespray's, in the nodes' CNI directory.",
    ),
]
OutputOption = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="The stack file to write.")
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]

_SHOWN = 8


def import_kubespray(
    path: PathArgument,
    output: OutputOption,
    *,
    extra_vars: ExtraOption = None,
    conf_file: ConfFileOption = "",
    force: ForceOption = False,
    as_json: common.JsonOption = False,
) -> None:
    """Make an environment of a Kubespray inventory.

    Every variable of pod networking is carried over, or listed with the reason; of templates
    ({{ … }}) plain references are filled, and the others named. The file validates. Exit 2: PATH
    is no inventory of Kubespray, cannot be read, or FILE is there already.
    """
    from multinet.kubespray import NotKubespray, convert, read
    from multinet.kubespray.stackfile import stack_file

    if output.exists() and not force:
        common.fail(f"{output} exists: name another file, or give --force", common.Exit.REFUSED)
    try:
        converted = convert(read(path, extra_vars or ()), conf_file)
    except NotKubespray as refused:
        common.fail(f"{path}: {refused}", common.Exit.REFUSED)
    try:
        text = stack_file(converted, source_name(path), output.parent)
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        common.fail(f"{output} cannot be written: {error.strerror}", common.Exit.REFUSED)
    if as_json:
        typer.echo(_document(converted, output))
    else:
        _show(converted, output)


def _document(converted: Converted, output: Path) -> str:
    document = {
        "file": str(output),
        "carried": converted.carried,
        "notCarried": [lost.as_dict() for lost in converted.lost],
        "notInUse": converted.unused,
        "notAboutNetworking": converted.others,
        "read": list(converted.read),
        "notRead": converted.skipped,
        "warnings": [finding.as_dict() for finding in converted.warnings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _show(converted: Converted, output: Path) -> None:
    """What was lost, by its reason: one reason is often that of many."""
    from multinet.kubespray.stackfile import not_in_use

    by_reason: dict[str, list[Lost]] = {}
    for lost in converted.lost:
        by_reason.setdefault(lost.reason, []).append(lost)
    for reason, several in by_reason.items():
        common.out.print(f"[bold yellow]not carried over[/]: {escape(reason)}")
        for lost in several:
            told = f"{escape(lost.value)}  [dim]{escape(lost.source)}[/]"
            common.out.print(f"  [bold]{escape(lost.name)}[/]: {told}")
    for file, reason in converted.skipped.items():
        common.out.print(f"[bold yellow]not read[/] [bold]{escape(file)}[/]: {escape(reason)}")
    if said := not_in_use(converted):
        common.out.print(escape(said[0].lower() + said[1:]))
    if converted.others:
        names = ", ".join(converted.others[:_SHOWN])
        more = len(converted.others) - _SHOWN
        also = f" and {more} more (--json names them)" if more > 0 else ""
        common.out.print(f"not about pod networking: {escape(names)}{also}")
    common.say_warnings(converted.warnings, output)
    files = f" (from {count(len(converted.read), 'file')})"
    said = f"{len(converted.carried)} carried over{files}, {len(converted.lost)} not"
    common.out.print(f"[bold green]{escape(str(output))}[/]: {said}")

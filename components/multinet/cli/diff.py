"""`multinet diff`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from multinet.cli import common
from multinet.cli.console import escape
from multinet.findings.text import printable
from multinet.networks.settings import NetworkSettings
from multinet.stack import Environment

if TYPE_CHECKING:
    from multinet.diff import Difference

StacksOption = Annotated[
    list[str] | None,
    typer.Option("--stack", "-s", metavar="STACK", help="An environment: Pulumi.STACK.yaml."),
]
FilesOption = Annotated[
    list[Path] | None,
    typer.Option("--file", "-f", metavar="FILE", help="A stack file anywhere; after the stacks."),
]
_MARKS = {"added": "[green]+[/]", "removed": "[red]-[/]", "changed": "[yellow]~[/]"}


def diff(
    stacks: StacksOption = None,
    files: FilesOption = None,
    cwd: common.CwdOption = Path(),
    as_json: common.JsonOption = False,
) -> None:
    """Compare two environments by meaning: `-s A -s B`, `-f A -f B`, or one of each.

    Defaults are filled in; order and form do not count. Secrets are compared and never shown.
    Exit 0: they mean the same. Exit 1: they differ. Exit 2: one of them is refused.
    """
    from multinet.diff import comparable, compare

    sources = [common.stack_file(stack, None, cwd) for stack in stacks or []] + [*(files or [])]
    if len(sources) != 2:
        common.fail(f"give two environments, not {len(sources)}", common.Exit.REFUSED)
    names = [*(stacks or []), *([None] * len(files or []))]
    a, b = (
        common.declared(common.valid_environment(source), source, name, cwd)
        for source, name in zip(sources, names, strict=True)
    )
    ours, theirs = a.require(), b.require()
    found = compare(comparable(ours, theirs), comparable(theirs, ours))
    if as_json:
        typer.echo(json.dumps(_document(a, b, found), indent=2, ensure_ascii=False))
    elif found:
        _show(a, b, found)
    else:
        common.out.print(f"{escape(a.source)} and {escape(b.source)} mean the same")
    raise typer.Exit(common.Exit.MISMATCH if found else common.Exit.OK)


def _show(a: Environment, b: Environment, found: Sequence[Difference]) -> None:
    for section in dict.fromkeys(d.section for d in found):
        table = Table(title=section, title_justify="left", title_style="bold", expand=False)
        table.add_column("")
        table.add_column("path", overflow="fold")
        table.add_column(escape(a.source), overflow="fold")
        table.add_column(escape(b.source), overflow="fold")
        for each in (d for d in found if d.section == section):
            cells = (_told(each, each.a, a), _told(each, each.b, b))
            table.add_row(_MARKS[each.kind], escape(each.where), *map(escape, cells))
        common.out.print(table)
    kinds = [str(d.kind) for d in found]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in _MARKS if kind in kinds)
    common.out.print(f"{len(found)} differences: {counts}" if found[1:] else f"1 {kinds[0]}")


def _told(difference: Difference, value: Any, environment: Environment) -> str:
    """A value in a cell; a whole network, policy or node in a few words."""
    if not isinstance(value, dict):
        return _text(value)
    name = str(difference.path[0])
    settings = environment.require()
    if len(difference.path) == 1 and difference.section == "networks":
        return _network(settings.networks[name])
    if len(difference.path) == 1 and difference.section == "policies":
        return f"{value['policyTypes']} on {value['networks']}"
    if len(difference.path) == 1 and difference.section == "nodes":
        return settings.nodes[name].host or ("this machine" if settings.nodes[name].local else name)
    return _text(value)


def _text(value: Any) -> str:
    """On one line, and whole: where two long values differ may be their last character."""
    if not isinstance(value, str | list | dict | bool | int | float):
        return repr(value)
    text = value if isinstance(value, str) else json.dumps(value, default=repr, ensure_ascii=False)
    return printable(text)


def _network(network: NetworkSettings) -> str:
    segment = network.config.segment(network.resource_name or "")
    parts = [network.config.main.type, str(segment or ""), *network.config.subnets()]
    return " · ".join(part for part in parts if part)


def _document(a: Environment, b: Environment, found: Sequence[Difference]) -> dict[str, Any]:
    return {
        "same": not found,
        "a": a.source,
        "b": b.source,
        "differences": [
            {
                "section": d.section,
                "path": d.where,
                "kind": str(d.kind),
                "a": _jsonable(d.a),
                "b": _jsonable(d.b),
            }
            for d in found
        ],
    }


def _jsonable(value: Any) -> Any:
    from multinet.diff import ABSENT

    return None if value is ABSENT else json.loads(json.dumps(value, default=repr))

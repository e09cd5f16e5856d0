"""`multinet adopt`."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multinet.cli import common
from multinet.cli.console import escape
from multinet.findings.text import count
from multinet.stack.projectfile import project_of
from multinet.stack.source import lasts

if TYPE_CHECKING:
    from multinet.adopt import Adopted

OutputOption = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="FILE", help="The stack file to write: Pulumi.STACK.yaml."
    ),
]
KubeconfigOption = Annotated[
    Path | None, typer.Option("--kubeconfig", metavar="FILE", help="Instead of the ambient one.")
]
ContextOption = Annotated[
    str | None,
    typer.Option("--context", metavar="NAME", help="Which of the kubeconfig's contexts."),
]
NamespaceOption = Annotated[
    list[str] | None,
    typer.Option("--namespace", "-n", metavar="NS", help="Only its networks. Repeatable."),
]
ConfFileOption = Annotated[
    str,
    typer.Option("--conf-file", metavar="NAME", help="The primary CNI's file, where not found."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace files that are there.")]

_STACK_FILE = re.compile(r"Pulumi\.([A-Za-z0-9][A-Za-z0-9._-]*)\.yaml")


def adopt(
    output: OutputOption,
    *,
    kubeconfig: KubeconfigOption = None,
    context: ContextOption = None,
    namespace: NamespaceOption = None,
    conf_file: ConfFileOption = "",
    force: ForceOption = False,
    as_json: common.JsonOption = False,
) -> None:
    """Make an environment of a cluster that has Multus and networks already, changing nothing.

    Writes the stack file, and beside it Pulumi.STACK.import.json for `pulumi import` and
    Pulumi.STACK.claim.json, which marks the networks as this stack's; prints the commands that
    follow. Networks that multinet refuses, or that another tool writes, are listed
    with the reason. Exit 2: FILE is there already, or has another name. Exit 3: the cluster
    cannot be reached. Exit 4: written, but something is for you to add or to correct.
    """
    from multinet.adopt import convert, files, look
    from multinet.live import ClusterError, connect

    stack = _stack_of(output)
    imports = output.with_name(f"Pulumi.{stack}.import.json")
    claim = output.with_name(f"Pulumi.{stack}.claim.json")
    for file in (output, imports, claim):
        if file.exists() and not force:
            common.fail(f"{file} exists: name another file, or give --force", common.Exit.REFUSED)
    try:
        cluster = connect(str(kubeconfig) if kubeconfig else None, context)
        seen = look(cluster)
    except ClusterError as error:
        common.fail(str(error), common.Exit.CANNOT_RUN)
    owner = f"{project_of(output.parent)[0]}/{stack}"
    adopted = convert(seen, owner, namespace or (), conf_file)
    passing = kubeconfig is not None and not lasts(kubeconfig)
    if passing:
        adopted = dataclasses.replace(adopted, missing={**adopted.missing, **files.PASSING})
    access = {
        "kubeconfig": str(kubeconfig.resolve()) if kubeconfig and not passing else "",
        "context": context or "",
    }
    access = {key: value for key, value in access.items() if value}
    by_hand = {"kubeconfig": files.PLACEHOLDER, **access} if passing else access
    texts = {
        output: files.stack_file(adopted, cluster.host, access, output.parent),
        imports: files.import_list(adopted),
        claim: files.claim(adopted, owner),
    }
    for file, text in texts.items():
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            common.fail(f"{file} cannot be written: {error.strerror}", common.Exit.REFUSED)
    following = files.steps(adopted, owner, files.Names(imports.name, claim.name), by_hand)
    if as_json:
        typer.echo(_document(adopted, output, imports, claim, following))
    else:
        _show(adopted, output, imports, claim, following)
    raise typer.Exit(common.Exit.OK if adopted.complete else common.Exit.INCOMPLETE)


def _stack_of(output: Path) -> str:
    found = _STACK_FILE.fullmatch(output.name)
    if found is None:
        message = f"{output.name!r} is not a stack file's name: Pulumi.STACK.yaml"
        common.fail(message, common.Exit.REFUSED)
    assert found is not None
    return found[1]


def _show(adopted: Adopted, output: Path, imports: Path, claim: Path, following: list[str]) -> None:
    out = common.out
    for left in adopted.left:
        kind = "refused" if left.refused else "left to others"
        name = f"{left.namespace}/{left.name}"
        out.print(f"[bold yellow]{kind}[/] [bold]{escape(name)}[/]")
        out.print(f"  reason   {escape(left.reason)}")
    for key, what in adopted.missing.items():
        out.print(f"[bold yellow]to be added[/] [bold]{escape(key)}[/]\n  way out  {escape(what)}")
    for note in adopted.notes:
        out.print(f"[dim]{escape(note)}[/]")
    common.say_warnings(adopted.warnings, output)
    said = f"{count(len(adopted.config['networks']), 'network')}, {len(adopted.left)} left out"
    out.print(f"[bold green]{escape(str(output))}[/]: {said}")
    out.print(f"[bold green]{escape(str(imports))}[/]: for pulumi import")
    out.print(f"[bold green]{escape(str(claim))}[/]: marks the networks as this stack's")
    if following:
        out.print("\nnext, where the project is:")
        for step in following:
            out.print(f"  {escape(step)}")


def _document(
    adopted: Adopted, output: Path, imports: Path, claim: Path, following: list[str]
) -> str:
    document = {
        "file": str(output),
        "imports": str(imports),
        "claim": str(claim),
        "complete": adopted.complete,
        "networks": list(adopted.config["networks"]),
        "left": [
            {
                "namespace": left.namespace,
                "name": left.name,
                "reason": left.reason,
                "refused": left.refused,
            }
            for left in adopted.left
        ],
        "missing": adopted.missing,
        "notes": list(adopted.notes),
        "warnings": [finding.as_dict() for finding in adopted.warnings],
        "next": following,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)

"""What the subcommands share: options, exit codes, and how findings are shown."""

from __future__ import annotations

import dataclasses
import json
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from multinet.cli.console import console, err, escape, out
from multinet.cli.failure import Exit, fail, tell
from multinet.findings import Finding, Severity, errors, warnings
from multinet.findings.finding import show
from multinet.findings.text import count
from multinet.names import stack_key
from multinet.stack import Environment, load
from multinet.stack.projectfile import project_of
from multinet.stack.stackfile import stack_path

if TYPE_CHECKING:
    from multinet.render import Plan

# With what is below: all that a subcommand needs.
__all__ = ["Exit", "console", "err", "escape", "fail", "out"]

StackOption = Annotated[
    str | None,
    typer.Option("--stack", "-s", metavar="STACK", help="Environment: reads Pulumi.STACK.yaml."),
]
FileOption = Annotated[
    Path | None,
    typer.Option(
        "--file",
        "-f",
        metavar="FILE",
        readable=False,  # it is a finding, like all that is wrong with a file
        help="A stack file anywhere, instead of --stack.",
    ),
]
CwdOption = Annotated[
    Path,
    typer.Option("--cwd", "-C", metavar="DIR", help="The project's directory (with Pulumi.yaml)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


def stack_file(stack: str | None, file: Path | None, cwd: Path) -> Path:
    """The stack file that the options name. Exits 2 when they name none or two."""
    if (stack is None) == (file is None):
        fail("give one of --stack STACK and --file FILE", Exit.REFUSED)
    if file is not None:
        return file
    assert stack is not None
    if "/" in stack or stack in ("", ".", "..") or "\0" in stack:
        fail(f"{stack!r} is not a stack's name: letters, digits, '.', '_' and '-'", Exit.REFUSED)
    path = stack_path(cwd, stack)
    return path.relative_to(Path()) if cwd == Path() else path


def environment(file: Path) -> Environment:
    """Read and check a stack file."""
    return load(file)


def valid_environment(file: Path) -> Environment:
    """Read and check a stack file. Shows the findings of a refused one and exits 2."""
    found = environment(file)
    if found.settings is None:
        if not tell(f"{found.source} is refused", Exit.REFUSED, **_document(found)):
            show_findings(found, err)
        raise typer.Exit(Exit.REFUSED)
    return found


def declared(environment: Environment, source: Path, stack: str | None, cwd: Path) -> Environment:
    """The environment with all that the program in `cwd` declares, not the stack file alone.

    Runs the program where it can make more than the stack file says. Exits 2 when it refuses what
    it is given or cannot run.
    """
    from multinet.stack.plain import is_plain

    main = cwd / "__main__.py"
    if environment.settings is None or not main.is_file() or is_plain(main):
        return environment
    from multinet.render.declared import beside_each_other
    from multinet.render.declared import declared as all_of

    plan = plan_of(environment, source, stack, cwd)
    settings = all_of(environment.settings, plan)
    found = [*plan.declared.findings, *beside_each_other(settings, plan)]
    found += [_known_later(*what) for what in sorted(plan.declared.unknown)]
    told = {_without_line(f) for f in environment.findings}
    more: list[Finding] = []
    # The stack file, a network by itself and one beside others may have the same: told once.
    for finding in found:
        if (said := _without_line(finding)) not in told:
            told.add(said)
            more.append(finding)
    return dataclasses.replace(
        environment, settings=settings, findings=[*environment.findings, *more]
    )


def _without_line(finding: Finding) -> str:
    return str(dataclasses.replace(finding, line=None))


def _known_later(section: str, name: str) -> Finding:
    rule = "is made of another resource's output, so nothing here can look at it"
    way_out = "`pulumi up` checks it before it is created"
    path = tuple(part for part in (stack_key(section), name) if part)
    return Finding("known-later", path, rule, way_out, None, Severity.WARNING)


def plan_of(environment: Environment, source: Path, stack: str | None, cwd: Path) -> Plan:
    """Run the program in `cwd` on a checked stack file. Exits 2 when it refuses what it is given.

    Slow: loads the SDK and its provider package.
    """
    import pulumi

    from multinet import render, watch

    main = cwd / "__main__.py"
    if not main.is_file():
        fail(f"{main} does not exist: run it in the project, or give --cwd", Exit.REFUSED)
    # `Pulumi.dev.yaml` is stack `dev`; any other file is named by its stem.
    name = stack or source.stem.removeprefix("Pulumi.") or "stack"
    seen, path = watch.Declared(cwd), main.resolve()
    try:
        # What was checked is what runs: a pipe cannot be read twice, and a file may have changed.
        project, defaults = project_of(cwd)
        others = {**defaults, **environment.others}
        return render.run(path, project, name, environment.config, seen=seen, others=others)
    except pulumi.RunError as refused:  # what the program makes itself is checked by it alone
        found = errors(seen.findings)
        summary = str(refused).partition("\n")[0] if found else str(refused)
        told = {"findings": [f.as_dict() for f in found]} if found else {}
        if not tell(summary, Exit.REFUSED, **told):
            for finding in found:
                err.print(_block(str(finding.file), finding))
            err.print(Text(summary), style="red")
        raise typer.Exit(Exit.REFUSED) from None
    except Exception as broken:  # a program is anybody's code
        where = [f for f in traceback.extract_tb(broken.__traceback__) if f.filename == str(path)]
        line = f", line {where[-1].lineno}" if where else ""
        what = f"{type(broken).__name__}: {broken}"
        fail(f"{main}{line} cannot be run: {what}", Exit.REFUSED)


def show_findings(environment: Environment, console: Console) -> None:
    """Every finding as a small block, then the count."""
    for finding in environment.findings:
        console.print(_block(environment.source, finding))
    console.print(_verdict(environment))


def say_warnings(found: Sequence[Finding], written: Path) -> None:
    """How many there are about a file that was just written, and what lists them."""
    if found:
        says = f"{count(len(found), 'warning')}: multinet validate -f {written}"
        out.print(f"[bold yellow]{escape(says)}[/]")


def findings_json(environment: Environment) -> str:
    """For `--json`: the verdict and every finding."""
    return json.dumps(_document(environment), indent=2, ensure_ascii=False)


def _document(environment: Environment) -> dict[str, Any]:
    return {
        "file": environment.source,
        "valid": environment.settings is not None,
        "findings": [f.as_dict() for f in environment.findings],
    }


def _block(source: str, finding: Finding) -> Text:
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    file = finding.file or source
    at = f"{file}:{finding.line}" if finding.line else file
    text = Text()
    text.append(f"{finding.severity}[{finding.code}]", style=f"bold {colour}")
    text.append(f" {finding.where}\n", style="bold")
    text.append(f"  --> {at}\n", style="dim")
    if finding.value is not None:
        text.append(f"  value    {show(finding.value)}\n")
    text.append(f"  rule     {finding.rule}\n")
    if finding.way_out:
        text.append(f"  way out  {finding.way_out}\n")
    return text


def _verdict(environment: Environment) -> Text:
    wrong, doubtful = len(errors(environment.findings)), len(warnings(environment.findings))
    counts = f"{count(wrong, 'error')}, {count(doubtful, 'warning')}"
    if environment.settings is None:
        return Text(f"{environment.source}: refused, {counts}", style="bold red")
    networks = len(environment.settings.networks)
    plugin = environment.settings.primary_cni.plugin
    what = f"{plugin} and {count(networks, 'network')}"
    return Text(f"{environment.source}: valid ({what}), {counts}", style="bold green")

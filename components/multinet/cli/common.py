"""What the subcommands share: options, exit codes, and how findings are shown."""

from __future__ import annotations

import enum
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from multinet.findings import Finding, Severity, errors, warnings
from multinet.findings.finding import show
from multinet.findings.text import printable
from multinet.stack import Environment, load, stackfile
from multinet.stack.stackfile import stack_path

if TYPE_CHECKING:
    from multinet.render import Plan


class Exit(enum.IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    MISMATCH = 1
    REFUSED = 2
    CANNOT_RUN = 3
    INCOMPLETE = 4
    INTERRUPTED = 130


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

# Where rich would take a bracket for a tag; its backslashes are counted as rich counts them.
_TAG = re.compile(r"(\\*)\[(?=[a-z#/@][^\[]*?\])")
_BRACKET = re.compile(r"(\\+)\[(?![a-z#/@][^\[]*?\])")
_LAST = re.compile(r"\\+\Z")


def console(**options: Any) -> Console:
    """The one way to make a console: what it shows is what the text says.

    No emoji: `fd00:100::/64` and `02:00:ab:…` hold what rich takes for names of them.
    """
    return Console(highlight=False, emoji=False, **options)


out = console(soft_wrap=True)
err = console(stderr=True, soft_wrap=True)


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


def valid_environment(file: Path, as_json: bool) -> Environment:
    """Read and check a stack file. Shows the findings of a refused one and exits 2."""
    found = environment(file)
    if found.settings is None:
        if as_json:
            typer.echo(findings_json(found))
        else:
            show_findings(found, err)
        raise typer.Exit(Exit.REFUSED)
    return found


def plan_of(environment: Environment, source: Path, stack: str | None, cwd: Path) -> Plan:
    """Run the program in `cwd` on a checked stack file. Exits 2 when it refuses what it is given.

    Slow: loads the SDK and its provider package.
    """
    import pulumi

    from multinet import render

    main = cwd / "__main__.py"
    if not main.is_file():
        fail(f"{main} does not exist: run it in the project, or give --cwd", Exit.REFUSED)
    # `Pulumi.dev.yaml` is stack `dev`; any other file is named by its stem.
    name = stack or source.stem.removeprefix("Pulumi.") or "stack"
    try:
        # What was checked is what runs: a pipe cannot be read twice, and a file may have changed.
        return render.run(main.resolve(), stackfile.PROJECT, name, environment.config)
    except pulumi.RunError as refused:  # what the program makes itself is checked by it alone
        err.print(Text(str(refused)), style="red")
        raise typer.Exit(Exit.REFUSED) from None


def show_findings(environment: Environment, console: Console) -> None:
    """Every finding as a small block, then the count."""
    for finding in environment.findings:
        console.print(_block(environment.source, finding))
    console.print(_verdict(environment))


def findings_json(environment: Environment) -> str:
    """For `--json`: the verdict and every finding."""
    document = {
        "file": environment.source,
        "valid": environment.settings is not None,
        "findings": [f.as_dict() for f in environment.findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def escape(text: str) -> str:
    """Text in one line of markup: it neither steers the terminal nor is markup itself.

    Unlike rich's own function, also where the text has or ends in backslashes.
    """
    text = _TAG.sub(r"\1\1\\[", _BRACKET.sub(r"\1\\[", printable(text)))
    # A tag may follow; that one does is made sure of, so that they are counted in pairs.
    return _LAST.sub(lambda found: found[0] * 2 + "[none][/none]", text)


def fail(message: str, code: Exit) -> None:
    """Say what is wrong in one line and end with `code`."""
    err.print(f"[bold red]error:[/] {escape(message)}")
    raise typer.Exit(code)


def _block(source: str, finding: Finding) -> Text:
    colour = "red" if finding.severity is Severity.ERROR else "yellow"
    at = f"{source}:{finding.line}" if finding.line else source
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
    bad, meh = len(errors(environment.findings)), len(warnings(environment.findings))
    counts = f"{bad} error{'s' * (bad != 1)}, {meh} warning{'s' * (meh != 1)}"
    if environment.settings is None:
        return Text(f"{environment.source}: refused, {counts}", style="bold red")
    networks = len(environment.settings.networks)
    plugin = environment.settings.primary_cni.plugin
    what = f"{plugin} and {networks} network{'s' * (networks != 1)}"
    return Text(f"{environment.source}: valid ({what}), {counts}", style="bold green")

"""The reference page of every command, from the command line's own definitions."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import Any

import typer

from multinet.cli.app import app
from multinet.cli.common import Exit

_EXIT = re.compile(r"\bExit (\d+): (.*?)(?=\s*(?:\bExit \d+:|\Z|\.(?=\s)))", re.DOTALL)
_CODES = {
    Exit.OK: "all is well",
    Exit.MISMATCH: "done, and something is not as it should be",
    Exit.REFUSED: "the input is refused; nothing was written",
    Exit.CANNOT_RUN: "it cannot run here: no cluster, no memory, no right",
    Exit.INCOMPLETE: "written, but something is left for you",
    Exit.INTERRUPTED: "interrupted; it has cleaned up",
}


def page() -> Iterator[str]:
    """The page's lines."""
    group: Any = typer.main.get_command(app)
    commands = {name: group.commands[name] for name in sorted(group.commands)}
    yield "# Commands"
    yield ""
    yield "`make setup` puts `multinet` into `.venv/bin`. Every command has `--help`; what it found is"
    yield "for people on a terminal of 80 columns or in a pipe (`NO_COLOR` is respected), and for"
    yield "scripts with `--json`. Progress and errors go to standard error. `multinet --version` prints"
    yield "the version."
    yield ""
    yield "With `--json` standard output is one JSON document whatever becomes of the command. Where it"
    yield "could not do its work (wrong arguments, a refused environment, no cluster) it has the keys"
    yield "`error`, a sentence, and `exit`, the code; a refused environment's `findings` as well."
    yield "\n| exit | of every command |\n|---|---|"
    yield from (f"| {int(code)} | {meaning} |" for code, meaning in _CODES.items())
    yield "\n| command | does |\n|---|---|"
    for name, command in commands.items():
        yield f"| [{name}](#{name}) | {_summary(command)} |"
    for name, command in commands.items():
        yield from _command(name, command)


def _command(name: str, command: Any) -> Iterator[str]:
    summary, _, more = (command.help or "").strip().partition("\n\n")
    exits = [(int(code), _one_line(text).rstrip(".")) for code, text in _EXIT.findall(more)]
    prose = _EXIT.sub("", more)
    prose = re.sub(r"^[\s.]+", "", re.sub(r"\n[\s.]*\Z", "", prose))
    positional = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = " ".join(["multinet", name, *(_metavar(p) for p in positional), "[OPTIONS]"])
    yield f"\n## {name}\n\n{_one_line(summary)}\n\n`{usage}`"
    if text := re.sub(r"(?:\s*\.)+\s*$", ".", _one_line(prose)):
        yield f"\n{_escape(text)}"
    if exits:
        yield "\n| exit | means |\n|---|---|"
        yield from (f"| {code} | {_escape(text)} |" for code, text in exits)
    if options or positional:
        yield "\n| argument | default | |\n|---|---|---|"
        yield from (_row(p) for p in [*positional, *options])


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return f"| `{_metavar(parameter)}` | required | {_escape(parameter.help or '')} |"
    names = [*parameter.opts, *parameter.secondary_opts]
    shown = ", ".join(f"`{option}`" for option in sorted(names, key=len))
    if not parameter.is_flag:
        shown += f" `{_escape(_metavar(parameter))}`"
    return f"| {shown} | {_default(parameter)} | {_escape(parameter.help or '')} |"


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    default = parameter.default
    if parameter.is_flag:
        return f"`{parameter.opts[0]}`" if default else "–"
    return "–" if default in (None, "", ()) or callable(default) else f"`{default}`"


def _metavar(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    if parameter.param_type_name == "argument":
        return str(parameter.name).upper()
    kind = parameter.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return "|".join(str(choice.value) for choice in kind)
    if parameter.min is not None:
        return f"{parameter.min}…{parameter.max}"
    return "TEXT"


def _summary(command: Any) -> str:
    return _one_line((command.help or "").strip().partition("\n\n")[0])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _escape(text: str) -> str:
    return _one_line(text).replace("|", "\\|").replace("{{", "`{{").replace("}}", "}}`")

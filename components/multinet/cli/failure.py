"""How every command ends when it cannot do its work: in words, and with `--json` as a document."""

from __future__ import annotations

import enum
import json
import re
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import partial
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from multinet.cli.console import err, escape
from multinet.findings.text import printable


class Exit(enum.IntEnum):
    """Exit codes, the same for every command."""

    OK = 0
    MISMATCH = 1
    REFUSED = 2
    CANNOT_RUN = 3
    INCOMPLETE = 4
    INTERRUPTED = 130


_YAML = (".yaml", ".yml")
_EXTRA = re.compile(r"unexpected extra argument.*?[ ]\(([^\s)]+)")

_as_document: ContextVar[bool] = ContextVar("as_document", default=False)


def fail(message: str, code: Exit) -> NoReturn:
    """Say what is wrong in one line, and with `--json` as a document as well; end with `code`."""
    tell(message, code)
    err.print(f"[bold red]error:[/] {escape(message)}")
    raise typer.Exit(code)


def tell(message: str, code: Exit, **more: Any) -> bool:
    """Print that the command could not do its work as a document, if one is asked for.

    `more`: further keys of it. Returns whether one was asked for.
    """
    if _as_document.get():
        told = {"error": printable(message), "exit": int(code), **more}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
    return _as_document.get()


class Commands(TyperGroup):
    """The command's entry. A script that asks for JSON gets JSON, also where it asked wrongly."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """As typer's: ends the process, unless `standalone_mode` is off."""
        words = list(sys.argv[1:] if args is None else args)
        run = partial(super().main, words, prog_name, complete_var, **extra)
        asked = "--json" in words
        token = _as_document.set(asked)
        try:
            if asked and standalone_mode:
                sys.exit(_document_of(run))
            return run(standalone_mode=standalone_mode, windows_expand_args=windows_expand_args)
        finally:
            _as_document.reset(token)


class Command(TyperCommand):
    """One of them. Whoever names a stack or its file without an option is told which it is."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            # typer's class for it differs between its versions.
            message = getattr(error, "message", None)
            extra = _EXTRA.search(message or "")
            if message and extra:
                error.message = message + self._meant(extra[1])  # type: ignore[attr-defined]
            raise

    def _meant(self, word: str) -> str:
        option, what = ("-f", "a stack file") if word.endswith(_YAML) else ("-s", "a stack")
        takes = any(option in parameter.opts for parameter in self.params)
        return f": {what} is given as {option} {word}" if takes else ""


def _document_of(run: Callable[..., Any]) -> int:
    """Run a command that is asked for a document; its exit code."""
    try:
        code: int = run(standalone_mode=False) or Exit.OK
    except Exception as error:
        # Wrong arguments; typer's classes for them differ between its versions.
        if not hasattr(error, "format_message") or not hasattr(error, "show"):
            raise
        tell(error.format_message(), Exit.REFUSED)
        error.show()
        return Exit.REFUSED
    if code == Exit.INTERRUPTED:
        tell("interrupted", Exit.INTERRUPTED)
    return code

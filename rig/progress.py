"""Progress of long work: a live line on a terminal, plain lines elsewhere.

Rich honours NO_COLOR and TERM=dumb by itself; here only the choice between the two forms is
made, so that logs of CI hold one line per step and no control characters.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape


class Step(Protocol):
    """A piece of work under way."""

    def detail(self, text: str) -> None:
        """Say what it is at now; shown on a terminal only."""


class Progress:
    """Reports steps. ``quiet`` reports nothing: for tests and for use as a library."""

    def __init__(self, *, quiet: bool = False, console: Console | None = None) -> None:
        self._quiet = quiet
        self._console = console or Console(
            file=sys.stderr, highlight=False, emoji=False, soft_wrap=True
        )

    def note(self, text: str) -> None:
        """Print one line."""
        if not self._quiet:
            self._console.print(escape(text))

    @contextmanager
    def step(self, text: str) -> Iterator[Step]:
        """Announce work, then its end with the time it took; failures are left to the caller."""
        started = time.monotonic()
        if self._quiet:
            yield _Silent()
            return
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            with self._console.status(f"{escape(text)} …") as status:
                yield _Live(text, started, status.update)
        else:
            self._console.print(escape(f"{text} …"))
            yield _Silent()
        self._console.print(f"[green]✓[/green] {escape(text)} [dim]({_since(started)})[/dim]")


class _Silent:
    def detail(self, text: str) -> None:
        """Drop it."""


class _Update(Protocol):
    def __call__(self, status: str) -> None: ...


class _Live:
    def __init__(self, text: str, started: float, update: _Update) -> None:
        self._text, self._started, self._update = text, started, update

    def detail(self, text: str) -> None:
        """Show it behind the step's text, with the time so far."""
        shown = f"{escape(self._text)} … [dim]{_since(self._started)}  {escape(text)}[/dim]"
        self._update(shown)


def _since(started: float) -> str:
    seconds = time.monotonic() - started
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"

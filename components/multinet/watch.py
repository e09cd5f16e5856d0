"""What a running program declares by its components, for the commands that run it to look."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from pathlib import Path as FilePath
from typing import Any, Protocol

from multinet.findings import Finding, Path

Place = tuple[str, int | None]
"""A file, and a line of it where that is known."""
_PACKAGE = FilePath(__file__).resolve().parent


class Given(Protocol):
    """Settings that are there now, or later: `settle.Settled`."""

    @property
    def shape(self) -> Any:
        """Them, where nothing is waited for."""

    @property
    def later(self) -> Any:
        """An Output of them; None: nothing is waited for."""


@dataclasses.dataclass
class Declared:
    """What was seen of a program.

    Attributes:
        sections: section of a stack → name → its checked settings; the name is empty for
            `primaryCni` and `multus`.
        unknown: section and name of what no rehearsal can know: it is made of another resource.
        findings: what its checks found, warnings and errors; each with the program's line that
            declares it, and a path as in a stack file.
        alone: networks that are declared one by one, which nothing looks across: name → the
            program's file and line.
        directory: the program's.
    """

    directory: FilePath = FilePath()
    sections: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    unknown: set[tuple[str, str]] = dataclasses.field(default_factory=set)
    findings: list[Finding] = dataclasses.field(default_factory=list)
    alone: dict[str, Place] = dataclasses.field(default_factory=dict)

    @property
    def main(self) -> Place:
        """The program, where no line of it is known."""
        return str(self.directory / "__main__.py"), None

    def know(self, section: str, name: str, settings: Any) -> None:
        """Its settings, now or when what it waited for is there."""
        self.unknown.discard((section, name))
        self.sections.setdefault(section, {})[name] = settings


_SEEN: ContextVar[Declared | None] = ContextVar("declared", default=None)


@contextlib.contextmanager
def watching(seen: Declared | None = None) -> Iterator[Declared]:
    """Within it every component of multinet tells what it is given."""
    seen = Declared() if seen is None else seen
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)


def declares(section: str, name: str, settings: Given, *, alone: bool = False) -> None:
    """A component has these settings; `alone`: it is a network that nothing is checked with."""
    seen = _SEEN.get()
    if seen is None:
        return
    if alone:
        seen.alone[name] = _declared_at(seen)
    if settings.later is None:
        seen.know(section, name, settings.shape)
        return
    seen.unknown.add((section, name))
    settings.later.apply(lambda known: seen.know(section, name, known))


def finds(findings: Iterable[Finding], part: Path = ()) -> None:
    """A check of the program found these; `part`: where a stack file would have what it is about."""
    seen, each = _SEEN.get(), list(findings)
    if seen is None or not each:
        return
    file, line = _declared_at(seen)
    for found in each:
        seen.findings.append(dataclasses.replace(found.under(part), file=file, line=line))


def _declared_at(seen: Declared) -> Place:
    """The program's file and line that run now; its `__main__.py` where that has run already."""
    whole = seen.directory.resolve()
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]  # ends with None
        file = FilePath(frame.f_code.co_filename)
        if file.is_relative_to(whole) and not _of_others(file):
            return str(seen.directory / file.relative_to(whole)), frame.f_lineno
    return seen.main


def _of_others(file: FilePath) -> bool:
    return file.is_relative_to(_PACKAGE) or "site-packages" in file.parts

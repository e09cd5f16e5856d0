"""What a running program declares by its components, for the commands that run it to look."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any, Protocol

from multinet.findings import Finding


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
        findings: what its checks found, warnings and errors.
    """

    sections: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    unknown: set[tuple[str, str]] = dataclasses.field(default_factory=set)
    findings: list[Finding] = dataclasses.field(default_factory=list)

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


def declares(section: str, name: str, settings: Given) -> None:
    """A component has these settings."""
    seen = _SEEN.get()
    if seen is None:
        return
    if settings.later is None:
        seen.know(section, name, settings.shape)
        return
    seen.unknown.add((section, name))
    settings.later.apply(lambda known: seen.know(section, name, known))


def finds(findings: Iterable[Finding]) -> None:
    """A check of the program found these."""
    seen = _SEEN.get()
    if seen is not None:
        seen.findings += findings

"""What a picture is drawn with: positions and sizes in pixels, looks by class name."""

from __future__ import annotations

import dataclasses

from multinet.diagram.fit import fit
from multinet.findings.text import printable

SMALL = 12
NORMAL = 13
LARGE = 18
SIZES = {"title": LARGE, "name": NORMAL, "text": SMALL, "note": SMALL, "tag": SMALL, "port": SMALL}
BOLD = frozenset({"title", "name", "port"})


@dataclasses.dataclass(frozen=True)
class Box:
    """A rectangle; `hint`: shown when pointed at."""

    x: int
    y: int
    width: int
    height: int
    look: str
    hint: str = ""


@dataclasses.dataclass(frozen=True)
class Text:
    """One line; y is its baseline. room: what it may take, to the left where `end`."""

    x: int
    y: int
    text: str
    look: str
    room: int
    end: bool = False

    @property
    def shown(self) -> str:
        """What of it has room."""
        text = printable(self.text)  # XML knows no control characters
        return fit(text, SIZES[self.look], self.room, bold=self.look in BOLD)


@dataclasses.dataclass(frozen=True)
class Line:
    """A level line."""

    x1: int
    x2: int
    y: int
    look: str


@dataclasses.dataclass(frozen=True)
class Dot:
    """Where a line meets a box."""

    x: int
    y: int
    look: str


Shape = Box | Text | Line | Dot


@dataclasses.dataclass(frozen=True)
class Sheet:
    """A whole drawing."""

    width: int
    height: int
    title: str
    description: str
    shapes: tuple[Shape, ...]

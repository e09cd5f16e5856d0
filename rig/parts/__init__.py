"""The pinned real parts of a rig, each built once into a cache outside the checkout."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rig.errors import RigError
from rig.parts.build import build_go_part, fetch_chart
from rig.parts.catalog import (
    CHART_PARTS,
    CONTROL_PLANE_PARTS,
    DEFAULT_PARTS,
    GO_PARTS,
    NODE_PARTS,
    PART_NAMES,
)
from rig.parts.golang import ensure_go
from rig.progress import Progress

__all__ = [
    "CONTROL_PLANE_PARTS",
    "NODE_PARTS",
    "PART_NAMES",
    "Parts",
    "ensure",
    "version_of",
]


@dataclass(frozen=True)
class Parts:
    """Paths of built parts.

    Attributes:
        directories: name of a Go part → its directory of binaries.
        charts: name of a chart → its directory.
    """

    directories: dict[str, Path] = field(default_factory=dict)
    charts: dict[str, Path] = field(default_factory=dict)

    def directory(self, part: str) -> Path:
        """The directory of a part's binaries; RigError where it was not asked for."""
        try:
            return self.directories[part]
        except KeyError:
            raise RigError(f"part {part!r} was not ensured; these were: {self._names()}") from None

    def binary(self, name: str) -> Path:
        """The path of a binary of any ensured part; RigError where none has it."""
        for directory in self.directories.values():
            if (directory / name).is_file():
                return directory / name
        raise RigError(f"no ensured part has a binary {name!r}; ensured: {self._names()}")

    def chart(self, name: str) -> Path:
        """The directory of a chart; RigError where it was not asked for."""
        try:
            return self.charts[name]
        except KeyError:
            raise RigError(f"chart {name!r} was not ensured; these were: {self._names()}") from None

    def _names(self) -> str:
        return ", ".join([*self.directories, *self.charts]) or "none"


def ensure(*names: str, progress: Progress | None = None) -> Parts:
    """Build or fetch the named parts (by default all but kind and agents of primary CNIs) unless the cache has them.

    The first build of everything takes about a quarter of an hour on two cores, the second
    call some milliseconds. Raises RigError for an unknown name and BuildError for a failed
    build, which leaves nothing half-built behind.
    """
    wanted = names or DEFAULT_PARTS
    unknown = sorted(set(wanted) - set(PART_NAMES))
    if unknown:
        raise RigError(f"no such part: {', '.join(unknown)}; there are {', '.join(PART_NAMES)}")
    shown = progress or Progress(quiet=True)
    go = ensure_go(shown)
    parts = Parts()
    for name in dict.fromkeys(wanted):
        if name in GO_PARTS:
            parts.directories[name] = build_go_part(GO_PARTS[name], go, shown)
        else:
            parts.charts[name] = fetch_chart(CHART_PARTS[name], go, shown)
    return parts


def version_of(name: str) -> str:
    """The pinned version of a part, with its leading v; RigError for an unknown name."""
    if name in GO_PARTS:
        return GO_PARTS[name].version
    if name in CHART_PARTS:
        return CHART_PARTS[name].version
    raise RigError(f"no such part: {name}; there are {', '.join(PART_NAMES)}")

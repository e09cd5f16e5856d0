"""Compares two pieces of plain data, key by key."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from typing import Any, Final

from multinet.findings import Path, format_path


class _Absent:
    def __repr__(self) -> str:
        return "–"


ABSENT: Final = _Absent()
"""Stands for a value that one of the two does not have."""

_NAMED: Final = ("networks", "policies", "nodes")
"""Sections whose entries are things of their own, which come and go as a whole."""


class Change(enum.StrEnum):
    """What became of a value from the first environment to the second."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclasses.dataclass(frozen=True)
class Difference:
    """One value that differs.

    Attributes:
        section: of the stack file. path: below it. a, b: the two values; ABSENT: none.
    """

    section: str
    path: Path
    a: Any
    b: Any

    @property
    def kind(self) -> Change:
        """Seen from the first environment."""
        if self.a is ABSENT:
            return Change.ADDED
        return Change.REMOVED if self.b is ABSENT else Change.CHANGED

    @property
    def where(self) -> str:
        """The path as text."""
        return format_path(self.path)


def compare(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Difference]:
    """Every difference, in the order of the sections; see `comparable` for what they hold."""
    found: list[Difference] = []
    for section in dict.fromkeys([*a, *b]):
        whole = section in _NAMED
        ours, theirs = a.get(section, {}), b.get(section, {})
        found += [Difference(section, *d) for d in _mapping(ours, theirs, (), whole)]
    return found


_Found = tuple[Path, Any, Any]


def _mapping(
    a: Mapping[str, Any], b: Mapping[str, Any], path: Path, whole: bool
) -> Iterator[_Found]:
    for key in dict.fromkeys([*a, *b]):
        ours, theirs = _of(a, key), _of(b, key)
        if whole and (ours is ABSENT) != (theirs is ABSENT):
            yield (*path, key), ours, theirs
        else:
            yield from _any(ours, theirs, (*path, key))


def _of(mapping: Mapping[str, Any], key: str) -> Any:
    """A key's value; none where there is nothing: null and an empty mapping say nothing."""
    value = mapping.get(key)
    return ABSENT if value is None or value in ({}, []) else value


def _any(a: Any, b: Any, path: Path) -> Iterator[_Found]:
    if a is ABSENT and b is ABSENT:
        return
    if all(x is ABSENT or isinstance(x, Mapping) for x in (a, b)):
        yield from _mapping({} if a is ABSENT else a, {} if b is ABSENT else b, path, False)
    elif _objects(a) and _objects(b):
        for i in range(max(len(a), len(b))):
            ours = a[i] if i < len(a) else ABSENT
            theirs = b[i] if i < len(b) else ABSENT
            yield from _any(ours, theirs, (*path, i))
    elif a != b or type(a) is not type(b):
        yield path, a, b


def _objects(value: Any) -> bool:
    """Whether it is a list of mappings, whose entries are compared one by one."""
    return isinstance(value, list) and any(isinstance(item, Mapping) for item in value)

"""The picture where there are many links: alike ones are shown together."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from multinet.diagram import words
from multinet.diagram.model import Diagram, Trunk, whole
from multinet.stack.settings import StackSettings

_MOST_TRUNKS = 10


def diagram(
    settings: StackSettings, title: str, numbers: Mapping[str, int] | None = None
) -> Diagram:
    """The picture of an environment called `title`; `numbers`: of nodes, by which they have blocks."""
    found = whole(settings, title, numbers)
    if len(found.trunks) <= _MOST_TRUNKS:
        return found
    return dataclasses.replace(found, trunks=tuple(_together(found.trunks)))


def _together(trunks: Iterable[Trunk]) -> list[Trunk]:
    """Many links: those that are on the same nodes as one, their segments with their names."""
    alike: dict[tuple[str, ...], list[Trunk]] = {}
    for trunk in trunks:
        alike.setdefault((*trunk.places, trunk.detail), []).append(trunk)
    return [_one(group) if len(group) > 1 else group[0] for group in alike.values()]


def _one(trunks: list[Trunk]) -> Trunk:
    title = f"{words.count(len(trunks), 'link')}, {trunks[0].title} … {trunks[-1].title}"
    segments = [dataclasses.replace(s, link=t.title) for t in trunks for s in t.segments]
    return Trunk(title, trunks[0].detail, tuple(segments), trunks[0].places)

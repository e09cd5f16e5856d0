"""Where everything stands: a pod on the left, its networks by link, the nodes on the right."""

from __future__ import annotations

from collections.abc import Sequence

from multinet.diagram import words
from multinet.diagram.fit import width
from multinet.diagram.frames import (
    GAP,
    PAD,
    ROW,
    TOP,
    Frame,
    Grid,
    outlet,
    primary_frame,
    trunk_frame,
)
from multinet.diagram.model import Diagram, Place
from multinet.diagram.shapes import NORMAL, Box, Dot, Line, Shape, Sheet, Text
from multinet.diagram.tiles import blocks, detail_of

_MARGIN = 20
_BETWEEN = 72
_POD = 96
_NODE = (170, 300)
_MOST_PLACES = 6
_NOTES = (
    "net1, net2 … are numbered in the order of a pod's annotation; here, of a pod on all networks.",
    "Sizes are as declared.",
)


def layout(found: Diagram) -> Sheet:
    """Place everything; the same for the same diagram."""
    detail = detail_of(found)
    parts = [(trunk, blocks(trunk, detail, len(found.nets))) for trunk in found.trunks]
    left = _MARGIN + _POD + _BETWEEN
    grid = Grid.of(found, [block for _, part in parts for block in part], left, detail)
    frames = [primary_frame(found, grid)]
    for trunk, part in parts:
        y = frames[-1].box.y + frames[-1].box.height + GAP
        frames.append(trunk_frame(trunk, part, grid, y))
    bottom = frames[-1].box.y + frames[-1].box.height
    nodes = _nodes(found.places, frames, left + grid.width + _BETWEEN, bottom)
    wide = max(s.x + s.width for s in nodes if isinstance(s, Box)) + _MARGIN
    room = wide - 2 * _MARGIN
    heading: list[Shape] = [
        Text(_MARGIN, 34, found.title, "title", room),
        Text(_MARGIN, 56, found.summary, "note", room),
        *(Text(_MARGIN, bottom + 28 + i * ROW, n, "note", room) for i, n in enumerate(_NOTES)),
    ]
    shapes = [*heading, *_pod(frames, bottom)]
    for frame in frames:
        shapes += frame.shapes
    shapes += nodes
    shapes.sort(key=_level)
    high = bottom + 28 + len(_NOTES) * ROW
    return Sheet(wide, high, found.title, found.summary, tuple(shapes))


def _level(shape: Shape) -> int:
    """Frames lie lowest, then lines, boxes that lines end at, and what is written."""
    if isinstance(shape, Line):
        return 1
    if isinstance(shape, Box):
        return 2 if shape.look in ("net", "stripe", "node") else 0
    return 3


def _pod(frames: Sequence[Frame], bottom: int) -> list[Shape]:
    """The pod, as high as all frames, so that its interfaces are level with their networks."""
    box = Box(_MARGIN, TOP, _POD, bottom - TOP, "pod")
    shapes: list[Shape] = [box, Text(_MARGIN + PAD, TOP + 20, "pod", "name", _POD - 2 * PAD)]
    edge = _MARGIN + _POD
    for frame in frames:
        for x, y, name in frame.inlets:
            shapes += [Line(edge, x, y, _look(frame)), Dot(edge, y, _look(frame))]
            shapes.append(Dot(x, y, _look(frame)))
            shapes.append(Text(edge - PAD, y + 4, name, "port", _POD - 2 * PAD, True))
    return shapes


def _nodes(places: Sequence[Place], frames: Sequence[Frame], x: int, bottom: int) -> list[Shape]:
    """Nodes that are alike as one box, as high as all frames: level with the links they have."""
    shapes: list[Shape] = []
    edge = x - _BETWEEN
    last: dict[int, int] = {}
    for place in _columns(places):
        has = [f for f in frames if f.places is None or set(place.key.split()) & {*f.places}]
        titles = [place.title, *(f.port for f in has), *(f.detail for f in has)]
        wide = max(width(title, NORMAL, bold=True) for title in titles) + 2 * PAD
        wide = min(_NODE[1], max(_NODE[0], wide))
        room = wide - 2 * PAD
        shapes.append(Box(x, TOP, wide, bottom - TOP, "node", ", ".join(place.names)))
        shapes.append(Text(x + wide - PAD, TOP + 20, place.title, "name", room, True))
        for frame in has:
            level = outlet(frame.box)
            last[level] = x
            shapes.append(Dot(x, level, _look(frame)))
            shapes.append(Text(x + PAD, level + 4, frame.port, "port", room))
            if frame.detail:
                shapes.append(Text(x + PAD, level + 4 + ROW, frame.detail, "note", room))
        x += wide + _BETWEEN // 2
    for frame in frames:
        level = outlet(frame.box)
        if level in last:  # behind the nodes that do not have it
            shapes.append(Line(edge, last[level], level, _look(frame)))
            shapes.append(Dot(edge, level, _look(frame)))
    return shapes


def _columns(places: Sequence[Place]) -> list[Place]:
    """One for each kind of nodes; of very many the rest together."""
    if len(places) <= _MOST_PLACES:
        return [*places]
    rest = places[_MOST_PLACES - 1 :]
    names = tuple(name for place in rest for name in place.names)
    title = words.count(len(names), "more node") if names else "other nodes"
    together = Place(" ".join(place.key for place in rest), names, title)
    return [*places[: _MOST_PLACES - 1], together]


def _look(frame: Frame) -> str:
    return "primary-line" if frame.places is None else "line"

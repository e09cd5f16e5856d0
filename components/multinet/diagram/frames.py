"""A link's frame with its networks, and the primary's: boxes, texts, and where lines meet them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from multinet.diagram import words
from multinet.diagram.fit import width
from multinet.diagram.model import Diagram, Trunk
from multinet.diagram.shapes import NORMAL, SMALL, Box, Shape, Text
from multinet.diagram.tiles import Block, Detail, Tile

TOP = 84
GAP = 12
PAD = 12
ROW = 18
HEAD = 26
_TILE = {Detail.FULL: (260, 400), Detail.COMPACT: (200, 290), Detail.SUMS: (180, 260)}
_COLUMNS = {Detail.FULL: 1, Detail.COMPACT: 3, Detail.SUMS: 4}


@dataclasses.dataclass(frozen=True)
class Grid:
    """How tiles stand in every frame: x of the frame, a tile's width, tiles side by side."""

    x: int
    tile: int
    columns: int
    detail: Detail

    @property
    def inner(self) -> int:
        """Width of the tiles of a row, with their gaps."""
        return self.columns * self.tile + (self.columns - 1) * GAP

    @property
    def width(self) -> int:
        """Of a frame."""
        return self.inner + 4 * PAD

    @classmethod
    def of(cls, found: Diagram, parts: Sequence[Block], x: int, detail: Detail) -> Grid:
        """As wide as the longest line needs, within what the detail allows."""
        columns = min(_COLUMNS[detail], max([1, *(len(block.tiles) for block in parts)]))
        return cls(x, _tile_width(found, parts, detail), columns, detail)


@dataclasses.dataclass(frozen=True)
class Frame:
    """A link's frame, or the primary's.

    Attributes:
        inlets: x, y and name of each interface of the pod that leads to it.
        port, detail: what it is called on a node. places: keys of those; None: every node.
    """

    box: Box
    shapes: list[Shape]
    inlets: list[tuple[int, int, str]]
    port: str
    detail: str
    places: tuple[str, ...] | None


def _tile_width(found: Diagram, parts: Sequence[Block], detail: Detail) -> int:
    least, most = _TILE[detail]
    texts = [width(line, SMALL) for b in parts for t in b.tiles for line in t.lines]
    texts += [
        width(t.title, NORMAL, bold=True) + (width(t.tag, SMALL) + PAD if t.tag else 0)
        for b in parts
        for t in b.tiles
    ]
    texts += [width(line, SMALL) for line in _primary_lines(found)]
    return min(most, max([least, *(text + 2 * PAD for text in texts)]))


def _primary_lines(found: Diagram) -> list[str]:
    primary = found.primary
    return [*primary.cidrs, words.count(primary.addresses, "address")]


def primary_frame(found: Diagram, grid: Grid) -> Frame:
    """The cluster's own network, first of all."""
    lines, x = _primary_lines(found), grid.x
    box = Box(x, TOP, grid.width, HEAD + len(lines) * ROW + PAD, "primary")
    room = grid.width - 2 * PAD
    shapes = _head(box, found.primary.plugin, "cluster network")
    for i, line in enumerate(lines):
        shapes.append(Text(x + PAD, TOP + HEAD + 14 + i * ROW, line, "text", room))
    return Frame(box, shapes, [(x, outlet(box), "eth0")], found.primary.conf_file, "", None)


def _head(box: Box, title: str, tag: str) -> list[Shape]:
    """A frame with its title on the left and its tag on the right."""
    room, taken = box.width - 2 * PAD, width(tag, SMALL)
    return [
        box,
        Text(box.x + PAD, box.y + 20, title, "name", room - taken - GAP),
        Text(box.x + box.width - PAD, box.y + 20, tag, "tag", taken, True),
    ]


def trunk_frame(trunk: Trunk, part: list[Block], grid: Grid, y: int) -> Frame:
    """A link's networks, from y downwards."""
    x = grid.x
    shapes: list[Shape] = []
    inlets: list[tuple[int, int, str]] = []
    at = y + HEAD + 6
    for block in part:
        high, drawn, ends = _block(block, grid, at)
        shapes += drawn
        inlets += ends if grid.detail is Detail.FULL else []
        at += high + GAP
    box = Box(x, y, grid.width, at - y, "frame")
    if grid.detail is not Detail.FULL:
        inlets = [(x, y + 44, "net …")]
    head = _head(box, trunk.title, words.count(len(trunk.nets), "network"))
    return Frame(box, head + shapes, inlets, trunk.title, trunk.detail, trunk.places)


def _block(block: Block, grid: Grid, y: int) -> tuple[int, list[Shape], list[tuple[int, int, str]]]:
    """Height, shapes and inlets of a block; with a frame of its own where it has a title."""
    x, columns = grid.x + PAD, grid.columns
    shapes: list[Shape] = []
    inlets: list[tuple[int, int, str]] = []
    at = y + (ROW + 4 if block.title else 0)
    for start in range(0, len(block.tiles), columns):
        row = block.tiles[start : start + columns]
        high = max(_tile_height(t) for t in row)
        for i, each in enumerate(row):
            left = x + PAD + i * (grid.tile + GAP)
            shapes += _tile(each, Box(left, at, grid.tile, high, "net", each.whole))
            inlets.append((left, at + high // 2, each.interface))
        at += high + GAP
    if not block.title:
        return at - GAP - y, shapes, inlets
    box = Box(x, y, grid.inner + 2 * PAD, at - y, "segment")
    title = Text(x + PAD, y + 15, block.title, "tag", grid.inner)
    return at - y, [box, title, *shapes], inlets


def _tile_height(tile: Tile) -> int:
    return HEAD + len(tile.lines) * ROW + 6


def _tile(tile: Tile, box: Box) -> list[Shape]:
    x, y, wide = box.x, box.y, box.width
    tag = width(tile.tag, SMALL) if tile.tag else 0
    room = wide - 2 * PAD
    name = room - (tag + GAP if tag else 0)
    shapes: list[Shape] = [box, Box(x, y, 4, box.height, "stripe")]
    shapes.append(Text(x + PAD, y + 19, tile.title, "name", name))
    if tile.tag:
        shapes.append(Text(x + wide - PAD, y + 19, tile.tag, "tag", tag, True))
    for i, line in enumerate(tile.lines):
        shapes.append(Text(x + PAD, y + HEAD + 12 + i * ROW, line, "text", room))
    return shapes


def outlet(box: Box) -> int:
    """The height at which a frame's line to the nodes leaves it: below the nodes' title."""
    return box.y + min(box.height // 2 + 8, 64)

"""A diagram as Mermaid text, which GitHub, GitLab and many editors draw."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.diagram import words
from multinet.diagram.model import Diagram, Trunk
from multinet.diagram.tiles import Detail, Tile, blocks, detail_of


def mermaid(found: Diagram) -> str:
    """A flowchart, without the fence around it; the same bytes for the same diagram."""
    return "\n".join(_lines(found))


def _lines(found: Diagram) -> Iterator[str]:
    primary = found.primary
    yield "flowchart LR"
    yield '  pod(["pod"])'
    label = [primary.plugin, *primary.cidrs, words.count(primary.addresses, "address")]
    yield f"  primary[{_label(label)}]"
    yield "  pod -- eth0 --> primary"
    detail = detail_of(found)
    for i, trunk in enumerate(found.trunks, start=1):
        yield from _trunk(f"link{i}", trunk, detail, len(found.nets))
    for place in found.places:
        yield f"  {place.key}[[{_label([place.title])}]]"
        yield f"  primary --> {place.key}"
        for i, trunk in enumerate(found.trunks, start=1):
            if place.key in trunk.places:
                yield f"  link{i} --> {place.key}"


def _trunk(key: str, trunk: Trunk, detail: Detail, total: int) -> Iterator[str]:
    title = [trunk.title, trunk.detail] if trunk.detail else [trunk.title]
    yield f"  subgraph {key}[{_label(title)}]"
    number = 0
    asked: list[str] = []
    for b, block in enumerate(blocks(trunk, detail, total), start=1):
        indent = "    "
        if block.title:
            yield f"    subgraph {key}s{b}[{_label([block.title])}]"
            indent = "      "
        for tile in block.tiles:
            number += 1
            yield f"{indent}{key}n{number}[{_label(_told(tile))}]"
            if detail is Detail.FULL:
                asked.append(f"  pod -. {tile.interface} .-> {key}n{number}")
        if block.title:
            yield "    end"
    yield "  end"
    yield from asked or [f"  pod -. net .-> {key}"]


def _told(tile: Tile) -> list[str]:
    return [f"{tile.title} ({tile.tag})" if tile.tag else tile.title, *tile.lines]


def _label(lines: list[str]) -> str:
    return '"' + "<br/>".join(_escaped(line) for line in lines) + '"'


def _escaped(text: str) -> str:
    """Text without characters that end a Mermaid label, or are taken for markup."""
    return "".join(c if c.isalnum() or c in " .,-–_:;/@=·…()^'" else "_" for c in text)

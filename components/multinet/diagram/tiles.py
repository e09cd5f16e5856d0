"""What a picture writes on each network, in as much detail as its size allows."""

from __future__ import annotations

import dataclasses
import enum
import itertools
from collections.abc import Iterable

from multinet.cni.config import PROVIDED
from multinet.diagram import words
from multinet.diagram.model import L2, Diagram, Net, Trunk

_FEW = 8
_MANY = 96
_SUMS = 48
_MOST_RANGES = 3
_MOST_NODES = 4
_OTHERS = {
    "": "no addresses of its own",
    PROVIDED: "addresses of each node's own",
    "dhcp": "addresses of a DHCP server",
    "static": "addresses that pods ask for",
}


class Detail(enum.Enum):
    """How much is said: of a few networks everything; of hundreds, sums."""

    FULL = "full"
    COMPACT = "compact"
    SUMS = "sums"


@dataclasses.dataclass(frozen=True)
class Tile:
    """One box: a network, or several of neighbouring segments.

    Attributes:
        title: what stands first. tag: beside it, its VLAN. lines: what follows.
        interface: of a pod; empty where the tile is several networks.
        whole: the title unabridged, shown when pointed at.
    """

    title: str
    lines: tuple[str, ...]
    tag: str = ""
    interface: str = ""
    whole: str = ""


@dataclasses.dataclass(frozen=True)
class Block:
    """Tiles that stand together; title: of the segment that they share, empty: none."""

    title: str
    tiles: tuple[Tile, ...]


def detail_of(found: Diagram) -> Detail:
    """The detail that stays legible."""
    number = len(found.nets)
    return Detail.FULL if number <= _FEW else Detail.COMPACT if number <= _MANY else Detail.SUMS


def blocks(trunk: Trunk, detail: Detail, total: int) -> list[Block]:
    """A link's networks, as blocks of tiles; `total`: networks in the whole picture."""
    if detail is Detail.SUMS:
        return [Block("", tuple(_sums(trunk, total)))]
    if detail is Detail.FULL:
        return [Block(segment(s), tuple(_full(net) for net in s.nets)) for s in trunk.segments]
    found: list[Block] = []
    for alone, group in itertools.groupby(trunk.segments, lambda s: len(s.nets) == 1):
        if alone:
            found.append(Block("", tuple(_compact(s.nets[0], _tag(s)) for s in group)))
        else:
            found += [Block(segment(s), tuple(_compact(n) for n in s.nets)) for s in group]
    return found


def segment(found: L2) -> str:
    """A segment's name within its frame."""
    return f"L2 segment, {_tag(found) or 'untagged'}"


def _tag(found: L2) -> str:
    """What tells a segment from the others of its frame; empty: the untagged one."""
    vlan = f"VLAN {found.vlan}" if found.vlan else ""
    return " ".join(part for part in (found.link, vlan) if part)


def _full(net: Net) -> Tile:
    ranges = list(net.ranges[:_MOST_RANGES])
    if len(net.ranges) > _MOST_RANGES:
        ranges.append(f"and {words.count(len(net.ranges) - _MOST_RANGES, 'more range')}")
    lines = [_made_by(net), *ranges, size(net)]
    lines += [" · ".join(x for x in (net.link, f"MTU {net.mtu}" if net.mtu else "") if x)]
    lines += [f"on nodes with {net.selector}" if net.selector else ""]
    lines += map(str, net.own[:_MOST_NODES])
    if len(net.own) > _MOST_NODES:
        lines.append(f"and {words.count(len(net.own) - _MOST_NODES, 'more node')}")
    shown = tuple(line for line in lines if line)
    return Tile(net.reference, shown, "", net.interface, net.reference)


def _compact(net: Net, tag: str = "") -> Tile:
    first = net.ranges[0] if net.ranges else ""
    if len(net.ranges) > 1:
        first += f" and {len(net.ranges) - 1} more"
    lines = (_made_by(net), first or size(net))
    return Tile(net.reference, lines, tag, net.interface, net.reference)


def _made_by(net: Net) -> str:
    return f"{net.plugins} · {net.ipam}" if net.ipam not in ("", PROVIDED) else net.plugins


def size(net: Net) -> str:
    """How many addresses it has, as declared."""
    if net.addresses is None:
        return _OTHERS.get(net.ipam, f"addresses by {net.ipam}")
    where = f" on each of {words.count(net.blocks, 'node')}" if net.blocks else " on each node"
    return words.count(net.addresses, "address") + (where if net.per_node else "")


def _sums(trunk: Trunk, total: int) -> list[Tile]:
    """Neighbouring segments together, so that the whole picture has some fifty tiles.

    A tile does not span a gap in the VLANs, unless they are scattered.
    """
    step = -(-total // _SUMS)
    groups = _neighbours(trunk.segments, step, gap=step)
    if len(groups) > _MANY:
        groups = _neighbours(trunk.segments, step, gap=None)
    return [_sum(group) for group in groups]


def _neighbours(segments: Iterable[L2], step: int, gap: int | None) -> list[list[L2]]:
    groups: list[list[L2]] = []
    for found in segments:
        if not groups or _apart(groups[-1], found, step, gap):
            groups.append([])
        groups[-1].append(found)
    return groups


def _apart(group: list[L2], found: L2, step: int, gap: int | None) -> bool:
    last = group[-1]
    full = sum(len(segment.nets) for segment in group) >= step
    # What is untagged is never one of a run of VLANs.
    jump = gap is not None and found.vlan - last.vlan > gap
    return full or jump or bool(_tag(last)) != bool(_tag(found))


def _sum(segments: list[L2]) -> Tile:
    nets = [net for found in segments for net in found.nets]
    if len(nets) == 1:
        return _compact(nets[0], _tag(segments[0]))
    first, last = _tag(segments[0]), _tag(segments[-1])
    tag = first if first == last else f"{first} – {last.removeprefix('VLAN ')}"
    hint = f"{nets[0].reference} to {nets[-1].reference}"
    kinds = ", ".join(dict.fromkeys(net.plugins for net in nets))
    known = [net.addresses for net in nets if net.addresses is not None]
    lines = (
        f"{words.count(len(nets), 'network')} · {kinds}",
        words.count(sum(known), "address") if known else "",
    )
    return Tile(tag or "untagged", tuple(x for x in lines if x), "", "", hint)

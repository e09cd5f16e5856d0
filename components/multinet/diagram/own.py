"""What each node has of a network that is not the same on all, in a picture's words."""

from __future__ import annotations

import dataclasses
import ipaddress
import json
from collections.abc import Mapping

from multinet.networks.settings import NetworkSettings


@dataclasses.dataclass(frozen=True)
class Own:
    """What a node has of a network: its blocks, e.g. `10.50.0.64/26`, and keys that differ there."""

    node: str
    blocks: tuple[str, ...]
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.node}: {', '.join((*self.blocks, *self.keys))}"


def own(network: NetworkSettings, numbers: Mapping[str, int]) -> tuple[Own, ...]:
    """Of each node that has something of its own, those with a number first, by it.

    `numbers`: node → its number, as far as it is known.
    """
    blocks = network.blocks
    if blocks is None:
        return ()
    found = []
    for node in sorted({*numbers, *blocks.nodes}, key=lambda n: (numbers.get(n, 1 << 32), n)):
        number = numbers.get(node)
        runs = blocks.of(number) if number is not None else []
        cut = tuple(
            str(ipaddress.ip_network((run.first, one.prefix), strict=False))
            for run, one in zip(runs, blocks.cuts, strict=False)
        )
        if blocks.cuts and number is not None and not cut:
            cut = (f"no block, number {number}",)
        keys = tuple(f"{key} {_text(value)}" for key, value in blocks.nodes.get(node, {}).items())
        if cut or keys:
            found.append(Own(node, cut, keys))
    return tuple(found)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

"""A network's addresses cut into blocks, one for each node. Pure.

A node has a number, the same in every network, and its block is the one of that number: the
first, the second … whole block of the range. So a range that grows at its end moves no block.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from multinet.cni.config import NetworkConfig
from multinet.cni.ranges import AddressRange
from multinet.cni.types import Address

MOST = 1 << 16
"""Numbers of nodes: more blocks of a range than that are of no use to anybody."""

_FEWEST_BITS = 2
"""Of an address within a block: four addresses."""


@dataclasses.dataclass(frozen=True, slots=True)
class Cut:
    """A range of a network, and how it is cut.

    Attributes:
        range: all that the network hands out, with the path to it.
        prefix: length of a block's prefix.
        first: address of the first whole block.
        count: of whole blocks, at most MOST.
    """

    range: AddressRange
    prefix: int
    first: Address
    count: int

    @property
    def shift(self) -> int:
        """A block has 2 to the power of it addresses."""
        return self.first.max_prefixlen - self.prefix

    def block(self, number: int) -> AddressRange | None:
        """What the node of that number hands out; None: there is no such block."""
        if not 0 <= number < self.count:
            return None
        make, size = type(self.first), 1 << self.shift
        start = int(self.first) + number * size
        first = max(start, int(self.range.first))
        last = min(start + size - 1, int(self.range.last))
        return dataclasses.replace(self.range, first=make(first), last=make(last))

    def __str__(self) -> str:
        """What of it is cut into how many blocks: `16 /28 of 10.1.0.0-10.1.0.255/16`."""
        return f"{self.count} /{self.prefix} of {self.range}"


def cut(whole: AddressRange, prefix: int) -> Cut:
    """The whole blocks of that prefix length in a range.

    A subnet's first address and its broadcast address are in no range, and their blocks are whole
    all the same: they lack an address.
    """
    bits, size = whole.first.max_prefixlen, 1 << (whole.first.max_prefixlen - prefix)
    first, last = int(whole.first), int(whole.last)
    net, broadcast = int(whole.subnet.network_address), int(whole.subnet.broadcast_address)
    first = net if first == net + 1 else first
    last = broadcast if bits == 32 and last == broadcast - 1 else last
    start = -(-first // size) * size
    count = max(0, (last + 1 - start) // size)
    make = type(whole.first)
    if start >= 1 << bits:
        start = first
    return Cut(whole, prefix, make(start), min(count, MOST))


def usable(version: int, prefix: int, within: int) -> bool:
    """Whether blocks of that prefix length are of use in a network of the other one."""
    return within <= prefix <= (32 if version == 4 else 128) - _FEWEST_BITS


@dataclasses.dataclass(frozen=True)
class Blocks:
    """What a network is on each node.

    Attributes:
        config: of the network, as if all of it were one node's.
        cuts: of each of its ranges, in the order of the configuration.
        nodes: node → its own keys, in place of those of the plugin that makes the interface.
    """

    config: NetworkConfig
    cuts: Sequence[Cut]
    nodes: Mapping[str, Mapping[str, Any]]

    @property
    def count(self) -> int:
        """Of nodes that can have a block of each range."""
        return min((c.count for c in self.cuts), default=0)

    def of(self, number: int) -> list[AddressRange]:
        """The blocks of the node of that number; empty: it has none."""
        found = [c.block(number) for c in self.cuts]
        return [block for block in found if block is not None] if all(found) else []

    def on(self, name: str, node: str, ends: Iterable[tuple[str, str]]) -> str:
        """JSON of the network `name` on a node, with these first and last addresses."""
        raw = dict(merged(self.config, self.nodes.get(node, {})))
        given = list(ends)
        for path, ipam in self.config.addressing:
            number = len(ipam.address_ranges())
            if number:
                at = self.config.written(path)
                _put(raw, at, ipam.narrowed(_get(raw, at), given[:number]))
                given = given[number:]
        return dataclasses.replace(self.config, raw=raw).to_json(name)


def merged(config: NetworkConfig, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """The configuration as it is on a node that has keys of its own. A copy."""
    raw: dict[str, Any] = _copied(config.raw)
    at = _get(raw, config.written(config.main_path))
    spelled = {key.lower(): key for key in at}
    for key, value in own.items():
        at.pop(spelled.get(key.lower()), None)
        at[key] = _copied(value)
    return raw


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _get(raw: Any, path: Sequence[Any]) -> Any:
    for key in path:
        raw = raw[key]
    return raw


def _put(raw: Any, path: Sequence[Any], value: Any) -> None:
    _get(raw, path[:-1])[path[-1]] = value

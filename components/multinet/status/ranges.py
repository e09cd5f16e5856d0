"""How full a network's ranges are. Pure.

What is used is counted from the pods that have it. Books say more: what nobody has any more. Those of
whereabouts are in the API server; those of host-local, on the nodes' disks, count where they were read.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.cni.ipam.static import Static
from multinet.cni.ranges import AddressRange
from multinet.cni.types import Address, Subnet
from multinet.networks.checks.view import NetworkView, Use
from multinet.status.attached import Attached
from multinet.status.books import Entry
from multinet.status.pools import Leak, Pools


@dataclasses.dataclass(frozen=True)
class RangeUse:
    """A range, or what one node hands out of it.

    Attributes:
        range: as people write it: a subnet, or first and last address.
        node: that hands it out without knowing of the others; empty: it is the cluster's.
        size: addresses that can be handed out.
        used: those that pods have, or that the books keep for somebody.
        leaks: entries of the books that no pod has.
    """

    range: str
    node: str
    size: int
    used: int
    leaks: tuple[Leak | Entry, ...] = ()

    @property
    def free(self) -> int:
        """Addresses that are left."""
        return max(self.size - self.used, 0)

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return min(self.used / self.size, 1.0) if self.size else 1.0

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "range": self.range,
            "node": self.node or None,
            "size": self.size,
            "used": self.used,
            "free": self.free,
            "leaked": [leak.as_dict() for leak in self.leaks],
        }


@dataclasses.dataclass(frozen=True)
class Whole:
    """All that a network hands out of one subnet.

    Attributes:
        per_node: whether each node hands it out without knowing of the others.
    """

    subnet: Subnet
    per_node: bool
    uses: tuple[Use, ...]

    @property
    def runs(self) -> list[AddressRange]:
        """The parts of the subnet."""
        return [use.range for use in self.uses]

    @property
    def size(self) -> int:
        """Addresses that can be handed out."""
        runs = self.runs
        return sum(run.size for run in runs) - len(_left_out(self.uses, runs))

    @property
    def text(self) -> str:
        """As people write it: the subnet, or first and last address."""
        return _shown(self.subnet, self.runs)


def wholes_of(view: NetworkView) -> list[Whole]:
    """What a network hands out, subnet by subnet; nothing where others decide (dhcp, static)."""
    by_subnet: dict[tuple[Subnet, bool], list[Use]] = {}
    for use in view.uses:
        if not isinstance(use.ipam, Static):
            by_subnet.setdefault((use.range.subnet, use.ipam.per_node), []).append(use)
    return [Whole(subnet, each, tuple(uses)) for (subnet, each), uses in by_subnet.items()]


def ranges_of(
    view: NetworkView,
    here: Sequence[Attached],
    nodes: Mapping[str, int | None],
    pools: Pools,
    kept: Sequence[Entry] = (),
) -> list[RangeUse]:
    """How full each of a network's ranges is; empty where others decide (dhcp, static).

    Args:
        here: interfaces on the network.
        nodes: those that pods of the network can land on, each with its number, by which it has
            its block where the network is cut.
        kept: what the nodes' own books have of the network, where they were read.
    """
    found: list[RangeUse] = []
    for whole in wholes_of(view):
        subnet, uses, runs, text, size = (
            whole.subnet,
            whole.uses,
            whole.runs,
            whole.text,
            whole.size,
        )
        having = {
            (a.node, ip) for a in here for ip in a.addresses if any(ip in run for run in runs)
        }
        if whole.per_node:
            books = [entry for entry in kept if any(entry.address in run for run in runs)]
            gone = [entry for entry in books if entry.gone]
            used_there = having | {(entry.node, entry.address) for entry in books}
            counts = Counter(node for node, _ in used_there)
            for node in _both([*nodes], counts):
                own = _block(view, subnet, nodes.get(node))
                if own is not None:
                    size = sum(run.size for run in own) - len(_left_out(uses, own))
                    text = _shown(subnet, own) if own else "no block"
                lost = tuple(entry for entry in gone if entry.node == node)
                found.append(RangeUse(text, node, size, counts[node], lost))
            continue
        booked = list(pools.booked(uses[0].ipam, subnet, runs))
        leaks = tuple(b for b in booked if b.gone)
        used = {ip for _, ip in having} | {b.address for b in booked}
        found.append(RangeUse(text, "", size, len(used), leaks))
    return found


def _block(view: NetworkView, subnet: Subnet, number: int | None) -> list[AddressRange] | None:
    """What of a subnet a node of that number hands out; None: all of it."""
    if view.blocks is None or not any(one.range.subnet == subnet for one in view.blocks.cuts):
        return None
    own = view.blocks.of(number) if number is not None else []
    return [block for block in own if block.subnet == subnet]


def _left_out(uses: Sequence[Use], runs: Sequence[AddressRange]) -> set[Address]:
    return {a for use in uses for a in use.ipam.excluded() if any(a in run for run in runs)}


def _both(nodes: Sequence[str], counts: Mapping[str, int]) -> Iterator[str]:
    """Nodes that can hand out, then those that did and cannot any more."""
    yield from dict.fromkeys([*nodes, *sorted(counts)])


def _shown(subnet: Subnet, runs: Sequence[AddressRange]) -> str:
    """The subnet where next to all of it is handed out, else its parts."""
    if sum(run.size for run in runs) >= subnet.num_addresses - 3 or len(runs) > 2:
        return str(subnet)
    return ", ".join(
        str(run.first) if run.first == run.last else f"{run.first}-{run.last}" for run in runs
    )

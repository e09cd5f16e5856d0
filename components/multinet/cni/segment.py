"""Where packets of networks meet."""

from __future__ import annotations

import dataclasses

from multinet.cni.types import Interface


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """Where packets of a network meet, as far as the configuration shows it.

    Two networks on equal segments see each other's addresses.

    Attributes:
        parent: the node's link it hangs on, e.g. `eth0` or `br1`; empty for the default route's.
        vlan: VLAN on that link; 0: untagged.
        kind: `link`; `routed` where the node's routes join the pods (ptp); `resource` where
            a device plugin picks the link.
        shared: whether several nodes are on it (macvlan on a NIC: yes; a bridge that the
            plugin makes: no, every node has its own). Not part of equality.
    """

    parent: str
    vlan: int = 0
    kind: str = "link"
    shared: bool = dataclasses.field(default=True, compare=False)

    def __str__(self) -> str:
        names = {"routed": "the node's routes", "resource": f"resource {self.parent}"}
        where = names.get(self.kind) or self.parent or "the default route's interface"
        return f"{where}, VLAN {self.vlan}" if self.vlan else where


def link_segment(parent: str, vlan: int = 0, *, shared: bool = True) -> Segment:
    """A segment on a link, reading `eth0.100` as VLAN 100 on `eth0`, as everybody names it."""
    base, dot, tag = parent.rpartition(".")
    if not vlan and dot and base and tag.isascii() and tag.isdigit() and 0 < int(tag) < 4095:
        return Segment(base, int(tag), shared=shared)
    return Segment(parent, vlan, shared=shared)


@dataclasses.dataclass(frozen=True, slots=True)
class LinkAddress:
    """An address that a plugin gives a link of the node.

    Attributes:
        interface: the address with its prefix length.
        certain: with every pod, not only with those that get an address of one range of several.
        force: in place of what is there.
    """

    interface: Interface
    certain: bool
    force: bool

"""Which pods on a network can talk to each other, by what its plugins do. Pure.

Sources: the reference plugins v1.9.1, and the kernel's macvlan and ipvlan drivers: a macvlan in
private mode drops, and one in vepa mode sends to the switch, what is for its siblings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Final

from multinet.cni.plugins import Bridge, Firewall, Macvlan
from multinet.cni.plugins.base import PluginConf


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """Whether two pods can talk: True: they must; None: it may be tried; False: they cannot.

    Attributes:
        across: pods on different nodes.
        same_node: pods on one node.
        why: why not, where both are False.
    """

    across: bool | None
    same_node: bool | None
    why: str = ""

    def between(self, one: str, other: str) -> bool | None:
        """For pods on the nodes of these names."""
        return self.same_node if one == other else self.across


def nobody(why: str) -> Reach:
    """No two pods."""
    return Reach(across=False, same_node=False, why=why)


_EVERYBODY: Final = Reach(across=True, same_node=True)
_UNKNOWN: Final = Reach(across=None, same_node=None)

_BY_TYPE: Final = {
    "dummy": nobody("a dummy interface leads nowhere"),
    "tap": nobody("a tap device waits for the program that opens it"),
    "vlan": Reach(across=True, same_node=False),
    "host-device": Reach(across=None, same_node=False),
    "ptp": Reach(across=False, same_node=True),
    "sriov": Reach(across=True, same_node=None),
}
_MACVLAN: Final = {
    "private": Reach(across=True, same_node=False),
    "vepa": Reach(across=True, same_node=None),
    "passthru": Reach(across=True, same_node=False),
}


def reach_of(
    plugins: Sequence[PluginConf],
    main: PluginConf,
    addressed: bool,
    alone: str,
    uplinked: set[str],
) -> Reach:
    """Which pods on the network can talk to each other.

    Args:
        addressed: whether pods get addresses.
        alone: why there is only one pod at a time; empty: there can be several.
        uplinked: bridges of the nodes that have a network card as a port.
    """
    if not addressed:
        return nobody("no address")
    if alone:
        return nobody(alone)
    if any(p.type == "vrf" for p in plugins):
        return nobody("its interface is in a VRF")
    if any(isinstance(p, Firewall) and p.ingress_policy == "isolated" for p in plugins):
        return nobody("its firewall isolates pods")
    if isinstance(main, Bridge):
        return Reach(across=(main.bridge or "") in uplinked, same_node=not main.port_isolation)
    if getattr(main, "link_in_container", None):
        return _UNKNOWN
    if isinstance(main, Macvlan):
        return _MACVLAN.get(main.mode or "", _EVERYBODY)
    if main.type == "ipvlan":
        routed = (getattr(main, "mode", None) or "l2") != "l2"
        return Reach(across=None, same_node=True) if routed else _EVERYBODY
    return _BY_TYPE.get(main.type, _UNKNOWN)

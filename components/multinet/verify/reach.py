"""Which pods on a network can talk to each other, by what its plugins do together. Pure."""

from __future__ import annotations

from collections.abc import Collection

from multinet.cni.config import NetworkConfig
from multinet.cni.reach import Reach, nobody


def reach_of(
    config: NetworkConfig, uplinked: Collection[str], *, addressed: bool, alone: str
) -> Reach:
    """Which pods on the network can talk to each other.

    Args:
        uplinked: bridges of the nodes that have a network card as a port.
        addressed: whether pods get addresses.
        alone: why there is only one pod at a time; empty: there can be several.
    """
    if not addressed:
        return nobody("no address")
    if alone:
        return nobody(alone)
    why = next((why for plugin in config.plugins if (why := plugin.isolates())), "")
    return nobody(why) if why else config.main.reach(uplinked)

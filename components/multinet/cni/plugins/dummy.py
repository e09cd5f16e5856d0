"""dummy: an interface that leads nowhere, for an address of the pod's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.reach import Reach, nobody


class Dummy(PluginConf):
    """dummy of the CNI reference plugins v1.9.1. No keys of its own; IPAM is required."""

    IPAM: ClassVar[Ipam] = Ipam.REQUIRED
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/dummy"

    type: Literal["dummy"] = "dummy"

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Nobody."""
        del uplinked
        return nobody("a dummy interface leads nowhere")

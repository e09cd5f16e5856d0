"""loopback: sets the pod's `lo` up."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf


class Loopback(PluginConf):
    """loopback of the CNI reference plugins v1.9.1. No keys of its own, no IPAM."""

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/loopback"

    type: Literal["loopback"] = "loopback"

    def untried(self) -> str:
        """Pods have their `lo` already."""
        return "it makes no interface of its own"

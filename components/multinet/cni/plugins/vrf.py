"""vrf: a routing domain of its own in the pod for the interface."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import InterfaceName, Uint32


class Vrf(PluginConf):
    """vrf of the CNI reference plugins v1.9.1; chained."""

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    MIN_CNI_VERSION: ClassVar[str] = "0.3.1"
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/vrf"

    type: Literal["vrf"] = "vrf"
    vrfname: InterfaceName
    """The VRF's interface."""
    table: Uint32 | None = None
    """Its routing table (0: a free one)."""

    def isolates(self) -> str:
        """Programs reach the interface only from within the VRF."""
        return "its interface is in a VRF"

    @property
    def moves_routes(self) -> bool:
        """They go to the VRF's table."""
        return True

    def past_rules(self) -> str:
        """Rules for what comes in see the VRF's name in the place of the interface's.

        Documentation/networking/vrf.rst; drivers/net/vrf.c.
        """
        return f"what comes in on it is VRF {self.vrfname}'s to the pod's rules"

"""ipvlan: the node's MAC address and an IP address of its own for each pod."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.segment import Segment, link_segment
from multinet.cni.types import EthernetMtu, OptionalInterfaceName


class Ipvlan(PluginConf):
    """ipvlan of the CNI reference plugins v1.9.1.

    `master`: link of the node; when absent, the interface of the plugin before it in a list,
    else the default route's. `mode`: l2 (default), l3 or l3s. `mtu`: bytes, 0: the master's.
    `link_in_container`: look for the master in the pod (false). IPAM is required, except
    after a plugin that has addresses already. There is no `mac`: all share the master's.
    """

    IPAM: ClassVar[Ipam] = Ipam.REQUIRED
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/ipvlan"

    type: Literal["ipvlan"] = "ipvlan"
    master: OptionalInterfaceName | None = None
    mode: Literal["", "l2", "l3", "l3s"] | None = None
    mtu: EthernetMtu | None = None
    link_in_container: bool | None = None

    def segment(self, resource_name: str = "") -> Segment | None:
        """The master's; unknown where the master is in the pod."""
        del resource_name
        return None if self.link_in_container else link_segment(self.master or "")

    def parent_link(self) -> str | None:
        """The master, where it is named and on the node."""
        return None if self.link_in_container else self.master or None

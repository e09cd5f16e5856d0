"""What macvlan, ipvlan and vlan have in common: an interface on a link of the node."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import UNKNOWN, Reach
from multinet.cni.segment import Segment, link_segment
from multinet.cni.types import EthernetMtu, OptionalInterfaceName
from multinet.names import PRIMARY_INTERFACE


class OnLink(PluginConf):
    """A plugin whose interface hangs on a link of the node, or of the pod."""

    INHERITS_MTU: ClassVar[bool] = True

    master: OptionalInterfaceName | None = None
    """The link; absent: the default route's."""
    mtu: EthernetMtu | None = None
    """Bytes, 0 (the master's) to the master's."""
    link_in_container: bool | None = None
    """Look for the master in the pod instead of the node (false)."""

    def segment(self, resource_name: str = "") -> Segment | None:
        """The master's; unknown where the master is in the pod."""
        del resource_name
        return None if self.link_in_container else link_segment(self.master or "")

    def parent_link(self) -> str | None:
        """The master, where it is named and on the node."""
        return None if self.link_in_container else self.master or None

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Unknown where the master is in the pod, else as the link's driver has it."""
        del uplinked
        return UNKNOWN if self.link_in_container else self.reach_on_link()

    def reach_on_link(self) -> Reach:
        """Which pods on one link of the node, or of several nodes on one L2, can talk."""
        return UNKNOWN

    def pod_links(self) -> tuple[str, ...]:
        """The master, where it is in the pod."""
        return (self.master,) if self.link_in_container and self.master else ()

    def untried(self) -> str:
        """A master in the pod that no pod has by itself."""
        if self.link_in_container and self.master not in (PRIMARY_INTERFACE, "lo"):
            return f"its master {self.master} is in the pod (linkInContainer)"
        return ""

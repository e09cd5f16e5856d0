"""macvlan: a MAC address of its own for each pod, on a link of the node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from multinet.cni.plugins.base import PluginConf
from multinet.cni.segment import Segment, link_segment
from multinet.cni.types import EthernetMtu, OptionalInterfaceName, OptionalMac, Uint32


class Macvlan(PluginConf):
    """macvlan of the CNI reference plugins v1.9.1.

    `master`: link of the node; the default route's when absent. `mode`: who of the same
    master can talk to whom (bridge). `mtu`: bytes, 0 (the master's) to the master's. `mac`:
    for a single pod. `link_in_container`: look for the master in the pod instead of the node
    (false). `bcqueuelen`: broadcast queue in packets (kernel's default). IPAM is optional:
    without it the pod configures itself.
    """

    READS_MAC: ClassVar[bool | None] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/macvlan"
    HINTS: ClassVar[Mapping[str, str]] = {
        "vlan": "name the VLAN's link as the master, like eth0.100, or use type vlan",
    }

    type: Literal["macvlan"] = "macvlan"
    master: OptionalInterfaceName | None = None
    mode: Literal["", "bridge", "private", "vepa", "passthru"] | None = None
    mtu: EthernetMtu | None = None
    mac: OptionalMac | None = None
    link_in_container: bool | None = None
    bcqueuelen: Uint32 | None = None

    def segment(self, resource_name: str = "") -> Segment | None:
        """The master's; unknown where the master is in the pod."""
        del resource_name
        return None if self.link_in_container else link_segment(self.master or "")

    def parent_link(self) -> str | None:
        """The master, where it is named and on the node."""
        return None if self.link_in_container else self.master or None

"""macvtap: an interface with a tap device, which a device plugin has made, for virtual machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.segment import Segment
from multinet.cni.types import EthernetMtu

Id = Annotated[int, Field(ge=-1, le=2**32 - 2)]
"""A user or group; -1: as it is."""


class Macvtap(PluginConf):
    """macvtap-cni as of commit 0122d4d, after v0.13.1.

    Its device plugin makes the interface on a link of the node that its own configuration names,
    in the mode that it names, and the network's `resourceName` says which:
    `macvtap.network.kubevirt.io/NAME`. A pod asks for its MAC address with `mac`. It never calls
    an IPAM plugin: whoever opens the tap device has an address of its own. It is no reference
    plugin: its own DaemonSet lays it out.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    READS_MAC: ClassVar[bool | None] = True
    MAX_CNI_VERSION: ClassVar[str] = "0.4.0"
    SOURCE: ClassVar[str] = "kubevirt/macvtap-cni 0122d4d pkg/cni, pkg/util"
    BROUGHT_BY: ClassVar[str] = "macvtap-cni's DaemonSet or KubeVirt's network addons operator"

    UNREAD: ClassVar[Mapping[str, str]] = {"mac": "let a pod ask with mac in its annotation"}

    type: Literal["macvtap"] = "macvtap"
    device_id: str | None = Field(None, alias="deviceID")
    """The device plugin's name of the interface; Multus adds it, by the `resourceName`."""
    mtu: EthernetMtu | None = None
    """Bytes, at most the link's; 0: the link's."""
    promisc_mode: bool | None = None
    """Whether the interface takes all packets (false)."""
    owner: Id | None = None
    """User who may open the tap device (107, KubeVirt's qemu)."""
    group: Id | None = None
    """Group who may open the tap device (107, KubeVirt's qemu)."""

    def needs_device(self) -> bool:
        """Whether it names no interface itself."""
        return not self.device_id

    @property
    def sets_routes(self) -> bool:
        """Never: it has no IPAM."""
        return False

    def segment(self, resource_name: str = "") -> Segment | None:
        """That of the resource's link."""
        return Segment(resource_name, kind="resource") if resource_name else None

    def past_rules(self) -> str:
        """They go to whoever opens the device."""
        return "its frames go to a program in the pod, past the pod's rules"

"""vlan: a VLAN of a node's link, moved into the pod: one pod per node and VLAN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import Ipam
from multinet.cni.plugins.on_link import OnLink
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment
from multinet.cni.types import InterfaceName, VlanId
from multinet.findings import Path


class Vlan(OnLink):
    """vlan of the CNI reference plugins v1.9.1.

    IPAM is required.
    """

    IPAM: ClassVar[Ipam] = Ipam.REQUIRED
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/vlan"
    HINTS: ClassVar[Mapping[str, str]] = {
        "vlan": "write it as 'vlanId'",
        "id": "write it as 'vlanId'",
    }

    type: Literal["vlan"] = "vlan"
    master: InterfaceName
    """The link."""
    vlan_id: VlanId | None = Field(None, alias="vlanId")
    """0 to 4094 (0)."""

    def segment(self, resource_name: str = "") -> Segment | None:
        """That VLAN of the master; unknown where the master is in the pod."""
        del resource_name
        return None if self.link_in_container else Segment(self.master, self.vlan_id or 0)

    def reach_on_link(self) -> Reach:
        """Those on other nodes: a node has a VLAN of a link once."""
        return Reach(across=True, same_node=False)

    def one_per_node(self) -> bool:
        """The kernel makes a VLAN of a link once."""
        return True

    def sole_vlan(self) -> tuple[Path, int] | None:
        """Its own."""
        return ("vlanId",), self.vlan_id or 0

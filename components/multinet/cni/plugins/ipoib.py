"""ipoib: a child of a node's IP-over-InfiniBand link, moved into the pod."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Literal

from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment
from multinet.cni.types import InterfaceName
from multinet.findings import Finding


class Ipoib(PluginConf):
    """ipoib-cni as of commit 84539a4.

    The child has the master's partition and mode. IPAM is optional; dhcp is refused.
    """

    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "Mellanox/ipoib-cni 84539a4 cmd/ipoib, pkg/config, pkg/types"
    BROUGHT_BY: ClassVar[str] = "ipoib-cni's DaemonSet or NVIDIA's network operator"
    UNREAD: ClassVar[Mapping[str, str]] = {"mtu": "set it with the tuning plugin after ipoib"}

    type: Literal["ipoib"] = "ipoib"
    master: InterfaceName
    """IPoIB link of the node, or a partition's, like `ib0.8001`."""

    def rules(self) -> Iterator[Finding]:
        """IPAMs that it takes."""
        yield from super().rules()
        if self.ipam is not None and self.ipam.type == "dhcp":
            rule, way_out = "ipoib refuses the dhcp IPAM", "use another, e.g. whereabouts"
            yield Finding("ipam-refused", ("ipam", "type"), rule, way_out, "dhcp")

    def segment(self, resource_name: str = "") -> Segment | None:
        """The master's: what stands behind its dot is a partition, no VLAN."""
        del resource_name
        return Segment(self.master)

    def parent_link(self) -> str | None:
        """The master."""
        return self.master

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Through the fabric; on one node not with every driver (Linux before 5.8)."""
        del uplinked
        return Reach(across=True, same_node=None)

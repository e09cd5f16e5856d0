"""macvlan: a MAC address of its own for each pod, on a link of the node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from multinet.cni.plugins.on_link import OnLink
from multinet.cni.reach import EVERYBODY, Reach
from multinet.cni.types import OptionalMac, Uint32
from multinet.findings import Finding, Severity

_REACH: Mapping[str, Reach] = {
    "private": Reach(across=True, same_node=False),
    "vepa": Reach(across=True, same_node=None),
    "passthru": Reach(across=True, same_node=False),
}


class Macvlan(OnLink):
    """macvlan of the CNI reference plugins v1.9.1.

    IPAM is optional: without it the pod configures itself.
    """

    READS_MAC: ClassVar[bool | None] = True
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/macvlan"
    HINTS: ClassVar[Mapping[str, str]] = {
        "vlan": "name the VLAN's link as the master, like eth0.100, or use type vlan",
    }

    type: Literal["macvlan"] = "macvlan"
    mode: Literal["", "bridge", "private", "vepa", "passthru"] | None = None
    """Who of the same master can talk to whom (bridge)."""
    mac: OptionalMac | None = None
    """For a single pod."""
    bcqueuelen: Uint32 | None = None
    """Broadcast queue in packets (the kernel's default)."""

    def rules(self) -> Iterator[Finding]:
        """Passthru gives every packet to the pod, and the node needs some of its own."""
        yield from super().rules()
        if self.mode == "passthru" and not (self.master or self.link_in_container):
            rule = (
                "without master it is the default route's link, and in mode passthru a pod gets"
                " every packet that comes in there: the node is cut off while it runs"
            )
            way_out = "name a link that the node does not use itself"
            yield Finding("node-cut-off", ("mode",), rule, way_out, self.mode, Severity.WARNING)

    def takes_devices(self) -> tuple[tuple[str, str], ...]:
        """The master, in mode passthru: the kernel gives every packet of it to the pod."""
        taken = self.mode == "passthru" and not self.link_in_container
        return (("device", self.master or ""),) if taken else ()

    def reach_on_link(self) -> Reach:
        """What the kernel's driver lets through: private drops, vepa sends to the switch."""
        return _REACH.get(self.mode or "", EVERYBODY)

    def one_per_node(self) -> bool:
        """In mode passthru the master serves one interface."""
        return self.mode == "passthru"

    def link_use(self) -> str:
        """Of any mode: the link hands each packet to one driver."""
        return "macvlan"

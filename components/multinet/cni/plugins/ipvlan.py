"""ipvlan: the node's MAC address and an IP address of its own for each pod."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam
from multinet.cni.plugins.on_link import OnLink
from multinet.cni.reach import EVERYBODY, Reach


class Ipvlan(OnLink):
    """ipvlan of the CNI reference plugins v1.9.1.

    Without `master` after another plugin of a list it takes the interface of that. IPAM is
    required, except after a plugin that has addresses already. There is no `mac`: all share the
    master's.
    """

    IPAM: ClassVar[Ipam] = Ipam.REQUIRED
    TAKES_ADDRESSES: ClassVar[bool] = True
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/ipvlan"
    HINTS: ClassVar[Mapping[str, str]] = {
        "mac": "remove it: an ipvlan has its master's MAC address",
        "vlan": "name the VLAN's link as the master, like eth0.100, or use type vlan",
    }

    type: Literal["ipvlan"] = "ipvlan"
    mode: Literal["", "l2", "l3", "l3s"] | None = None
    """l2 (default), l3 or l3s."""

    def reach_on_link(self) -> Reach:
        """In l3 and l3s the node routes: other nodes must know the way."""
        return EVERYBODY if (self.mode or "l2") == "l2" else Reach(across=None, same_node=True)

    def link_use(self) -> str:
        """In one mode for all on the link."""
        return f"ipvlan {self.mode or 'l2'}"

    def past_rules(self) -> str:
        """In l3s the kernel lets packets in as the master's, in its network namespace.

        drivers/net/ipvlan/ipvlan_l3s.c: the hook LOCAL_IN has run when they are the pod's.
        """
        if self.mode != "l3s":
            return ""
        return "in mode l3s what comes in is the master's to the kernel, past the pod's rules"

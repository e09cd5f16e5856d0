"""The rig's addresses: Kubespray's defaults, so that its examples run unchanged."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from rig.node.spec import Network

NODE_NAME = "rig"
UPLINK = "eth0"
NODE_IP = "192.168.1.10"
LAN_PREFIX = 24
LAN_GATEWAY = "192.168.1.1"
POD_CIDR = "10.233.64.0/18"
NODE_POD_CIDR = "10.233.64.0/24"
"""The first node's share of POD_CIDR: the first one that the controller manager hands out."""
NODE_POD_PREFIX = 24
SERVICE_CIDR = "10.233.0.0/18"
API_SERVICE_IP = "10.233.0.1"
DNS_SERVICE_IP = "10.233.0.3"
"""Nothing serves it; the kubelet warns at each pod where no DNS address is configured."""
OTHER_SERVICE_CIDR = "10.96.0.0/16"
"""kubeadm's service range: refused, so that no component knocks at a stranger's door there."""
API_PORT = 6443


@dataclass(frozen=True)
class NodeAddress:
    """A node by its name, which is its host name too, and its address on the LAN."""

    name: str
    ip: str

    def network(self, pods: str | None = None) -> Network:
        """Its network; ``pods`` is what the LAN routes to it from the start, None nothing."""
        return Network(
            uplink=UPLINK,
            port=f"to-{self.name}",
            node=f"{self.ip}/{LAN_PREFIX}",
            gateway=f"{LAN_GATEWAY}/{LAN_PREFIX}",
            pods=pods,
            services=SERVICE_CIDR,
            refused=[OTHER_SERVICE_CIDR],
        )


FIRST = NodeAddress(NODE_NAME, NODE_IP)
"""The node that the API server is on."""


def further(number: int) -> NodeAddress:
    """The ``number``-th node, from 2 on: ``rig-2`` at 192.168.1.11 …"""
    return NodeAddress(f"{NODE_NAME}-{number}", str(ipaddress.ip_address(NODE_IP) + number - 1))

"""The rig's addresses: Kubespray's defaults, so that its examples run unchanged."""

from __future__ import annotations

from rig.node.spec import Network

NODE_NAME = "rig"
UPLINK = "eth0"
NODE_IP = "192.168.1.10"
LAN_PREFIX = 24
LAN_GATEWAY = "192.168.1.1"
POD_CIDR = "10.233.64.0/18"
NODE_POD_CIDR = "10.233.64.0/24"
"""The node's share of POD_CIDR: the first one that the controller manager hands out."""
NODE_POD_PREFIX = 24
SERVICE_CIDR = "10.233.0.0/18"
API_SERVICE_IP = "10.233.0.1"
DNS_SERVICE_IP = "10.233.0.3"
"""Nothing serves it; the kubelet warns at each pod where no DNS address is configured."""
OTHER_SERVICE_CIDR = "10.96.0.0/16"
"""kubeadm's service range: refused, so that no component knocks at a stranger's door there."""
API_PORT = 6443

NETWORK = Network(
    uplink=UPLINK,
    node=f"{NODE_IP}/{LAN_PREFIX}",
    gateway=f"{LAN_GATEWAY}/{LAN_PREFIX}",
    pods=POD_CIDR,
    services=SERVICE_CIDR,
    refused=[OTHER_SERVICE_CIDR],
)

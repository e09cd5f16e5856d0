"""A typed model for each IPAM plugin that is known."""

from multinet.cni.ipam.dhcp import Dhcp
from multinet.cni.ipam.host_local import HostLocal
from multinet.cni.ipam.kube_ovn import KubeOvnIpam
from multinet.cni.ipam.nv_ipam import NvIpam
from multinet.cni.ipam.spiderpool import Spiderpool
from multinet.cni.ipam.static import Static
from multinet.cni.ipam.whereabouts import Whereabouts

__all__ = [
    "Dhcp",
    "HostLocal",
    "KubeOvnIpam",
    "NvIpam",
    "Spiderpool",
    "Static",
    "Whereabouts",
]

"""A typed model for each IPAM plugin that is known. A new one: its model's file, and a line here."""

from multinet.cni.ipam.dhcp import Dhcp as Dhcp
from multinet.cni.ipam.host_local import HostLocal as HostLocal
from multinet.cni.ipam.kube_ovn import KubeOvnIpam as KubeOvnIpam
from multinet.cni.ipam.nv_ipam import NvIpam as NvIpam
from multinet.cni.ipam.spiderpool import Spiderpool as Spiderpool
from multinet.cni.ipam.static import Static as Static
from multinet.cni.ipam.whereabouts import Whereabouts as Whereabouts

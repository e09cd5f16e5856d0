"""A typed model for each CNI plugin that is known."""

from multinet.cni.plugins.bandwidth import Bandwidth
from multinet.cni.plugins.bond import Bond
from multinet.cni.plugins.bridge import Bridge
from multinet.cni.plugins.cnv import CnvBridge, CnvTuning
from multinet.cni.plugins.coordinator import Coordinator
from multinet.cni.plugins.dummy import Dummy
from multinet.cni.plugins.firewall import Firewall
from multinet.cni.plugins.host_device import HostDevice
from multinet.cni.plugins.ib_sriov import IbSriov
from multinet.cni.plugins.ipvlan import Ipvlan
from multinet.cni.plugins.kube_ovn import KubeOvn
from multinet.cni.plugins.loopback import Loopback
from multinet.cni.plugins.macvlan import Macvlan
from multinet.cni.plugins.macvtap import Macvtap
from multinet.cni.plugins.ovn_k8s import OvnK8s
from multinet.cni.plugins.ovs import Ovs
from multinet.cni.plugins.ovs_mirror import OvsMirrorConsumer, OvsMirrorProducer
from multinet.cni.plugins.portmap import Portmap
from multinet.cni.plugins.ptp import Ptp
from multinet.cni.plugins.rdma import Rdma
from multinet.cni.plugins.route_override import RouteOverride
from multinet.cni.plugins.sbr import Sbr
from multinet.cni.plugins.sriov import Sriov
from multinet.cni.plugins.tap import Tap
from multinet.cni.plugins.tuning import Tuning
from multinet.cni.plugins.vlan import Vlan
from multinet.cni.plugins.vrf import Vrf

__all__ = [
    "Bandwidth",
    "Bond",
    "Bridge",
    "CnvBridge",
    "CnvTuning",
    "Coordinator",
    "Dummy",
    "Firewall",
    "HostDevice",
    "IbSriov",
    "Ipvlan",
    "KubeOvn",
    "Loopback",
    "Macvlan",
    "Macvtap",
    "OvnK8s",
    "Ovs",
    "OvsMirrorConsumer",
    "OvsMirrorProducer",
    "Portmap",
    "Ptp",
    "Rdma",
    "RouteOverride",
    "Sbr",
    "Sriov",
    "Tap",
    "Tuning",
    "Vlan",
    "Vrf",
]

"""What Python authors write: every plugin, IPAM and setting. Made by `make docs`."""

from multinet.typed.addons import (
    AddonsArgs,
    CniPluginsAddonArgs,
    DhcpDaemonAddonArgs,
    DynamicNetworksAddonArgs,
    NetworkPolicyAddonArgs,
    ReconcilerResources,
    SriovAddonArgs,
    WhereaboutsAddonArgs,
)
from multinet.typed.bandwidth import Bandwidth
from multinet.typed.base import Ipam, Plugin
from multinet.typed.bond import Bond, BondLink
from multinet.typed.bridge import Bridge, TrunkEntry
from multinet.typed.chain import Chain
from multinet.typed.cnv import CnvBridge, CnvTuning
from multinet.typed.coordinator import Coordinator, LogOptions, PolicyRoute
from multinet.typed.dhcp import Dhcp, ProvideOption, RequestOption
from multinet.typed.dummy import Dummy
from multinet.typed.environment import EnvironmentArgs
from multinet.typed.firewall import Firewall
from multinet.typed.host_device import HostDevice
from multinet.typed.host_local import HostLocal, Range
from multinet.typed.ib_sriov import IbSriov
from multinet.typed.ifacer import Ifacer, IfacerBond
from multinet.typed.ipoib import Ipoib
from multinet.typed.ipvlan import Ipvlan
from multinet.typed.kube_ovn import KubeOvn
from multinet.typed.kube_ovn_ipam import KubeOvnIpam, KubeOvnRoute
from multinet.typed.links import LinkArgs
from multinet.typed.loopback import Loopback
from multinet.typed.macvlan import Macvlan
from multinet.typed.macvtap import Macvtap
from multinet.typed.multus import ApiServerArgs, MultusArgs, ResourceAmountsArgs, ResourceArgs
from multinet.typed.networks import NetworkArgs
from multinet.typed.nodes import NodeArgs, ProxyArgs
from multinet.typed.nv_ipam import NvIpam
from multinet.typed.options import AdoptArgs, Calico, ChartArgs, Cilium
from multinet.typed.ovn_k8s import Evpn, EvpnVrf, OvnK8s
from multinet.typed.ovs import Ovs, OvsTrunkEntry
from multinet.typed.ovs_mirror import Mirror, OvsMirrorConsumer, OvsMirrorProducer
from multinet.typed.peers import (
    PolicyEgress,
    PolicyIngress,
    PolicyIpBlock,
    PolicyPeer,
    PolicyPort,
    PolicyRequirement,
    PolicySelector,
)
from multinet.typed.per_node import PerNodeArgs
from multinet.typed.plugins_source import CniPluginsArgs
from multinet.typed.policies import PolicyArgs
from multinet.typed.pools import PoolArgs
from multinet.typed.portmap import Portmap
from multinet.typed.primary import Existing
from multinet.typed.primary_cni import PrimaryCniArgs
from multinet.typed.ptp import Ptp
from multinet.typed.rdma import Rdma
from multinet.typed.route import Dns, Route
from multinet.typed.route_override import OverrideRoute, RouteOverride
from multinet.typed.sbr import Sbr
from multinet.typed.site import SiteArgs
from multinet.typed.spiderpool import Spiderpool
from multinet.typed.sriov import Sriov
from multinet.typed.static import Static, StaticAddress
from multinet.typed.tap import Tap
from multinet.typed.tuning import Tuning
from multinet.typed.vlan import Vlan
from multinet.typed.vrf import Vrf
from multinet.typed.whereabouts import Kubernetes, Whereabouts
from multinet.typed.whereabouts_ranges import ExtraAddress, WhereaboutsRange

__all__ = [
    "AddonsArgs",
    "AdoptArgs",
    "ApiServerArgs",
    "Bandwidth",
    "Bond",
    "BondLink",
    "Bridge",
    "Calico",
    "Chain",
    "ChartArgs",
    "Cilium",
    "CniPluginsAddonArgs",
    "CniPluginsArgs",
    "CnvBridge",
    "CnvTuning",
    "Coordinator",
    "Dhcp",
    "DhcpDaemonAddonArgs",
    "Dns",
    "Dummy",
    "DynamicNetworksAddonArgs",
    "EnvironmentArgs",
    "Evpn",
    "EvpnVrf",
    "Existing",
    "ExtraAddress",
    "Firewall",
    "HostDevice",
    "HostLocal",
    "IbSriov",
    "Ifacer",
    "IfacerBond",
    "Ipam",
    "Ipoib",
    "Ipvlan",
    "KubeOvn",
    "KubeOvnIpam",
    "KubeOvnRoute",
    "Kubernetes",
    "LinkArgs",
    "LogOptions",
    "Loopback",
    "Macvlan",
    "Macvtap",
    "Mirror",
    "MultusArgs",
    "NetworkArgs",
    "NetworkPolicyAddonArgs",
    "NodeArgs",
    "NvIpam",
    "OverrideRoute",
    "OvnK8s",
    "Ovs",
    "OvsMirrorConsumer",
    "OvsMirrorProducer",
    "OvsTrunkEntry",
    "PerNodeArgs",
    "Plugin",
    "PolicyArgs",
    "PolicyEgress",
    "PolicyIngress",
    "PolicyIpBlock",
    "PolicyPeer",
    "PolicyPort",
    "PolicyRequirement",
    "PolicyRoute",
    "PolicySelector",
    "PoolArgs",
    "Portmap",
    "PrimaryCniArgs",
    "ProvideOption",
    "ProxyArgs",
    "Ptp",
    "Range",
    "Rdma",
    "ReconcilerResources",
    "RequestOption",
    "ResourceAmountsArgs",
    "ResourceArgs",
    "Route",
    "RouteOverride",
    "Sbr",
    "SiteArgs",
    "Spiderpool",
    "Sriov",
    "SriovAddonArgs",
    "Static",
    "StaticAddress",
    "Tap",
    "TrunkEntry",
    "Tuning",
    "Vlan",
    "Vrf",
    "Whereabouts",
    "WhereaboutsAddonArgs",
    "WhereaboutsRange",
]

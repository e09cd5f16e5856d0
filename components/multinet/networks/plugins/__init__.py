"""The CNI plugins that are known field by field. A new one: its model's file, and a line here."""

from multinet.networks.model import PluginConf
from multinet.networks.plugins.bandwidth import Bandwidth
from multinet.networks.plugins.bridge import Bridge
from multinet.networks.plugins.dummy import Dummy
from multinet.networks.plugins.firewall import Firewall
from multinet.networks.plugins.host_device import HostDevice
from multinet.networks.plugins.ipvlan import Ipvlan
from multinet.networks.plugins.loopback import Loopback
from multinet.networks.plugins.macvlan import Macvlan
from multinet.networks.plugins.ovs import Ovs
from multinet.networks.plugins.portmap import Portmap
from multinet.networks.plugins.ptp import Ptp
from multinet.networks.plugins.route_override import RouteOverride
from multinet.networks.plugins.sbr import Sbr
from multinet.networks.plugins.sriov import Sriov
from multinet.networks.plugins.tap import Tap
from multinet.networks.plugins.tuning import Tuning
from multinet.networks.plugins.vlan import Vlan
from multinet.networks.plugins.vrf import Vrf

PLUGINS: dict[str, type[PluginConf]] = {
    "bandwidth": Bandwidth,
    "bridge": Bridge,
    "dummy": Dummy,
    "firewall": Firewall,
    "host-device": HostDevice,
    "ipvlan": Ipvlan,
    "loopback": Loopback,
    "macvlan": Macvlan,
    "ovs": Ovs,
    "portmap": Portmap,
    "ptp": Ptp,
    "route-override": RouteOverride,
    "sbr": Sbr,
    "sriov": Sriov,
    "tap": Tap,
    "tuning": Tuning,
    "vlan": Vlan,
    "vrf": Vrf,
}

__all__ = [
    "PLUGINS",
    "Bandwidth",
    "Bridge",
    "Dummy",
    "Firewall",
    "HostDevice",
    "Ipvlan",
    "Loopback",
    "Macvlan",
    "Ovs",
    "Portmap",
    "Ptp",
    "RouteOverride",
    "Sbr",
    "Sriov",
    "Tap",
    "Tuning",
    "Vlan",
    "Vrf",
]

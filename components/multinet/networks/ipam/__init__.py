"""The IPAM plugins that are known field by field. A new one: its model's file, and a line here."""

from multinet.networks.ipam.dhcp import Dhcp
from multinet.networks.ipam.host_local import HostLocal
from multinet.networks.ipam.static import Static
from multinet.networks.ipam.whereabouts import Whereabouts
from multinet.networks.model import IpamConf

IPAM_PLUGINS: dict[str, type[IpamConf]] = {
    "dhcp": Dhcp,
    "host-local": HostLocal,
    "static": Static,
    "whereabouts": Whereabouts,
}

__all__ = [
    "IPAM_PLUGINS",
    "Dhcp",
    "HostLocal",
    "Static",
    "Whereabouts",
]

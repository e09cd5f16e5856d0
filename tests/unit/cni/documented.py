"""Configurations as the plugins' own documentation shows them, in their shape and keys.

Sources: cni.dev plugins/current, whereabouts v0.9.4 README, sriov-cni and ovs-cni docs.
"""

from __future__ import annotations

from typing import Any

from tests.unit.cni import documented_ipam, others

_HOST_LOCAL = {"type": "host-local", "subnet": "10.31.0.0/16"}
PTP = {"type": "ptp", "ipMasq": True, "ipam": {"type": "host-local", "subnet": "10.32.7.0/24"}}
FIREWALLED = {
    "type": "bridge",
    "bridge": "cni0",
    "isGateway": True,
    "ipMasq": True,
    "ipam": {**_HOST_LOCAL, "routes": [{"dst": "0.0.0.0/0"}]},
}


def _after(plugin: dict[str, Any], version: str = "0.4.0", **first: Any) -> dict[str, Any]:
    main = {"type": "macvlan", "master": "eth0", "ipam": {"type": "dhcp"}, **first}
    return {"cniVersion": version, "name": "chained", "plugins": [main, plugin]}


ACCEPTED: dict[str, dict[str, Any]] = {
    **documented_ipam.ACCEPTED,
    **others.DOCUMENTED,
    "bridge with gateway": {
        "cniVersion": "1.0.0",
        "name": "mynet",
        "type": "bridge",
        "bridge": "mynet0",
        "isDefaultGateway": True,
        "forceAddress": False,
        "ipMasq": True,
        "hairpinMode": True,
        "ipam": _HOST_LOCAL,
    },
    "bridge on L2 only": {
        "cniVersion": "1.0.0",
        "name": "mynet",
        "type": "bridge",
        "bridge": "mynet0",
        "ipam": {},
    },
    "bridge without interface": {
        "cniVersion": "1.0.0",
        "name": "mynet",
        "type": "bridge",
        "bridge": "mynet0",
        "disableContainerInterface": True,
    },
    "bridge with VLAN trunk": {
        "cniVersion": "1.0.0",
        "name": "mynet",
        "type": "bridge",
        "bridge": "mynet0",
        "vlan": 100,
        "vlanTrunk": [{"id": 101}, {"minID": 200, "maxID": 299}],
        "ipam": {},
    },
    "host-device by name": {"cniVersion": "0.3.1", "type": "host-device", "device": "enp0s1"},
    "host-device by PCI": {
        "cniVersion": "0.3.1",
        "type": "host-device",
        "pciBusID": "0000:3d:00.1",
    },
    "ipvlan": {
        "name": "mynet",
        "type": "ipvlan",
        "master": "eth0",
        "linkInContainer": False,
        "ipam": {"type": "host-local", "subnet": "10.33.2.0/24"},
    },
    "macvlan": {
        "name": "mynet",
        "type": "macvlan",
        "master": "eth0",
        "linkInContainer": False,
        "ipam": {"type": "dhcp"},
    },
    "ptp": {
        "name": "mynet",
        "type": "ptp",
        "ipam": {"type": "host-local", "subnet": "10.34.1.0/24"},
        "dns": {"nameservers": ["10.34.1.1", "192.0.2.53"]},
    },
    "tap, its label key in lower case": {
        "name": "mynet",
        "cniVersion": "0.3.1",
        "type": "tap",
        "mac": "00:11:22:33:44:55",
        "mtu": 1500,
        "selinuxcontext": "system_u:system_r:container_t:s0",
        "multiQueue": True,
        "owner": 0,
        "group": 0,
        "bridge": "br1",
    },
    "vlan": {
        "name": "mynet",
        "cniVersion": "0.3.1",
        "type": "vlan",
        "master": "eth0",
        "mtu": 1500,
        "vlanId": 5,
        "linkInContainer": False,
        "ipam": {"type": "host-local", "subnet": "10.35.1.0/24"},
        "dns": {"nameservers": ["10.35.1.1", "192.0.2.53"]},
    },
    "dummy": {
        "cniVersion": "1.0.0",
        "name": "mynet",
        "type": "dummy",
        "ipam": {"type": "host-local", "subnet": "10.36.1.0/24"},
    },
    "loopback": {"cniVersion": "1.0.0", "name": "lo", "type": "loopback"},
    "bandwidth, with a name of its own": {
        "cniVersion": "0.3.1",
        "name": "mynet",
        "plugins": [
            {**PTP, "mtu": 512, "dns": {"nameservers": ["10.32.0.1"]}},
            {
                "name": "slowdown",
                "type": "bandwidth",
                "ingressRate": 123,
                "ingressBurst": 456,
                "egressRate": 123,
                "egressBurst": 456,
            },
        ],
    },
    "firewall": {
        "cniVersion": "0.4.0",
        "name": "walled",
        "plugins": [FIREWALLED, {"type": "firewall"}],
    },
    "firewall with firewalld": {
        "cniVersion": "0.4.0",
        "name": "walled",
        "plugins": [FIREWALLED, {"type": "firewall", "backend": "firewalld"}],
    },
    "firewall with an admin chain": {
        "cniVersion": "0.4.0",
        "name": "walled",
        "plugins": [
            FIREWALLED,
            {"type": "firewall", "backend": "iptables", "iptablesAdminChainName": "MINE"},
        ],
    },
    "firewall that isolates bridges": {
        "cniVersion": "1.0.0",
        "name": "walled",
        "plugins": [FIREWALLED, {"type": "firewall", "ingressPolicy": "same-bridge"}],
    },
    "route-override": {
        "cniVersion": "0.3.0",
        "name": "mymacvlan",
        "plugins": [
            {"type": "macvlan", "master": "eth1", "mode": "bridge", "ipam": {"type": "dhcp"}},
            {
                "type": "route-override",
                "flushroutes": True,
                "delroutes": [{"dst": "192.168.0.0/24"}],
                "addroutes": [{"dst": "192.168.0.0/24", "gw": "10.1.254.254"}],
            },
        ],
    },
    "portmap": {
        "cniVersion": "0.3.1",
        "name": "mynet",
        "plugins": [PTP, {"type": "portmap", "capabilities": {"portMappings": True}}],
    },
    "portmap with nftables": {
        "cniVersion": "0.3.1",
        "name": "mynet",
        "plugins": [
            PTP,
            {
                "type": "portmap",
                "backend": "nftables",
                "capabilities": {"portMappings": True},
                "snat": True,
                "conditionsV4": ["ip", "daddr", "!=", "192.0.2.0/24"],
                "conditionsV6": ["ip6", "daddr", "!=", "fc00::/7"],
            },
        ],
    },
    "portmap with iptables": {
        "cniVersion": "0.3.1",
        "name": "mynet",
        "plugins": [
            PTP,
            {
                "type": "portmap",
                "backend": "iptables",
                "capabilities": {"portMappings": True},
                "snat": True,
                "markMasqBit": 13,
                "conditionsV4": ["!", "-d", "192.0.2.0/24"],
                "conditionsV6": ["!", "-d", "fc00::/7"],
            },
        ],
    },
    "sbr twice, once with a table of others": {
        "cniVersion": "1.0.0",
        "plugins": [PTP, {"type": "sbr", "table": 4000}, {"type": "sbr"}],
    },
    "sbr after a plugin that is not known here": {
        "name": "flannel-sbr",
        "cniVersion": "0.3.0",
        "plugins": [{"type": "flannel"}, {"type": "sbr"}],
    },
    "tuning's sysctls": _after(
        {
            "name": "mytuning",
            "type": "tuning",
            "sysctl": {"net.core.somaxconn": "500", "net.ipv4.conf.IFNAME.arp_filter": "1"},
        }
    ),
    "tuning's attributes": _after(
        {
            "type": "tuning",
            "mac": "c2:b0:57:49:47:f1",
            "mtu": 1454,
            "promisc": True,
            "allmulti": True,
        }
    ),
    "vrf": _after({"type": "vrf", "vrfname": "blue"}, version="0.3.1"),
    "sriov": {
        "type": "sriov",
        "cniVersion": "0.3.1",
        "name": "sriov-network",
        "ipam": {
            "type": "host-local",
            "subnet": "10.56.217.0/24",
            "routes": [{"dst": "0.0.0.0/0"}],
            "gateway": "10.56.217.1",
        },
    },
    "sriov with every key": {
        "cniVersion": "0.3.1",
        "name": "sriov-dpdk",
        "type": "sriov",
        "deviceID": "0000:03:02.0",
        "mac": "CA:FE:C0:FF:EE:00",
        "vlan": 1000,
        "vlanQoS": 4,
        "vlanProto": "802.1ad",
        "min_tx_rate": 100,
        "max_tx_rate": 200,
        "spoofchk": "off",
        "trust": "on",
        "link_state": "enable",
        "logLevel": "debug",
        "logFile": "/tmp/sriov.log",
    },
    "ovs with a VLAN": {
        "cniVersion": "0.4.0",
        "name": "mynet",
        "type": "ovs",
        "bridge": "mynet0",
        "vlan": 100,
    },
    "ovs with a trunk": {
        "cniVersion": "0.4.0",
        "name": "mytrunknet",
        "type": "ovs",
        "bridge": "mynet1",
        "mtu": 9000,
        "trunk": [{"id": 42}, {"minID": 1000, "maxID": 1010}],
    },
    "ovs of type system": {
        "cniVersion": "0.4.0",
        "name": "overlaynet",
        "type": "ovs",
        "bridge": "mynet1",
        "interface_type": "system",
    },
}
"""What works as it is documented."""

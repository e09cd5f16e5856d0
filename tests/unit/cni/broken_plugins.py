"""Configurations that break a plugin's rule: the code, and the path it is told at."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import BRIDGE, MACVLAN, STATIC, Case, chain, main


def _added(dst: str, gw: str) -> dict[str, Any]:
    return {"type": "route-override", "addroutes": [{"dst": dst, "gw": gw}]}


PLUGINS: dict[str, Case] = {
    "mode": (main("macvlan", mode="bride"), "unknown-value", "mode"),
    "macvlan mtu as text": (main("macvlan", mtu="1500"), "wrong-type", "mtu"),
    "macvlan mtu as float": (main("macvlan", mtu=1500.5), "wrong-type", "mtu"),
    "macvlan mtu too large": (main("macvlan", mtu=70000), "wrong-value", "mtu"),
    "macvlan mtu too small": (main("macvlan", mtu=60), "mtu-out-of-range", "mtu"),
    "macvlan multicast mac": (main("macvlan", mac="03:00:00:00:00:01"), "not-a-mac", "mac"),
    "macvlan mac of zeros": (main("macvlan", mac="00:00:00:00:00:00"), "not-a-mac", "mac"),
    "macvlan master": (main("macvlan", master="eth 0"), "not-an-interface-name", "master"),
    "another plugin's key": (main("macvlan", vlanId=5), "unknown-key", "vlanId"),
    "ipvlan without ipam": (main("ipvlan", master="eth0"), "ipam-missing", "ipam"),
    "ipvlan with an empty ipam": (main("ipvlan", ipam={}), "ipam-missing", "ipam"),
    "ipvlan mac": (
        main("ipvlan", mac="02:00:00:00:00:01", ipam=STATIC),
        "unknown-key",
        "mac",
    ),
    "vlan without master": (main("vlan", vlanId=5, ipam=STATIC), "missing-key", "master"),
    "vlan with an empty master": (
        main("vlan", master="", ipam=STATIC),
        "not-an-interface-name",
        "master",
    ),
    "vlan id": (main("vlan", master="eth0", vlanId=4095, ipam=STATIC), "wrong-value", "vlanId"),
    "dummy without ipam": (main("dummy"), "ipam-missing", "ipam"),
    "ptp without ipam": (main("ptp"), "ipam-missing", "ipam"),
    "ptp without gateway": (main("ptp", ipam=STATIC), "gateway-missing", "ipam"),
    "bridge hairpin and promisc": (
        main("bridge", hairpinMode=True, promiscMode=True),
        "options-exclude-each-other",
        "promiscMode",
    ),
    "bridge without interface but ipam": (
        main("bridge", disableContainerInterface=True, ipam=STATIC),
        "options-exclude-each-other",
        "ipam",
    ),
    "bridge trunk without end": (
        main("bridge", vlanTrunk=[{"minID": 5}]),
        "trunk-range",
        "vlanTrunk[0].minID",
    ),
    "bridge trunk backwards": (
        main("bridge", vlanTrunk=[{"minID": 9, "maxID": 5}]),
        "trunk-range",
        "vlanTrunk[0].minID",
    ),
    "bridge trunk with VLAN 0": (
        main("bridge", vlanTrunk=[{"id": 0}]),
        "wrong-value",
        "vlanTrunk[0].id",
    ),
    "bridge trunk with null": (main("bridge", vlanTrunk=[None]), "wrong-type", "vlanTrunk[0]"),
    "bridge empty name": (main("bridge", bridge=""), "not-an-interface-name", "bridge"),
    "bridge name with VLAN": (
        main("bridge", bridge="bridge-name-13", vlan=4000, isGateway=True, ipam=STATIC),
        "bridge-name-too-long",
        "bridge",
    ),
    "bridge masquerading": (
        main("bridge", ipMasqBackend="ipfw"),
        "unknown-value",
        "ipMasqBackend",
    ),
    "bridge default route twice": (
        main(
            "bridge",
            isDefaultGateway=True,
            ipam={"type": "host-local", "subnet": "10.0.0.0/24", "routes": [{"dst": "0.0.0.0/0"}]},
        ),
        "duplicate-route",
        "ipam.routes[0]",
    ),
    "host-device PCI": (main("host-device", pciBusID="3d:00.1"), "not-a-pci-address", "pciBusID"),
    "host-device path": (
        main("host-device", kernelpath="/dev/eth0"),
        "not-a-kernel-path",
        "kernelpath",
    ),
    "host-device hwaddr": (main("host-device", hwaddr="02:00"), "not-a-mac", "hwaddr"),
    "tap mac with dashes": (main("tap", mac="02-00-00-00-00-01"), "not-a-mac", "mac"),
    "tap owner": (main("tap", owner=-1), "wrong-value", "owner"),
    "sriov priority without VLAN": (main("sriov", vlanQoS=3), "vlan-missing", "vlanQoS"),
    "sriov priority on VLAN 0": (main("sriov", vlan=0, vlanQoS=3), "vlan-missing", "vlanQoS"),
    "sriov 802.1ad on VLAN 0": (
        main("sriov", vlan=0, vlanProto="802.1ad"),
        "vlan-missing",
        "vlanProto",
    ),
    "sriov protocol": (main("sriov", vlan=1, vlanProto="802.1x"), "unknown-value", "vlanProto"),
    "sriov rates": (
        main("sriov", min_tx_rate=200, max_tx_rate=100),
        "rate-order",
        "min_tx_rate",
    ),
    "ovs trunk of nothing": (main("ovs", bridge="b", trunk=[{}]), "trunk-range", "trunk"),
    "ovs port": (main("ovs", bridge="b", ofport_request=65280), "wrong-value", "ofport_request"),
    "bandwidth rate alone": (
        chain(BRIDGE, {"type": "bandwidth", "ingressRate": 5}),
        "rate-without-burst",
        "plugins[1].ingressRate",
    ),
    "bandwidth burst": (
        chain(BRIDGE, {"type": "bandwidth", "egressRate": 5, "egressBurst": 8 * (2**32 - 1)}),
        "burst-too-large",
        "plugins[1].egressBurst",
    ),
    "bandwidth after macvlan": (
        chain(MACVLAN, {"type": "bandwidth", "egressRate": 5, "egressBurst": 5}),
        "bandwidth-without-veth",
        "plugins[1].type",
    ),
    "bandwidth in an old version": (
        chain(BRIDGE, {"type": "bandwidth"}, version="0.2.0"),
        "cni-version-too-old",
        "plugins[1].type",
    ),
    "portmap bit": (
        chain(BRIDGE, {"type": "portmap", "markMasqBit": 32}),
        "wrong-value",
        "plugins[1].markMasqBit",
    ),
    "portmap conditions": (
        chain(BRIDGE, {"type": "portmap", "backend": "iptables", "conditionsV4": ["ip"]}),
        "portmap-backend",
        "plugins[1].conditionsV4",
    ),
    "tuning sysctl": (
        chain(BRIDGE, {"type": "tuning", "sysctl": {"kernel.panic": "1"}}),
        "not-a-net-sysctl",
        'plugins[1].sysctl["kernel.panic"]',
    ),
    "sbr without addresses": (
        chain(MACVLAN, {"type": "sbr"}),
        "sbr-without-addresses",
        "plugins[1].type",
    ),
    "bridge with a default route out of reach": (
        main("bridge", isDefaultGateway=True, ipam={**BRIDGE["ipam"], "gateway": "10.9.0.1"}),
        "gateway-unusable",
        "ipam",
    ),
    "sbr twice": (chain(BRIDGE, {"type": "sbr"}, {"type": "sbr"}), "sbr-twice", "plugins[2].type"),
    "sbr through a gateway out of reach": (
        chain({**BRIDGE, "ipam": {**BRIDGE["ipam"], "gateway": "10.9.0.1"}}, {"type": "sbr"}),
        "gateway-unusable",
        "plugins[1].type",
    ),
    "sbr after a default route in the table that it makes": (
        chain(
            {**BRIDGE, "ipam": {**BRIDGE["ipam"], "routes": [{"dst": "0.0.0.0/0", "table": 100}]}},
            {"type": "sbr"},
        ),
        "sbr-table-taken",
        "plugins[1].type",
    ),
    "sbr to table 0 from an IPv6 address": (
        chain(
            {**BRIDGE, "ipam": {"type": "host-local", "subnet": "fd00::/64"}},
            {"type": "sbr", "table": 0},
        ),
        "sbr-table-zero",
        "plugins[1].table",
    ),
    "ptp with two addresses behind one gateway": (
        main(
            "ptp",
            ipam={
                "type": "static",
                "addresses": [
                    {"address": "10.7.0.77/16", "gateway": "10.7.0.1"},
                    {"address": "10.7.0.5/24", "gateway": "10.7.0.1"},
                ],
            },
        ),
        "gateway-unusable",
        "ipam",
    ),
    "ptp to a single address": (
        main(
            "ptp",
            ipam={
                "type": "static",
                "addresses": [{"address": "10.0.0.5/32", "gateway": "10.0.0.1"}],
            },
        ),
        "subnet-too-small",
        "ipam",
    ),
    "vrf without name": (chain(BRIDGE, {"type": "vrf"}), "missing-key", "plugins[1].vrfname"),
    "firewall policy": (
        chain(BRIDGE, {"type": "firewall", "ingressPolicy": "closed"}),
        "unknown-value",
        "plugins[1].ingressPolicy",
    ),
    "route-override first": (
        main("route-override", flushroutes=True),
        "chained-plugin-first",
        "type",
    ),
    "route-override in a new version": (
        chain(BRIDGE, {"type": "route-override", "flushroutes": True}, version="1.1.0"),
        "cni-version-too-new",
        "plugins[1].type",
    ),
    "route-override in an old version": (
        chain(BRIDGE, {"type": "route-override", "flushroutes": True}, version="0.2.0"),
        "cni-version-too-old",
        "plugins[1].type",
    ),
    "route-override's flag as text": (
        chain(BRIDGE, {"type": "route-override", "flushroutes": "true"}),
        "wrong-type",
        "plugins[1].flushroutes",
    ),
    "route-override with null for a route": (
        chain(BRIDGE, {"type": "route-override", "addroutes": [None]}),
        "wrong-type",
        "plugins[1].addroutes[0]",
    ),
    "route-override through a gateway out of reach": (
        chain(BRIDGE, _added("10.70.0.0/16", "192.0.2.77")),
        "route-gateway-unreachable",
        "plugins[1].addroutes[0].gw",
    ),
    "route-override to an address": (
        chain(BRIDGE, _added("10.70.0.5/16", "10.0.0.9")),
        "route-host-bits",
        "plugins[1].addroutes[0].dst",
    ),
    "two main plugins": (chain(BRIDGE, MACVLAN), "second-interface", "plugins[1].type"),
}

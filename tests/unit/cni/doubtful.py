"""Configurations that may fail: the warning's code, and the path it is told at."""

from __future__ import annotations

from tests.unit.cni.cases import BRIDGE, MACVLAN, STATIC, Case, chain, ipam, main

WARNINGS: dict[str, Case] = {
    "macvlna": (main("macvlna", master="eth0"), "type-mistyped", "type"),
    "a letter less": (main("macvla"), "type-mistyped", "type"),
    "a letter more": (chain(BRIDGE, {"type": "tunings"}), "type-mistyped", "plugins[1].type"),
    "another letter": (main("host_device"), "type-mistyped", "type"),
    "upper case": (main("MacVLAN"), "type-mistyped", "type"),
    "a blank after it": (main("bridge "), "type-mistyped", "type"),
    "a public plugin's name, mistyped": (main("flanel"), "type-mistyped", "type"),
    "an IPAM, mistyped": (ipam("whereabout", range="10.0.0.0/24"), "type-mistyped", "ipam.type"),
    "what the plugin's project is called": (main("sriov-cni"), "type-mistyped", "type"),
    "the same with an IPAM": (
        ipam("whereabouts-cni", range="10.0.0.0/24"),
        "type-mistyped",
        "ipam.type",
    ),
    "a plugin's other name": (main("openvswitch", bridge="br1"), "type-mistyped", "type"),
    "no IPAM, said as one": (ipam("none"), "type-mistyped", "ipam.type"),
    "sbr behind static without a gateway": (
        chain({"type": "bridge", "ipam": STATIC}, {"type": "sbr"}),
        "sbr-without-gateway",
        "plugins[1].type",
    ),
    "sbr behind whereabouts without a gateway": (
        chain(
            {**MACVLAN, "ipam": {"type": "whereabouts", "range": "10.0.0.0/24"}}, {"type": "sbr"}
        ),
        "sbr-without-gateway",
        "plugins[1].type",
    ),
    "sbr behind addresses that pods ask for": (
        chain({**MACVLAN, "ipam": {"type": "static"}}, {"type": "sbr"}),
        "sbr-without-gateway",
        "plugins[1].type",
    ),
    "a chain for the first interface": (
        chain({"type": "cilium-cni"}, {"type": "coordinator"}),
        "default-network-only",
        "plugins[0].type",
    ),
    "a key that may be an unknown IPAM's, or mistyped": (
        main("macvlan", mastr="eth0", ipam={"type": "calico-ipam"}),
        "key-of-ipam",
        "mastr",
    ),
    "ipam without type": (
        main("macvlan", ipam={"subnet": "10.0.0.0/24"}),
        "ipam-without-type",
        "ipam.type",
    ),
    "loopback's ipam": (main("loopback", ipam=STATIC), "no-effect", "ipam"),
    "host-device named twice": (
        main("host-device", device="eth1", pciBusID="0000:3d:00.1"),
        "no-effect",
        "pciBusID",
    ),
    "tap forgets its mac": (
        main("tap", mac="02:00:00:00:00:01", owner=0, group=0),
        "no-effect",
        "mac",
    ),
    "route-override with nothing to do": (
        chain(BRIDGE, {"type": "route-override"}),
        "no-effect",
        "plugins[1].type",
    ),
    "route-override of the default route": (
        chain(BRIDGE, {"type": "route-override", "delroutes": [{"dst": "0.0.0.0/0"}]}),
        "no-effect",
        "plugins[1].delroutes[0].dst",
    ),
    "route-override takes all away, and one": (
        chain(
            BRIDGE,
            {"type": "route-override", "flushroutes": True, "delroutes": [{"dst": "10.9.0.0/16"}]},
        ),
        "no-effect",
        "plugins[1].delroutes",
    ),
    "route-override without a gateway": (
        chain(BRIDGE, {"type": "route-override", "addroutes": [{"dst": "10.9.0.0/16"}]}),
        "route-without-gateway",
        "plugins[1].addroutes[0].dst",
    ),
    "gateway outside": (
        ipam("host-local", subnet="10.0.0.0/24", gateway="10.9.0.1"),
        "gateway-outside-subnet",
        "ipam.gateway",
    ),
    "gateway beside ranges": (
        ipam("host-local", gateway="10.0.0.1", ranges=[[{"subnet": "10.0.0.0/24"}]]),
        "no-effect",
        "ipam.gateway",
    ),
    "whereabouts' gateway is given away": (
        ipam("whereabouts", range="10.0.0.0/24", gateway="10.0.0.1"),
        "gateway-handed-out",
        "ipam.gateway",
    ),
    "whereabouts' range may be in a file": (ipam("whereabouts"), "no-ranges", "ipam.range"),
    "whereabouts excludes elsewhere": (
        ipam("whereabouts", range="10.0.0.0/24", exclude=["10.1.0.0/24"]),
        "no-effect",
        "ipam.exclude[0]",
    ),
    "bridge keeps leases": (
        {**BRIDGE, "ipam": {"type": "dhcp"}},
        "lease-kept",
        "ipam.type",
    ),
    "capability": (
        main("macvlan", capabilities={"portmappings": True}),
        "unknown-capability",
        "capabilities.portmappings",
    ),
    "old version": (
        {**BRIDGE, "cniVersion": "0.2.0"},
        "old-cni-version",
        "cniVersion",
    ),
    "entry's name": (
        {"name": "a", **chain({**MACVLAN, "name": "b"})},
        "no-effect",
        "plugins[0].name",
    ),
    "entry's version": (
        chain({**MACVLAN, "cniVersion": "0.3.1"}),
        "no-effect",
        "plugins[0].cniVersion",
    ),
    "bandwidth on request after macvlan": (
        chain(MACVLAN, {"type": "bandwidth", "capabilities": {"bandwidth": True}}),
        "bandwidth-without-veth",
        "plugins[1].type",
    ),
    "isolation without bridge": (
        chain(MACVLAN, {"type": "firewall", "ingressPolicy": "isolated"}),
        "firewall-without-bridge",
        "plugins[1].ingressPolicy",
    ),
    "nftables without saying so": (
        chain(BRIDGE, {"type": "portmap", "conditionsV4": ["ip", "daddr", "10.0.0.1"]}),
        "portmap-backend",
        "plugins[1].backend",
    ),
    "ovs half a range": (
        main("ovs", bridge="b", trunk=[{"minID": 5}, {"id": 7}]),
        "trunk-range",
        "trunk[0]",
    ),
    "a route on a device that may have no interface": (
        main(
            "host-device",
            pciBusID="0000:3d:00.1",
            ipam={**STATIC, "routes": [{"dst": "10.1.0.0/16", "gw": "10.2.0.1"}]},
        ),
        "route-gateway-unreachable",
        "ipam.routes[0].gw",
    ),
}

"""ovn-k8s-cni-overlay: its pages' configurations in shape and keys, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import STATIC, Case, chain, main


def _ovn(topology: str, **keys: Any) -> dict[str, Any]:
    named = {"topology": topology, "netAttachDefName": "ns1/tenant"}
    return main("ovn-k8s-cni-overlay", **(named | keys))


DOCUMENTED: dict[str, dict[str, Any]] = {
    "ovn-k8s-cni-overlay, the cluster's primary network with another device": {
        "cniVersion": "0.3.1",
        "name": "ovn-kubernetes",
        "type": "ovn-k8s-cni-overlay",
        "ipam": {},
    },
    "ovn-k8s-cni-overlay, routed": _ovn("layer3", subnets="10.128.0.0/16/24"),
    "ovn-k8s-cni-overlay, switched": _ovn(
        "layer2", subnets="10.100.200.0/24", excludeSubnets="10.100.200.0/29"
    ),
    "ovn-k8s-cni-overlay, physical": _ovn(
        "localnet", subnets="203.0.113.112/28", vlanID=33, mtu=1500, physicalNetworkName="physnet1"
    ),
    "ovn-k8s-cni-overlay, the first network of a namespace": _ovn(
        "layer2", role="primary", subnets="10.100.0.0/16, fd10::/64", allowPersistentIPs=True
    ),
}

BROKEN: dict[str, Case] = {
    "ovn with an ipam": (
        _ovn("layer2", subnets="10.0.0.0/24", ipam=STATIC),
        "ipam-refused",
        "ipam",
    ),
    "ovn topology": (_ovn("layer-2"), "unknown-value", "topology"),
    "ovn without its NAD's name": (
        main("ovn-k8s-cni-overlay", topology="layer2"),
        "missing-key",
        "netAttachDefName",
    ),
    "ovn named as the primary": (_ovn("layer2", name="default"), "ovn-option", "name"),
    "ovn in a list with others": (
        chain(
            {"type": "ovn-k8s-cni-overlay", "topology": "layer2", "netAttachDefName": "ns1/tenant"},
            {"type": "tuning", "mtu": 1400},
        ),
        "chain-refused",
        "plugins[1].type",
    ),
    "ovn layer3 without subnets": (_ovn("layer3"), "ovn-subnets", "subnets"),
    "ovn layer3, a part as large as the whole": (
        _ovn("layer3", subnets="10.128.0.0/24"),
        "ovn-subnets",
        "subnets",
    ),
    "ovn layer3, parts of two sizes": (
        _ovn("layer3", subnets="10.128.0.0/16/24,10.129.0.0/16/25"),
        "ovn-subnets",
        "subnets",
    ),
    "ovn layer3, a part of IPv6": (
        _ovn("layer3", subnets="fd10::/48/80"),
        "ovn-subnets",
        "subnets",
    ),
    "ovn layer2 with parts": (_ovn("layer2", subnets="10.0.0.0/16/24"), "ovn-subnets", "subnets"),
    "ovn subnets that overlap": (
        _ovn("layer2", subnets="10.0.0.0/16,10.0.1.0/24"),
        "ovn-subnets",
        "subnets",
    ),
    "ovn exclusion outside": (
        _ovn("layer2", subnets="10.0.0.0/24", excludeSubnets="10.1.0.0/29"),
        "ovn-subnets",
        "excludeSubnets",
    ),
    "ovn persistent addresses in layer3": (
        _ovn("layer3", subnets="10.128.0.0/16", allowPersistentIPs=True),
        "ovn-option",
        "allowPersistentIPs",
    ),
    "ovn primary localnet": (_ovn("localnet", role="primary"), "ovn-option", "role"),
    "ovn primary without subnets": (_ovn("layer2", role="primary"), "ovn-subnets", "subnets"),
    "ovn join subnet of a localnet": (
        _ovn("localnet", joinSubnet="100.70.0.0/16"),
        "ovn-option",
        "joinSubnet",
    ),
    "ovn reserved subnets in layer3": (
        _ovn("layer3", subnets="10.128.0.0/16", reservedSubnets="10.128.0.0/24"),
        "ovn-option",
        "reservedSubnets",
    ),
    "ovn transport": (_ovn("layer2", transport="vxlan"), "unknown-value", "transport"),
    "ovn SNAT with tunnels": (
        _ovn("layer3", subnets="10.128.0.0/16", outboundSNAT="enabled"),
        "ovn-option",
        "outboundSNAT",
    ),
    "ovn gateways": (
        _ovn("layer2", subnets="10.0.0.0/24", defaultGatewayIPs="10.0.0.1/24"),
        "not-an-address",
        "defaultGatewayIPs",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "ovn's VLAN of an overlay": (_ovn("layer2", vlanID=5), "no-effect", "vlanID"),
    "ovn's exclusions in layer3": (
        _ovn("layer3", subnets="10.128.0.0/16", excludeSubnets="10.128.0.0/24"),
        "no-effect",
        "excludeSubnets",
    ),
    "ovn's addresses that stay, without any": (
        _ovn("layer2", allowPersistentIPs=True),
        "no-effect",
        "allowPersistentIPs",
    ),
    "ovn's own subnets": (
        _ovn("layer2", subnets="100.64.3.0/24"),
        "ovn-internal-subnet",
        "subnets",
    ),
    "ovn without topology": (
        main("ovn-k8s-cni-overlay", subnets="10.0.0.0/24"),
        "no-effect",
        "subnets",
    ),
}

"""What authors write of ovn k8s. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class EvpnVrf(Typed):
    """One virtual routing and forwarding domain of EVPN."""

    vni: Input[int]
    """VXLAN network identifier."""

    route_target: Input[str] | None = None
    """Of BGP."""

    vid: Input[int] | None = None
    """VLAN on each node; OVN-Kubernetes sets it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evpn(Typed):
    """How the network is joined with EVPN."""

    KEYS: ClassVar[Mapping[str, str]] = {"mac_vrf": "macVRF", "ip_vrf": "ipVRF"}

    vtep: Input[str]
    """Name of the VTEP object that says which addresses the tunnels have."""

    mac_vrf: EvpnVrf | Input[Mapping[str, Any]] | None = None
    """Of layer 2."""

    ip_vrf: EvpnVrf | Input[Mapping[str, Any]] | None = None
    """Of layer 3."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OvnK8s(Plugin):
    """ovn-k8s-cni-overlay of OVN-Kubernetes v1.3.0."""

    TYPE: ClassVar[str] = "ovn-k8s-cni-overlay"
    KEYS: ClassVar[Mapping[str, str]] = {
        "vlan_id": "vlanID",
        "allow_persistent_ips": "allowPersistentIPs",
        "default_gateway_ips": "defaultGatewayIPs",
        "outbound_snat": "outboundSNAT",
        "device_id": "deviceID",
        "logfile_maxsize": "logfile-maxsize",
        "logfile_maxbackups": "logfile-maxbackups",
        "logfile_maxage": "logfile-maxage",
    }

    topology: Input[Literal["", "layer2", "layer3", "localnet"]] | None = None
    """`layer2`: one switch for the cluster; `layer3`: one for each node, routed; `localnet`: one
    that is joined with a physical network; absent: the cluster's primary network.
    """

    net_attach_def_name: Input[str] | None = None
    """`NAMESPACE/NAME` of the NAD, required with a topology."""

    subnets: Input[str] | None = None
    """Subnets between commas: a pod gets an address of each. layer3: each with the prefix length of
    a node's part behind it (24; IPv6: 64). Absent: pods bring their own.
    """

    exclude_subnets: Input[str] | None = None
    """Parts of the subnets that are not handed out; layer2 and localnet."""

    role: Input[Literal["", "primary", "secondary"]] | None = None
    """`primary`: the pods' first network in their namespace (secondary)."""

    mtu: Input[int] | None = None
    """Bytes; 0: the cluster's."""

    vlan_id: Input[int] | None = None
    """VLAN of the physical network; localnet."""

    physical_network_name: Input[str] | None = None
    """As the nodes' bridge mappings have it; localnet (the network's name)."""

    allow_persistent_ips: Input[bool] | None = None
    """Whether IPAMClaims keep addresses (false); layer2 and localnet."""

    join_subnet: Input[str] | None = None
    """Subnets between the routers (100.65.0.0/16,fd99::/64); not localnet."""

    transit_subnet: Input[str] | None = None
    """Subnets between the nodes' routers; primary layer2 networks."""

    reserved_subnets: Input[str] | None = None
    """Parts of the subnets for pods that ask; layer2."""

    infrastructure_subnets: Input[str] | None = None
    """Parts of the subnets for OVN-Kubernetes itself; primary layer2 networks."""

    default_gateway_ips: Input[str] | None = None
    """Gateways between commas (the subnets' first addresses); primary layer2 networks."""

    transport: Input[Literal["", "no-overlay", "evpn"]] | None = None
    """How packets get from node to node (Geneve tunnels)."""

    outbound_snat: Input[Literal["", "enabled", "disabled"]] | None = None
    """Whether pods' addresses are hidden; no-overlay."""

    evpn: Evpn | Input[Mapping[str, Any]] | None = None
    """Of the transport evpn."""

    uplink: Input[str] | None = None
    """Name of an Uplink object."""

    device_id: Input[str] | None = None
    """Virtual function; Multus adds it where the network has a `resourceName`."""

    log_file: Input[str] | None = None
    """On the node (none)."""

    log_level: Input[str] | None = None
    """A number, as a string."""

    logfile_maxsize: Input[int] | None = None
    """Megabytes at which the log is begun anew."""

    logfile_maxbackups: Input[int] | None = None
    """How many old logs are kept."""

    logfile_maxage: Input[int] | None = None
    """Days for which old logs are kept."""

"""What authors write of options. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Primary, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class AdoptArgs(Typed):
    """What is changed of a primary CNI that others manage, and nothing else of it."""

    plugin: Input[Literal["cilium"]]
    namespace: Input[str] | None = None
    config_map: Input[str] | None = None
    daemon_set: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calico(Primary):
    """Options of Calico; `operator.tigera.io/v1 Installation` explains each."""

    PLUGIN: ClassVar[str] = "calico"
    encapsulation: (
        Input[Literal["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"]] | None
    ) = None
    encapsulation_ipv6: (
        Input[Literal["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"]] | None
    ) = None
    nat_outgoing: Input[bool] | None = None
    nat_outgoing_ipv6: Input[bool] | None = None
    block_size: Input[int] | None = None
    block_size_ipv6: Input[int] | None = None
    pool_name: Input[str] | None = None
    bgp: Input[bool] | None = None
    dataplane: Input[Literal["Iptables", "Nftables", "BPF"]] | None = None
    node_address_autodetection: Input[Mapping[str, Any]] | None = None
    api_server: Input[bool] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cilium(Primary):
    """Options of Cilium; its chart's values explain each."""

    PLUGIN: ClassVar[str] = "cilium"
    exclusive: Input[bool] | None = None
    kube_proxy_replacement: Input[bool] | None = None
    tunnel_protocol: Input[Literal["vxlan", "geneve"]] | None = None
    routing_mode: Input[Literal["tunnel", "native"]] | None = None
    native_routing_cidr: Input[str] | None = None
    native_routing_cidr_ipv6: Input[str] | None = None
    auto_direct_node_routes: Input[bool] | None = None
    ipam_mode: Input[Literal["cluster-pool", "kubernetes"]] | None = None
    mask_size: Input[int] | None = None
    mask_size_ipv6: Input[int] | None = None
    port_map: Input[bool] | None = None
    hubble: Input[bool] | None = None
    operator_replicas: Input[int] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChartArgs(Typed):
    """Where a chart comes from, when not from its project's own repository."""

    repository: Input[str] | None = None
    path: Input[str] | None = None
    crds_path: Input[str] | None = None

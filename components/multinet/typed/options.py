"""What authors write of options. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Primary, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class AdoptArgs(Typed):
    """What is changed of a primary CNI that others manage, and nothing else of it."""

    plugin: Input[Literal["cilium"]]
    """Its `cni-exclusive` is set to "false", and its agents restart once to read it."""

    namespace: Input[str] | None = None
    """Where that Cilium is."""

    config_map: Input[str] | None = None
    """Name of that Cilium's ConfigMap."""

    daemon_set: Input[str] | None = None
    """Name of that Cilium's DaemonSet."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Calico(Primary):
    """Options of Calico; `operator.tigera.io/v1 Installation` explains each."""

    PLUGIN: ClassVar[str] = "calico"

    encapsulation: (
        Input[Literal["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"]] | None
    ) = None
    """Between nodes, of IPv4 pools."""

    encapsulation_ipv6: (
        Input[Literal["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"]] | None
    ) = None
    """The same for IPv6 pools; absent: as for IPv4."""

    nat_outgoing: Input[bool] | None = None
    """Whether pods leave the cluster under their node's address."""

    nat_outgoing_ipv6: Input[bool] | None = None
    """The same for IPv6; absent: as for IPv4."""

    block_size: Input[int] | None = None
    """Prefix length of the address block that a node gets at a time (IPv4)."""

    block_size_ipv6: Input[int] | None = None
    """The same for IPv6."""

    pool_name: Input[str] | None = None
    """Of the first IPv4 pool; absent: the operator's own."""

    bgp: Input[bool] | None = None
    """Whether BGP runs between the nodes."""

    dataplane: Input[Literal["Iptables", "Nftables", "BPF"]] | None = None
    """What Calico programs on the nodes."""

    node_address_autodetection: Input[Mapping[str, Any]] | None = None
    """As in the Installation, e.g. `{interface: "eth.*"}`."""

    api_server: Input[bool] | None = None
    """Whether Calico's own API server runs: kubectl needs it, and so does a change of the pools."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cilium(Primary):
    """Options of Cilium; its chart's values explain each."""

    PLUGIN: ClassVar[str] = "cilium"

    exclusive: Input[bool] | None = None
    """Whether the agent renames every other CNI configuration of the node; with Multus it has to be
    false.
    """

    kube_proxy_replacement: Input[bool] | None = None
    """Whether Cilium serves services in place of kube-proxy."""

    tunnel_protocol: Input[Literal["vxlan", "geneve"]] | None = None
    """Between nodes, with routingMode tunnel."""

    routing_mode: Input[Literal["tunnel", "native"]] | None = None
    """How packets travel between nodes."""

    native_routing_cidr: Input[str] | None = None
    """What is routed without masquerading."""

    native_routing_cidr_ipv6: Input[str] | None = None
    """The same for IPv6."""

    auto_direct_node_routes: Input[bool] | None = None
    """Routes to each other node of one L2, with routingMode native."""

    ipam_mode: Input[Literal["cluster-pool", "kubernetes"]] | None = None
    """Who gives each node its share of the pod network."""

    mask_size: Input[int] | None = None
    """Prefix length of each node's share of podCidrs (IPv4)."""

    mask_size_ipv6: Input[int] | None = None
    """The same for IPv6."""

    port_map: Input[bool] | None = None
    """Chains the portmap plugin, for host ports without kubeProxyReplacement."""

    devices: Input[Sequence[Input[str]]] | None = None
    """Links of the node that carry its traffic, e.g. `eth0` or `eth+`; default: those with a
    default route. Where it finds none, pods get an MTU of 65520 bytes.
    """

    hubble: Input[bool] | None = None
    """Whether flows are recorded; its certificates come from a CronJob, never from rendering."""

    operator_replicas: Input[int] | None = None
    """How many operators run."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChartArgs(Typed):
    """Where a chart comes from, when not from its project's own repository."""

    repository: Input[str] | None = None
    """An HTTP(S) or oci:// repository, e.g. a mirror."""

    path: Input[str] | None = None
    """A chart's directory or .tgz on the machine that runs the program; wins over repository; say
    its `version` beside it.
    """

    crds_path: Input[str] | None = None
    """The same for Calico's chart of CRDs, which is apart from v3.32 on."""

"""Options of each primary CNI, and where its chart comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.ways_out import text_like
from multinet.settings.types import DnsLabel, Network
from multinet.untrusted import plain_json

Encapsulation = Literal["VXLAN", "VXLANCrossSubnet", "IPIP", "IPIPCrossSubnet", "None"]


PoolName = Annotated[
    str,
    text_like(
        r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
        "must be a name of Kubernetes: a-z, 0-9, '.' and '-', at most 63, none of those at the ends",
        "write it like default-pool",
    ),
]
Device = Annotated[
    str,
    text_like(
        r"^[^\s/:+]{1,15}\+?$",
        "must be a link's name of at most 15 characters, or the beginning of several with a +",
        "write it like eth0, or eth+ for all that begin so",
    ),
]


class ChartSettings(CheckedModel):
    """Where a chart comes from, when not from its project's own repository."""

    repository: str | None = None
    """An HTTP(S) or oci:// repository, e.g. a mirror."""
    path: str | None = None
    """A chart's directory or .tgz on the machine that runs the program; wins over repository; say
    its `version` beside it.
    """
    crds_path: str | None = None
    """The same for Calico's chart of CRDs, which is apart from v3.32 on."""

    def rules(self) -> Iterator[Finding]:
        if self.repository and not self.repository.startswith(("http://", "https://", "oci://")):
            rule = "a chart repository is an http://, https:// or oci:// address"
            way_out = "for a chart on disk use chart.path"
            yield Finding("not-a-repository", ("repository",), rule, way_out, self.repository)
        elif self.repository and self.repository.startswith("http://"):
            rule = "without TLS whoever is on the way can give the cluster another chart"
            path, warning = ("repository",), Severity.WARNING
            way_out = "use https:// or oci://, or a chart on disk (chart.path)"
            yield Finding("insecure-repository", path, rule, way_out, self.repository, warning)


class AdoptSettings(CheckedModel):
    """What is changed of a primary CNI that others manage, and nothing else of it."""

    plugin: Literal["cilium"]
    """Its `cni-exclusive` is set to "false", and its agents restart once to read it."""
    namespace: DnsLabel = "kube-system"
    """Where that Cilium is."""
    config_map: DnsLabel = "cilium-config"
    """Name of that Cilium's ConfigMap."""
    daemon_set: DnsLabel = "cilium"
    """Name of that Cilium's DaemonSet."""


class CalicoSettings(CheckedModel):
    """Options of Calico; `operator.tigera.io/v1 Installation` explains each."""

    encapsulation: Encapsulation = "VXLAN"
    """Between nodes, of IPv4 pools."""
    encapsulation_ipv6: Encapsulation | None = None
    """The same for IPv6 pools; absent: as for IPv4."""
    nat_outgoing: bool = True
    """Whether pods leave the cluster under their node's address."""
    nat_outgoing_ipv6: bool | None = None
    """The same for IPv6; absent: as for IPv4."""
    block_size: Annotated[int, Field(ge=20, le=32)] = 26
    """Prefix length of the address block that a node gets at a time (IPv4)."""
    block_size_ipv6: Annotated[int, Field(ge=116, le=128)] = 122
    """The same for IPv6."""
    pool_name: PoolName | None = None
    """Of the first IPv4 pool; absent: the operator's own."""
    bgp: bool = False
    """Whether BGP runs between the nodes."""
    dataplane: Literal["Iptables", "Nftables", "BPF"] = "Iptables"
    """What Calico programs on the nodes."""
    node_address_autodetection: dict[str, Any] | None = None
    """As in the Installation, e.g. `{interface: "eth.*"}`."""
    api_server: bool = True
    """Whether Calico's own API server runs: kubectl needs it, and so does a change of the pools."""

    def encapsulation_of(self, family: int) -> Encapsulation:
        """Encapsulation of pools of IPv4 or IPv6."""
        return self.encapsulation_ipv6 or self.encapsulation if family == 6 else self.encapsulation

    def nat_outgoing_of(self, family: int) -> bool:
        """Whether pools of IPv4 or IPv6 are left under the node's address."""
        own = self.nat_outgoing_ipv6 if family == 6 else None
        return self.nat_outgoing if own is None else own

    def block_size_of(self, family: int) -> int:
        """Prefix length of a block of IPv4 or IPv6."""
        return self.block_size_ipv6 if family == 6 else self.block_size

    def rules(self) -> Iterator[Finding]:
        _, unfit = plain_json.read(self.node_address_autodetection or {})
        for finding in unfit:
            yield finding.under(("nodeAddressAutodetection",))
        if self.bgp:
            return
        way_out = "set calico.bgp: true, or use VXLAN"
        for key, asked in (
            ("encapsulation", self.encapsulation),
            ("encapsulationIpv6", self.encapsulation_ipv6),
        ):
            if asked in ("IPIP", "IPIPCrossSubnet"):
                rule = f"encapsulation {asked} needs BGP to spread its routes"
                yield Finding("ipip-without-bgp", (key,), rule, way_out, asked)
            elif asked == "None":
                rule = "without encapsulation, BGP has to spread the routes between nodes"
                yield Finding("unencapsulated-without-bgp", (key,), rule, way_out, asked)


class CiliumSettings(CheckedModel):
    """Options of Cilium; its chart's values explain each."""

    exclusive: bool = False
    """Whether the agent renames every other CNI configuration of the node; with Multus it has to be
    false.
    """
    kube_proxy_replacement: bool = False
    """Whether Cilium serves services in place of kube-proxy."""
    tunnel_protocol: Literal["vxlan", "geneve"] = "vxlan"
    """Between nodes, with routingMode tunnel."""
    routing_mode: Literal["tunnel", "native"] = "tunnel"
    """How packets travel between nodes."""
    native_routing_cidr: Network | None = None
    """What is routed without masquerading."""
    native_routing_cidr_ipv6: Network | None = None
    """The same for IPv6."""
    auto_direct_node_routes: bool = False
    """Routes to each other node of one L2, with routingMode native."""
    ipam_mode: Literal["cluster-pool", "kubernetes"] = "cluster-pool"
    """Who gives each node its share of the pod network."""
    mask_size: Annotated[int, Field(ge=1, le=32)] = 24
    """Prefix length of each node's share of podCidrs (IPv4)."""
    mask_size_ipv6: Annotated[int, Field(ge=1, le=128)] = 120
    """The same for IPv6."""
    port_map: bool = False
    """Chains the portmap plugin, for host ports without kubeProxyReplacement."""
    devices: list[Device] = []
    """Links of the node that carry its traffic, e.g. `eth0` or `eth+`; default: those with a default
    route. Where it finds none, pods get an MTU of 65520 bytes.
    """
    hubble: bool = False
    """Whether flows are recorded; its certificates come from a CronJob, never from rendering."""
    operator_replicas: Annotated[int, Field(ge=1)] = 1
    """How many operators run."""

    def mask_size_of(self, family: int) -> int:
        """Prefix length of a node's share of IPv4 or IPv6."""
        return self.mask_size_ipv6 if family == 6 else self.mask_size

    def rules(self) -> Iterator[Finding]:
        if self.auto_direct_node_routes and self.routing_mode == "tunnel":
            rule = "the agent does not start with direct routes between nodes and a tunnel"
            way_out = "set cilium.routingMode: native, or leave autoDirectNodeRoutes out"
            yield Finding("direct-routes-with-tunnel", ("autoDirectNodeRoutes",), rule, way_out)
        for key, text, family in (
            ("nativeRoutingCidr", self.native_routing_cidr, 4),
            ("nativeRoutingCidrIpv6", self.native_routing_cidr_ipv6, 6),
        ):
            if text and ipaddress.ip_network(text).version != family:
                rule = f"must be a network of IPv{family}"
                way_out = "nativeRoutingCidr is for IPv4, nativeRoutingCidrIpv6 for IPv6"
                yield Finding("wrong-family", (key,), rule, way_out, text)

"""ovn-k8s-cni-overlay: a network that OVN-Kubernetes makes itself, overlay or physical."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import no_effect
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.ovn_k8s_subnets import (
    OvnAddresses,
    OvnSubnet,
    overlap_findings,
    read,
    split_findings,
)
from multinet.cni.reach import EVERYBODY, UNKNOWN, Reach
from multinet.cni.segment import Segment
from multinet.cni.types import EthernetMtu, Int64, NodePath, VlanId, address
from multinet.findings import Finding, Path
from multinet.findings.model import CheckedModel

_RESERVED: Final = ("default", "ovn-kubernetes")
_LAYER2_ONLY: Final = {
    "reservedSubnets": "reserved_subnets",
    "infrastructureSubnets": "infrastructure_subnets",
    "defaultGatewayIPs": "default_gateway_ips",
}


class EvpnVrf(CheckedModel):
    """One virtual routing and forwarding domain of EVPN."""

    vni: Annotated[int, Field(ge=1, le=2**24 - 1)]
    """VXLAN network identifier."""
    route_target: str | None = None
    """Of BGP."""
    vid: VlanId | None = None
    """VLAN on each node; OVN-Kubernetes sets it."""


class Evpn(CheckedModel):
    """How the network is joined with EVPN."""

    vtep: str
    """Name of the VTEP object that says which addresses the tunnels have."""
    mac_vrf: EvpnVrf | None = Field(None, alias="macVRF")
    """Of layer 2."""
    ip_vrf: EvpnVrf | None = Field(None, alias="ipVRF")
    """Of layer 3."""


class OvnK8s(PluginConf):
    """ovn-k8s-cni-overlay of OVN-Kubernetes v1.3.0.

    The cluster's primary network has to be OVN-Kubernetes, with its multi-network feature. Its
    controllers read the NAD itself: it stands alone, without a list of further plugins, and hands
    out addresses of `subnets` without an `ipam`. A network's name is the cluster's, not the
    namespace's: NADs of one name are one network, and have to say the same.
    """

    ONLY_WITH: ClassVar[str] = "OVN-Kubernetes"
    OWN_POLICIES: ClassVar[str] = "OVN-Kubernetes"
    READS_MAC: ClassVar[bool | None] = True
    ALONE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = (
        "ovn-kubernetes/ovn-kubernetes v1.3.0 go-controller/pkg/{cni,config,util}"
    )
    BROUGHT_BY: ClassVar[str] = "OVN-Kubernetes"

    type: Literal["ovn-k8s-cni-overlay"] = "ovn-k8s-cni-overlay"
    topology: Literal["", "layer2", "layer3", "localnet"] | None = None
    """`layer2`: one switch for the cluster; `layer3`: one for each node, routed; `localnet`: one
    that is joined with a physical network; absent: the cluster's primary network."""
    net_attach_def_name: str | None = None
    """`NAMESPACE/NAME` of the NAD, required with a topology."""
    subnets: str | None = None
    """Subnets between commas: a pod gets an address of each. layer3: each with the prefix length
    of a node's part behind it (24; IPv6: 64). Absent: pods bring their own."""
    exclude_subnets: str | None = None
    """Parts of the subnets that are not handed out; layer2 and localnet."""
    role: Literal["", "primary", "secondary"] | None = None
    """`primary`: the pods' first network in their namespace (secondary)."""
    mtu: EthernetMtu | None = None
    """Bytes; 0: the cluster's."""
    vlan_id: VlanId | None = Field(None, alias="vlanID")
    """VLAN of the physical network; localnet."""
    physical_network_name: str | None = None
    """As the nodes' bridge mappings have it; localnet (the network's name)."""
    allow_persistent_ips: bool | None = Field(None, alias="allowPersistentIPs")
    """Whether IPAMClaims keep addresses (false); layer2 and localnet."""
    join_subnet: str | None = None
    """Subnets between the routers (100.65.0.0/16,fd99::/64); not localnet."""
    transit_subnet: str | None = None
    """Subnets between the nodes' routers; primary layer2 networks."""
    reserved_subnets: str | None = None
    """Parts of the subnets for pods that ask; layer2."""
    infrastructure_subnets: str | None = None
    """Parts of the subnets for OVN-Kubernetes itself; primary layer2 networks."""
    default_gateway_ips: str | None = Field(None, alias="defaultGatewayIPs")
    """Gateways between commas (the subnets' first addresses); primary layer2 networks."""
    transport: Literal["", "no-overlay", "evpn"] | None = None
    """How packets get from node to node (Geneve tunnels)."""
    outbound_snat: Literal["", "enabled", "disabled"] | None = Field(None, alias="outboundSNAT")
    """Whether pods' addresses are hidden; no-overlay."""
    evpn: Evpn | None = None
    """Of the transport evpn."""
    uplink: str | None = None
    """Name of an Uplink object."""
    device_id: str | None = Field(None, alias="deviceID")
    """Virtual function; Multus adds it where the network has a `resourceName`."""
    log_file: NodePath | None = None
    """On the node (none)."""
    log_level: str | None = None
    """A number, as a string."""
    logfile_maxsize: Int64 | None = Field(None, alias="logfile-maxsize")
    """Megabytes at which the log is begun anew."""
    logfile_maxbackups: Int64 | None = Field(None, alias="logfile-maxbackups")
    """How many old logs are kept."""
    logfile_maxage: Int64 | None = Field(None, alias="logfile-maxage")
    """Days for which old logs are kept."""

    def rules(self) -> Iterator[Finding]:
        """What each topology and role takes."""
        yield from super().rules()
        if self.has_ipam and self.ipam is not None:
            rule = "OVN-Kubernetes hands out the addresses itself, and refuses an ipam"
            yield Finding("ipam-refused", ("ipam",), rule, "use subnets", self.ipam.type)
        if not self.topology:
            if self.subnets:
                rule = "without a topology this is the cluster's primary network"
                yield no_effect(("subnets",), rule, "set topology: layer2")
            return
        if self.name in _RESERVED:
            rule, way_out = "is the name of the cluster's primary network", "choose another"
            yield Finding("ovn-option", ("name",), rule, way_out, self.name)
        if not self.net_attach_def_name:
            rule = "OVN-Kubernetes finds the network by it: pods never start without"
            way_out = "write NAMESPACE/NAME of the NAD"
            yield Finding("missing-key", ("netAttachDefName",), rule, way_out)
        yield from self._of_topology()
        yield from self._of_role()
        yield from self._of_transport()
        yield from self._of_subnets()

    def _refused(self, key: str, value: object, rule: str) -> Iterator[Finding]:
        if value:
            yield Finding("ovn-option", (key,), rule, "remove it", value)

    def _of_topology(self) -> Iterator[Finding]:
        layer2, localnet = self.topology == "layer2", self.topology == "localnet"
        if not layer2:
            for key, field in _LAYER2_ONLY.items():
                yield from self._refused(key, getattr(self, field), "is for layer2 only")
        if localnet:
            yield from self._refused("joinSubnet", self.join_subnet, "localnet has no routers")
        else:
            for key, given in {
                "vlanID": self.vlan_id,
                "physicalNetworkName": self.physical_network_name,
            }.items():
                if given:
                    yield no_effect((key,), f"{self.topology} has no physical network")
        if self.topology == "layer3":
            rule = "layer3 gives each node's pods other addresses: none can be kept"
            yield from self._refused("allowPersistentIPs", self.allow_persistent_ips, rule)
            if self.exclude_subnets:
                yield no_effect(("excludeSubnets",), "layer3 hands out what is excluded, too")
        elif self.allow_persistent_ips and not self.subnets:
            yield no_effect(("allowPersistentIPs",), "without subnets there are no addresses")

    def _of_role(self) -> Iterator[Finding]:
        primary = self.role == "primary"
        if primary and self.topology == "localnet":
            rule = "a localnet network is always a secondary one"
            yield from self._refused("role", self.role, rule)
        if not self.subnets and (self.topology == "layer3" or (primary and self.topology)):
            rule = f"a {self.role if primary else self.topology} network needs subnets"
            yield Finding("ovn-subnets", ("subnets",), rule, "add subnets, e.g. 10.128.0.0/16")
        if self.transit_subnet and not (primary and self.topology == "layer2"):
            yield no_effect(("transitSubnet",), "only primary layer2 networks have one")

    def _of_transport(self) -> Iterator[Finding]:
        if self.outbound_snat and self.transport != "no-overlay":
            rule = "is for the transport no-overlay only"
            yield from self._refused("outboundSNAT", self.outbound_snat, rule)
        if self.evpn is not None and self.transport != "evpn":
            yield no_effect(("evpn",), "the transport is not evpn", "set transport: evpn")

    def _of_subnets(self) -> Iterator[Finding]:
        layer3 = self.topology == "layer3"
        subnets = yield from _subnets_at(("subnets",), self.subnets, split=layer3)
        if layer3:
            yield from split_findings(subnets, ("subnets",))
        if self.topology != "localnet":
            yield from overlap_findings(subnets, ("subnets",))
        for key, text in {
            "joinSubnet": self.join_subnet,
            "transitSubnet": self.transit_subnet,
        }.items():
            yield from _subnets_at((key,), text)
        if layer3:
            return
        for key, text in {
            "excludeSubnets": self.exclude_subnets,
            "reservedSubnets": self.reserved_subnets,
            "infrastructureSubnets": self.infrastructure_subnets,
        }.items():
            parts = yield from _subnets_at((key,), text)
            for part in parts:
                if not any(_within(part, whole) for whole in subnets):
                    rule = f"{part.network} is in none of the subnets"
                    way_out = "choose a part of one of them"
                    yield Finding("ovn-subnets", (key,), rule, way_out, str(part.network))
        for text in (self.default_gateway_ips or "").split(",") if self.default_gateway_ips else ():
            try:
                address(text.strip())
            except ValueError:
                rule, way_out = "must be addresses between commas", "write it like 192.0.2.1"
                yield Finding("not-an-address", ("defaultGatewayIPs",), rule, way_out, text)

    def of_nad(self, namespace: str, name: str) -> Iterator[Finding]:
        """OVN-Kubernetes finds the NAD by the name that stands here."""
        own = f"{namespace}/{name}"
        if self.topology and self.net_attach_def_name not in (None, "", own):
            rule = f"this network's NAD is {own}: OVN-Kubernetes refuses another name here"
            path, given = ("netAttachDefName",), self.net_attach_def_name
            yield Finding("nad-name-mismatch", path, rule, f"write {own}", given)

    @property
    def addressing(self) -> tuple[Path, IpamConf] | None:
        """Its own, of `subnets`; without any, pods bring their addresses."""
        if not self.topology:
            return None
        if not self.subnets:
            return ("subnets",), OvnAddresses()
        excluded = "" if self.topology == "layer3" else self.exclude_subnets or ""
        own = OvnAddresses(
            subnets_text=self.subnets,
            excluded_text=excluded,
            split=self.topology == "layer3",
            for_pods_that_ask=self.role == "primary" and self.topology == "layer2",
        )
        return ("subnets",), own

    @property
    def sets_routes(self) -> bool:
        """It takes none from an IPAM."""
        return False

    def segment(self, resource_name: str = "") -> Segment | None:
        """The physical network of a localnet; an overlay is one for itself."""
        del resource_name
        network = self.physical_network_name or self.name
        if self.topology != "localnet" or not network:
            return None
        return Segment(network, self.vlan_id or 0, kind="physical")

    def variant(self) -> str:
        """Its topology, and that it is a primary network."""
        return " ".join(
            word for word in (self.role if self.role == "primary" else "", self.topology) if word
        )

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Everybody: over the tunnels, the routers, or the physical network."""
        del uplinked
        return EVERYBODY if self.topology else UNKNOWN

    def untried(self) -> str:
        """A namespace's primary network."""
        if self.role == "primary":
            return "pods of its namespace get it without asking, in place of eth0's (role)"
        return ""


def _subnets_at(
    path: Path, text: str | None, *, split: bool = False
) -> Generator[Finding, None, list[OvnSubnet]]:
    """What could be read of a string of subnets."""
    try:
        return read(text or "", split=split)
    except ValueError as error:
        way_out = "write e.g. 10.128.0.0/16, several with commas between them"
        yield Finding("ovn-subnets", path, str(error), way_out, text)
        return []


def _within(part: OvnSubnet, whole: OvnSubnet) -> bool:
    inner, outer = part.network, whole.network
    return inner.version == outer.version and inner.network_address in outer

"""bridge: pods of a node on a Linux bridge that the plugin makes."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import Reach
from multinet.cni.routes import default_route
from multinet.cni.segment import LinkAddress, Segment, link_segment
from multinet.cni.types import Address, EthernetMtu, InterfaceName, Subnet, VlanId, reaches
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart

_DEFAULT_BRIDGE = "cni0"
_LONGEST_NAME = 15
_LINK_LOCAL = ipaddress.ip_network("fe80::/64")


class TrunkEntry(CheckedModel):
    """VLANs that a trunk port carries: one, or a range."""

    min_id: int | None = Field(None, alias="minID", ge=1, le=4094)
    """The first of a range, 1 to 4094."""
    max_id: int | None = Field(None, alias="maxID", ge=1, le=4094)
    """The last of it."""
    id: int | None = Field(None, ge=1, le=4094)
    """One VLAN, 1 to 4094."""

    def rules(self) -> Iterator[Finding]:
        """A range has both ends, in order."""
        if (self.min_id is None) != (self.max_id is None):
            given, absent = ("minID", "maxID") if self.max_id is None else ("maxID", "minID")
            rule = f"{given!r} needs {absent!r} beside it"
            yield Finding("trunk-range", (given,), rule, f"add {absent}, or use 'id' for one VLAN")
        elif self.min_id is not None and self.max_id is not None and self.min_id > self.max_id:
            rule = f"the range ends ({self.max_id}) before it starts ({self.min_id})"
            yield Finding("trunk-range", ("minID",), rule, "swap the two", self.min_id)


class Bridge(PluginConf):
    """bridge of the CNI reference plugins v1.9.1.

    All switches are false when absent. IPAM is optional.
    """

    VETH: ClassVar[bool | None] = True
    READS_MAC: ClassVar[bool | None] = True
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/bridge"
    HINTS: ClassVar[Mapping[str, str]] = {
        "master": "name the bridge as 'bridge'; a link becomes its port under nodes.<name>.links:"
        " {br1: {kind: bridge, ports: [eth1]}}",
        "vlanId": "write it as 'vlan'",
        "trunk": "write it as 'vlanTrunk'",
    }

    type: Literal["bridge"] = "bridge"
    bridge: InterfaceName | None = None
    """The link's name (cni0); made when it is not there."""
    is_gateway: bool | None = None
    """The bridge gets the gateway's address."""
    is_default_gateway: bool | None = None
    """And pods a default route through it."""
    force_address: bool | None = None
    """Replace another address on the bridge."""
    ip_masq: bool | None = None
    """Masquerade what leaves the subnet."""
    ip_masq_backend: Literal["iptables", "nftables"] | None = None
    """iptables where there is one, else nftables."""
    mtu: EthernetMtu | None = None
    """Bytes; 0: the kernel's."""
    hairpin_mode: bool | None = None
    """Packets may leave through the port they came from; not with promiscMode."""
    promisc_mode: bool | None = None
    """The bridge takes all packets; not with hairpinMode."""
    vlan: VlanId | None = None
    """Access VLAN of the pod's port, 1 to 4094 (0: none)."""
    vlan_trunk: list[TrunkEntry] | None = None
    """VLANs that the pod's port carries tagged."""
    preserve_default_vlan: bool | None = None
    """Keep VLAN 1 too."""
    macspoofchk: bool | None = None
    """Drop frames with other source MACs."""
    enabledad: bool | None = None
    """Wait for duplicate address detection."""
    disable_container_interface: bool | None = None
    """Leave the pod's end down."""
    port_isolation: bool | None = None
    """Pods of the node cannot talk to each other (plugins ≥ 1.7)."""

    @property
    def gateway_on_bridge(self) -> bool:
        """Whether the bridge gets the gateway's address."""
        return bool(self.is_gateway or self.is_default_gateway)

    def rules(self) -> Iterator[Finding]:
        """Options that exclude each other, and the name of the gateway's interface."""
        yield from apart(
            super().rules(), self._modes(), self._left_down(), self._name(), self._lease()
        )
        yield from apart(self._default_gateway(), self._default_route(), self._own_link_local())

    def _modes(self) -> Iterator[Finding]:
        if self.hairpin_mode and self.promisc_mode:
            rule = "'hairpinMode' and 'promiscMode' exclude each other"
            yield Finding("options-exclude-each-other", ("promiscMode",), rule, "keep one of them")

    def _left_down(self) -> Iterator[Finding]:
        if self.disable_container_interface and self.has_ipam:
            rule = "'disableContainerInterface' leaves the interface down, so it can have no IPAM"
            way_out = "remove ipam, or disableContainerInterface"
            yield Finding("options-exclude-each-other", ("ipam",), rule, way_out)

    def _name(self) -> Iterator[Finding]:
        name = f"{self.node_link()}.{self.vlan}"
        if self.vlan and self.gateway_on_bridge and self.has_ipam and len(name) > _LONGEST_NAME:
            rule = f"the gateway's interface would be called {name!r}: over {_LONGEST_NAME} bytes"
            yield Finding("bridge-name-too-long", ("bridge",), rule, "shorten it", self.bridge)

    def _lease(self) -> Iterator[Finding]:
        if self.ipam is not None and self.ipam.type == "dhcp":
            rule = "bridge takes the interface away before its lease can be given back"
            path, warning = ("ipam", "type"), Severity.WARNING
            way_out = "let the server's leases end soon, or use macvlan, which gives them back"
            yield Finding("lease-kept", path, rule, way_out, "dhcp", warning)

    def _default_gateway(self) -> Iterator[Finding]:
        """`isDefaultGateway` adds a default route, which must be possible."""
        if not self.is_default_gateway or self.ipam is None or not self.has_ipam:
            return
        near = self.ipam.on_link()
        for subnet, gateway in self.ipam.given():
            usable = gateway is None or (
                gateway.version == subnet.version and any(reaches(s, gateway) for s in near)
            )
            if not usable and not (gateway and gateway.version == 6 and gateway.is_link_local):
                rule = f"'isDefaultGateway' routes through {gateway}, which {subnet} cannot reach"
                yield Finding("gateway-unusable", ("ipam",), rule, f"use a host of {subnet}")

    def _own_link_local(self) -> Iterator[Finding]:
        """The kernel gives a bridge one of its own, and the plugin adds none that overlaps."""
        if not self.gateway_on_bridge or self.force_address or self.ipam is None:
            return
        for _, gateway in self.ipam.given():
            if gateway is not None and gateway in _LINK_LOCAL:
                rule = f"the bridge has an address of {_LINK_LOCAL} already, and takes no {gateway}"
                way_out = "use a gateway of the subnet, or set forceAddress"
                yield Finding("gateway-unusable", ("ipam",), rule, way_out)

    def _default_route(self) -> Iterator[Finding]:
        """The route that `isDefaultGateway` adds is not there yet."""
        if not self.is_default_gateway or self.ipam is None or not self.has_ipam:
            return
        for i, route in enumerate(self.ipam.route_list()):
            version = route.destination.version
            given = any(s.version == version for s in self.ipam.on_link())
            if route.destination.prefixlen == 0 and version == 4 and given and not route.gw:
                path = ("ipam", "routes", i)
                rule = "'isDefaultGateway' adds this route too; the kernel refuses the second"
                yield Finding("duplicate-route", path, rule, "remove the route", route.dst)

    def bridge_vlans(self) -> tuple[str, list[tuple[int, int]]]:
        """The access VLAN of pods' ports, and those of the trunk."""
        found = [(self.vlan, self.vlan)] if self.vlan else []
        for entry in self.vlan_trunk or []:
            if entry.min_id is not None and entry.max_id is not None:
                found.append((entry.min_id, entry.max_id))
            if entry.id is not None:
                found.append((entry.id, entry.id))
        return self.bridge or _DEFAULT_BRIDGE, found

    def handed_on(self) -> list[tuple[Subnet, Address | None]]:
        """As a gateway, the bridge makes up what the IPAM does not say: the first address."""
        given = super().handed_on()
        if not self.gateway_on_bridge:
            return given
        return [(subnet, gateway or subnet.network_address + 1) for subnet, gateway in given]

    def segment(self, resource_name: str = "") -> Segment | None:
        """The bridge of that name on the pod's node; nodes do not share it by themselves."""
        del resource_name
        name = self.node_link()
        return link_segment(name, self.vlan or 0, shared=False)

    def node_link(self) -> str:
        """The bridge."""
        return self.bridge or _DEFAULT_BRIDGE

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Pods of a node; those of others where the bridge has a network card of it."""
        return Reach(across=self.node_link() in uplinked, same_node=not self.port_isolation)

    def default_routes(self) -> Iterator[Finding]:
        """Also the one that `isDefaultGateway` adds for the IPAM's gateway."""
        yield from super().default_routes()
        if self.is_default_gateway and self.has_ipam:
            yield default_route(("isDefaultGateway",), None, "sets a route that ")

    def link_addresses(self) -> Iterator[LinkAddress]:
        """The gateways, with `isGateway`."""
        for choice in self.ipam.choices() if self.ipam and self.gateway_on_bridge else ():
            for subnet, gateway in choice:
                named = gateway or subnet.network_address + 1
                if named.version == subnet.version:
                    own = ipaddress.ip_interface(f"{named}/{subnet.prefixlen}")
                    yield LinkAddress(own, len(choice) == 1, bool(self.force_address))

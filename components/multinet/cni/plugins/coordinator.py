"""coordinator: Spiderpool's routes and rules for a pod with several interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from multinet.cni.ipam.spiderpool import LogLevel
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import (
    Int64,
    IpAddress,
    NodePath,
    OptionalInterfaceName,
    address,
    cidr,
)
from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal

_MAC_PREFIX: Final = re.compile(r"[0-9a-fA-F][02468aceACE]:[0-9a-fA-F]{2}")
_SINCE_V1: Final = "remove it: since v1.0 Spiderpool's own configuration decides"


def _is_mac_prefix(text: str) -> str:
    if text and not _MAC_PREFIX.fullmatch(text):
        rule = "must be the first two octets of a MAC address, not multicast"
        raise refusal("not-a-mac", rule, "write it like 0a:1b")
    return text


def _is_trimmed_cidr(text: str) -> str:
    try:
        cidr(text.strip())
    except ValueError:
        way_out = "write address/prefix length, like 192.0.2.0/24"
        raise refusal("not-a-cidr", "must be a network (CIDR)", way_out) from None
    return text


def _is_ipv4(text: str) -> str:
    try:
        is_v4 = not text or address(text).version == 4
    except ValueError:
        is_v4 = False
    if not is_v4:
        rule = "must be an IPv4 address without prefix length"
        raise refusal("not-an-address", rule, "write it like 169.254.200.1")
    return text


def _is_destination(text: str) -> str:
    try:
        if "/" not in text:
            address(text.strip())
        else:
            cidr(text.strip())
    except ValueError:
        rule = "must be an address or a network (CIDR)"
        raise refusal("not-a-cidr", rule, "write it like 192.0.2.0/24") from None
    return text


Networks = list[Annotated[str, AfterValidator(_is_trimmed_cidr)]]
"""Networks in CIDR notation; blanks around them do no harm."""


class PolicyRoute(CheckedModel):
    """`dst`, an address or a network, through the gateway `gw` of the same IP family."""

    dst: Annotated[str, AfterValidator(_is_destination)]
    """An address or a network."""
    gw: IpAddress
    """The gateway, of the same IP family."""

    def rules(self) -> Iterator[Finding]:
        """Both are of one family."""
        target = self.dst.strip().partition("/")[0]
        if address(target).version != address(self.gw).version:
            rule = f"{self.gw} is not of the same IP family as {self.dst}"
            way_out = "name a gateway of the destination's family"
            yield Finding("route-gateway-family", ("gw",), rule, way_out, self.gw)


class LogOptions(CheckedModel):
    """What coordinator logs, where: the level has to be named beside the others."""

    log_level: LogLevel
    """debug, info, warn, error, fatal or panic."""
    log_file: NodePath | None = None
    """On the node (/var/log/spidernet/coordinator.log)."""
    log_max_size: Int64 | None = None
    """Megabytes at which the log is begun anew (100)."""
    log_max_age: Int64 | None = None
    """Days for which old logs are kept; 0 (default): for ever."""
    log_max_count: Int64 | None = None
    """How many old logs are kept; 0 (default): all."""

    def rules(self) -> Iterator[Finding]:
        """The level is not empty here."""
        if not self.log_level:
            rule, way_out = "coordinator refuses logOptions without a level", "write info"
            yield Finding("unknown-value", ("logLevel",), rule, way_out)


class Coordinator(PluginConf):
    """coordinator of Spiderpool v1.2.2; chained.

    It gives each interface a routing table of its own and leads the traffic to pods, services and
    the node through the primary network. What is absent here the cluster's SpiderCoordinator
    object says. It needs Spiderpool's agent on the node.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    UNREAD: ClassVar[Mapping[str, str]] = {
        "detectGateway": _SINCE_V1,
        "detectIPConflict": _SINCE_V1,
        "detectOptions": _SINCE_V1,
        "hostRPFilter": "set the sysctl on the node",
        "multusNicPrefix": "remove it",
    }
    SOURCE: ClassVar[str] = "spidernet-io/spiderpool v1.2.2 cmd/coordinator"
    BROUGHT_BY: ClassVar[str] = "Spiderpool's chart"

    type: Literal["coordinator"] = "coordinator"
    mode: Literal["", "auto", "underlay", "overlay", "disable"] | None = None
    """`overlay`: beside a primary network with a veth pair; `underlay`: the pod's first interface
    is one of the node's network; `auto`: told by the pod's interfaces; `disable`: does nothing."""
    overlay_pod_cidr: Networks | None = Field(None, alias="overlayPodCIDR")
    """Pods' networks, reached through the primary network."""
    service_cidr: Networks | None = Field(None, alias="serviceCIDR")
    """Services' networks, reached through the primary network."""
    hijack_cidr: Networks | None = Field(None, alias="hijackCIDR")
    """More networks that are reached through the node."""
    policy_routes: list[PolicyRoute] | None = None
    """Routes of this interface's table."""
    tune_pod_routes: bool | None = None
    """Whether each interface gets a table of its own (true)."""
    pod_default_route_nic: OptionalInterfaceName | None = None
    """Interface of the pod that keeps the default route (the first)."""
    pod_default_cni_nic: OptionalInterfaceName | None = None
    """The pod's first interface (eth0)."""
    pod_mac_prefix: Annotated[str, AfterValidator(_is_mac_prefix)] | None = Field(
        None, alias="podMACPrefix"
    )
    """First two octets of the interface's MAC address, whose others are its IP address's."""
    pod_rp_filter: Annotated[int, Field(ge=-(2**31), le=2)] | None = Field(
        None, alias="podRPFilter"
    )
    """rp_filter of the pod: 0, 1, 2; below 0: as it is."""
    host_rule_table: Int64 | None = None
    """Routing table of the node for ways to pods (500)."""
    tx_queue_len: Int64 | None = None
    """Packets that wait on the interface; 0: as it is."""
    veth_link_address: Annotated[str, AfterValidator(_is_ipv4)] | None = None
    """IPv4 address of the pod's veth0 in underlay mode (none)."""
    veth_mtu: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = Field(None, alias="vethMTU")
    """Bytes, of veth0 in underlay mode (1500)."""
    log_options: LogOptions | None = None
    """What it logs, where (debug, /var/log/spidernet/coordinator.log)."""

    @property
    def moves_routes(self) -> bool:
        """To tables of its own, for each interface."""
        return self.mode != "disable"

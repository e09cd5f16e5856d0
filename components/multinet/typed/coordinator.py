"""What authors write of coordinator. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyRoute(Typed):
    """`dst`, an address or a network, through the gateway `gw` of the same IP family."""

    dst: Input[str]
    """An address or a network."""

    gw: Input[str]
    """The gateway, of the same IP family."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class LogOptions(Typed):
    """What coordinator logs, where: the level has to be named beside the others."""

    log_level: Input[str]
    """debug, info, warn, error, fatal or panic."""

    log_file: Input[str] | None = None
    """On the node (/var/log/spidernet/coordinator.log)."""

    log_max_size: Input[int] | None = None
    """Megabytes at which the log is begun anew (100)."""

    log_max_age: Input[int] | None = None
    """Days for which old logs are kept; 0 (default): for ever."""

    log_max_count: Input[int] | None = None
    """How many old logs are kept; 0 (default): all."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Coordinator(Plugin):
    """coordinator of Spiderpool v1.2.2; chained."""

    TYPE: ClassVar[str] = "coordinator"
    KEYS: ClassVar[Mapping[str, str]] = {
        "overlay_pod_cidr": "overlayPodCIDR",
        "service_cidr": "serviceCIDR",
        "hijack_cidr": "hijackCIDR",
        "pod_mac_prefix": "podMACPrefix",
        "pod_rp_filter": "podRPFilter",
        "veth_mtu": "vethMTU",
    }

    mode: Input[Literal["", "auto", "underlay", "overlay", "disable"]] | None = None
    """`overlay`: beside a primary network with a veth pair; `underlay`: the pod's first interface
    is one of the node's network; `auto`: told by the pod's interfaces; `disable`: does nothing.
    """

    overlay_pod_cidr: Input[Sequence[Input[str]]] | None = None
    """Pods' networks, reached through the primary network."""

    service_cidr: Input[Sequence[Input[str]]] | None = None
    """Services' networks, reached through the primary network."""

    hijack_cidr: Input[Sequence[Input[str]]] | None = None
    """More networks that are reached through the node."""

    policy_routes: Input[Sequence[PolicyRoute | Input[Mapping[str, Any]]]] | None = None
    """Routes of this interface's table."""

    tune_pod_routes: Input[bool] | None = None
    """Whether each interface gets a table of its own (true)."""

    pod_default_route_nic: Input[str] | None = None
    """Interface of the pod that keeps the default route (the first)."""

    pod_default_cni_nic: Input[str] | None = None
    """The pod's first interface (eth0)."""

    pod_mac_prefix: Input[str] | None = None
    """First two octets of the interface's MAC address, whose others are its IP address's."""

    pod_rp_filter: Input[int] | None = None
    """rp_filter of the pod: 0, 1, 2; below 0: as it is."""

    host_rule_table: Input[int] | None = None
    """Routing table of the node for ways to pods (500)."""

    tx_queue_len: Input[int] | None = None
    """Packets that wait on the interface; 0: as it is."""

    veth_link_address: Input[str] | None = None
    """IPv4 address of the pod's veth0 in underlay mode (none)."""

    veth_mtu: Input[int] | None = None
    """Bytes, of veth0 in underlay mode (1500)."""

    log_options: LogOptions | Input[Mapping[str, Any]] | None = None
    """What it logs, where (debug, /var/log/spidernet/coordinator.log)."""

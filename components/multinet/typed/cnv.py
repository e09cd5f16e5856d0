"""What authors write of cnv. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin
from multinet.typed.bridge import TrunkEntry


@dataclasses.dataclass(frozen=True, kw_only=True)
class CnvBridge(Plugin):
    """bridge of the CNI reference plugins, as OpenShift Virtualization lays it out."""

    TYPE: ClassVar[str] = "cnv-bridge"
    bridge: Input[str] | None = None
    is_gateway: Input[bool] | None = None
    is_default_gateway: Input[bool] | None = None
    force_address: Input[bool] | None = None
    ip_masq: Input[bool] | None = None
    ip_masq_backend: Input[Literal["iptables", "nftables"]] | None = None
    mtu: Input[int] | None = None
    hairpin_mode: Input[bool] | None = None
    promisc_mode: Input[bool] | None = None
    vlan: Input[int] | None = None
    vlan_trunk: Input[Sequence[TrunkEntry | Input[Mapping[str, Any]]]] | None = None
    preserve_default_vlan: Input[bool] | None = None
    macspoofchk: Input[bool] | None = None
    enabledad: Input[bool] | None = None
    disable_container_interface: Input[bool] | None = None
    port_isolation: Input[bool] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class CnvTuning(Plugin):
    """tuning of the CNI reference plugins, as OpenShift Virtualization lays it out; chained."""

    TYPE: ClassVar[str] = "cnv-tuning"
    sysctl: Input[Mapping[str, Input[str]]] | None = None
    mac: Input[str] | None = None
    mtu: Input[int] | None = None
    promisc: Input[bool] | None = None
    allmulti: Input[bool] | None = None
    tx_q_len: Input[int] | None = None
    data_dir: Input[str] | None = None

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
    """The link's name (cni0); made when it is not there."""

    is_gateway: Input[bool] | None = None
    """The bridge gets the gateway's address."""

    is_default_gateway: Input[bool] | None = None
    """And pods a default route through it."""

    force_address: Input[bool] | None = None
    """Replace another address on the bridge."""

    ip_masq: Input[bool] | None = None
    """Masquerade what leaves the subnet."""

    ip_masq_backend: Input[Literal["iptables", "nftables"]] | None = None
    """iptables where there is one, else nftables."""

    mtu: Input[int] | None = None
    """Bytes; 0: the kernel's."""

    hairpin_mode: Input[bool] | None = None
    """Packets may leave through the port they came from; not with promiscMode."""

    promisc_mode: Input[bool] | None = None
    """The bridge takes all packets; not with hairpinMode."""

    vlan: Input[int] | None = None
    """Access VLAN of the pod's port, 1 to 4094 (0: none)."""

    vlan_trunk: Input[Sequence[TrunkEntry | Input[Mapping[str, Any]]]] | None = None
    """VLANs that the pod's port carries tagged."""

    preserve_default_vlan: Input[bool] | None = None
    """Keep VLAN 1 too."""

    macspoofchk: Input[bool] | None = None
    """Drop frames with other source MACs."""

    enabledad: Input[bool] | None = None
    """Wait for duplicate address detection."""

    disable_container_interface: Input[bool] | None = None
    """Leave the pod's end down."""

    port_isolation: Input[bool] | None = None
    """Pods of the node cannot talk to each other (plugins ≥ 1.7)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class CnvTuning(Plugin):
    """tuning of the CNI reference plugins, as OpenShift Virtualization lays it out; chained."""

    TYPE: ClassVar[str] = "cnv-tuning"

    sysctl: Input[Mapping[str, Input[str]]] | None = None
    """Values by name; `IFNAME` stands for the interface."""

    mac: Input[str] | None = None
    """Of the interface (as it is)."""

    mtu: Input[int] | None = None
    """Bytes; 0: as it is."""

    promisc: Input[bool] | None = None
    """Whether it takes all packets (as it is)."""

    allmulti: Input[bool] | None = None
    """Whether it takes all multicast (as it is)."""

    tx_q_len: Input[int] | None = None
    """Packets in its queue (as it is)."""

    data_dir: Input[str] | None = None
    """Where the node keeps the old values (/run/cni/tuning)."""

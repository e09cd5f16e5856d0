"""What authors write of bridge. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrunkEntry(Typed):
    """VLANs that a trunk port carries: one, or a range."""

    KEYS: ClassVar[Mapping[str, str]] = {"min_id": "minID", "max_id": "maxID"}

    min_id: Input[int] | None = None
    """The first of a range, 1 to 4094."""

    max_id: Input[int] | None = None
    """The last of it."""

    id: Input[int] | None = None
    """One VLAN, 1 to 4094."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bridge(Plugin):
    """bridge of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "bridge"

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

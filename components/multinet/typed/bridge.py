"""What authors write of bridge. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrunkEntry(Typed):
    """VLANs that a trunk port carries: `id`, or `min_id` to `max_id`; 1 to 4094."""

    KEYS: ClassVar[Mapping[str, str]] = {"min_id": "minID", "max_id": "maxID"}
    min_id: Input[int] | None = None
    max_id: Input[int] | None = None
    id: Input[int] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bridge(Plugin):
    """bridge of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "bridge"
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

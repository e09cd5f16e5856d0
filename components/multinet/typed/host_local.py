"""What authors write of host local. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed
from multinet.typed.route import Route


@dataclasses.dataclass(frozen=True, kw_only=True)
class Range(Typed):
    """A subnet, and which part of it is handed out; both ends included."""

    subnet: Input[str]
    """A network of /30 (IPv6: /126) or larger."""

    range_start: Input[str] | None = None
    """The first address; absent: the subnet's first."""

    range_end: Input[str] | None = None
    """The last; absent: the subnet's last, of IPv4 the one before the broadcast address."""

    gateway: Input[str] | None = None
    """The first address of the subnet; never handed out."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class HostLocal(Ipam):
    """host-local of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "host-local"

    subnet: Input[str] | None = None
    """A network of /30 (IPv6: /126) or larger."""

    range_start: Input[str] | None = None
    """The first address handed out; absent: the subnet's first."""

    range_end: Input[str] | None = None
    """The last one; absent: the subnet's last, of IPv4 the one before the broadcast address."""

    gateway: Input[str] | None = None
    """Absent: the subnet's first address; never handed out."""

    ranges: Input[Sequence[Input[Sequence[Range | Input[Mapping[str, Any]]]]]] | None = None
    """A list of range sets; a pod gets one address of each set."""

    routes: Input[Sequence[Route | Input[Mapping[str, Any]]]] | None = None
    """Routes that pods get."""

    data_dir: Input[str] | None = None
    """Where the node keeps what it gave out (/var/lib/cni/networks)."""

    resolv_conf: Input[str] | None = None
    """File on the node whose DNS settings pods get."""

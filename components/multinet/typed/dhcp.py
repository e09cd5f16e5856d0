"""What authors write of dhcp. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestOption(Typed):
    """An option to ask the server for."""

    skip_default: Input[bool] | None = None
    """Do not ask for the default ones."""

    option: Input[str] | None = None
    """Its number, or its name."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProvideOption(Typed):
    """An option to tell the server."""

    option: Input[str]
    """Its number, or its name."""

    value: Input[str] | None = None
    """At most 255 bytes."""

    from_arg: Input[str] | None = None
    """A CNI argument whose value it is."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dhcp(Ipam):
    """dhcp of the CNI reference plugins v1.9.1; needs `dhcp daemon` on every node."""

    TYPE: ClassVar[str] = "dhcp"

    daemon_socket_path: Input[str] | None = None
    """The daemon's (/run/cni/dhcp.sock)."""

    request: Input[Sequence[RequestOption | Input[Mapping[str, Any]]]] | None = None
    """DHCP options to ask for."""

    provide: Input[Sequence[ProvideOption | Input[Mapping[str, Any]]]] | None = None
    """DHCP options to tell."""

    priority: Input[int] | None = None
    """Metric of the routes (0: the kernel's)."""

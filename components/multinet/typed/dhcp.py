"""What authors write of dhcp. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class RequestOption(Typed):
    """`option` to ask the server for; `skip_default`: do not ask for the default ones."""

    skip_default: Input[bool] | None = None
    option: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class ProvideOption(Typed):
    """`option` to tell the server: a `value` of at most 255 bytes, or a CNI argument's."""

    option: Input[str]
    value: Input[str] | None = None
    from_arg: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dhcp(Ipam):
    """dhcp of the CNI reference plugins v1.9.1; needs `dhcp daemon` on every node."""

    TYPE: ClassVar[str] = "dhcp"
    daemon_socket_path: Input[str] | None = None
    request: Input[Sequence[RequestOption | Input[Mapping[str, Any]]]] | None = None
    provide: Input[Sequence[ProvideOption | Input[Mapping[str, Any]]]] | None = None
    priority: Input[int] | None = None

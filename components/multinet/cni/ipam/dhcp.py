"""dhcp: leases of a DHCP server on the network, kept by a daemon on each node."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.ipam.base import IpamConf
from multinet.cni.types import Int64, NodePath
from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal

DEFAULT_SOCKET = "/run/cni/dhcp.sock"
_NAMES = (
    "dhcp-client-identifier",
    "host-name",
    "routers",
    "subnet-mask",
    "user-class",
    "vendor-class-identifier",
)


def _is_option(text: str) -> str:
    number = re.fullmatch(r"[0-9]+", text)
    if text not in _NAMES and not (
        number and text.isascii() and int(text.lstrip("0")[:4] or 0) < 256
    ):
        rule = f"must be a DHCP option: its number from 0 to 255, or {', '.join(_NAMES)}"
        raise refusal("unknown-dhcp-option", rule, "write the number, in quotes")
    return text


def _is_optional_option(text: str) -> str:
    return _is_option(text) if text else text


class RequestOption(CheckedModel):
    """An option to ask the server for."""

    skip_default: bool | None = None
    """Do not ask for the default ones."""
    option: Annotated[str, AfterValidator(_is_optional_option)] | None = None
    """Its number, or its name."""


class ProvideOption(CheckedModel):
    """An option to tell the server."""

    option: Annotated[str, AfterValidator(_is_option)]
    """Its number, or its name."""
    value: Annotated[str, Field(max_length=255)] | None = None
    """At most 255 bytes."""
    from_arg: str | None = None
    """A CNI argument whose value it is."""


class Dhcp(IpamConf):
    """dhcp of the CNI reference plugins v1.9.1; needs `dhcp daemon` on every node.

    Routes come from the server: the default one through its router, or instead its classless ones,
    which it sends where `request` names option 121.
    """

    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/ipam/dhcp"
    SLOW_TO_FAIL: ClassVar[bool] = True
    HINTS: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("subnet", "range", "ranges", "rangeStart", "rangeEnd", "gateway", "routes", "dns"),
        "remove it: the DHCP server gives it",
    )

    type: Literal["dhcp"] = "dhcp"
    daemon_socket_path: NodePath | None = None
    """The daemon's (/run/cni/dhcp.sock)."""
    request: list[RequestOption] | None = None
    """DHCP options to ask for."""
    provide: list[ProvideOption] | None = None
    """DHCP options to tell."""
    priority: Int64 | None = None
    """Metric of the routes (0: the kernel's)."""

    def asked(self, text: str) -> Iterator[Finding]:
        """The plugin does not read what pods ask for."""
        rule, way_out = (
            "the DHCP server decides, not the pod",
            "reserve it there, and ask for a mac",
        )
        yield Finding("ips-without-effect", (), rule, way_out, text)

    def socket(self) -> str:
        """That of `dhcp daemon`."""
        return self.daemon_socket_path or DEFAULT_SOCKET

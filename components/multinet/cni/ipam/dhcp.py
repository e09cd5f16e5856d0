"""dhcp: leases of a DHCP server on the network, kept by a daemon on each node."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    """`option` to ask the server for; `skip_default`: do not ask for the default ones."""

    skip_default: bool | None = None
    option: Annotated[str, AfterValidator(_is_optional_option)] | None = None


class ProvideOption(CheckedModel):
    """`option` to tell the server: a `value` of at most 255 bytes, or a CNI argument's."""

    option: Annotated[str, AfterValidator(_is_option)]
    value: Annotated[str, Field(max_length=255)] | None = None
    from_arg: str | None = None


class Dhcp(IpamConf):
    """dhcp of the CNI reference plugins v1.9.1; needs `dhcp daemon` on every node.

    `daemon_socket_path` (/run/cni/dhcp.sock); `request`, `provide`: DHCP options; `priority`:
    metric of the routes (0: the kernel's). Routes come from the server: the default one through
    its router, or instead its classless ones, which it sends where `request` names option 121.
    """

    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/ipam/dhcp"
    SLOW_TO_FAIL: ClassVar[bool] = True

    type: Literal["dhcp"] = "dhcp"
    daemon_socket_path: NodePath | None = None
    request: list[RequestOption] | None = None
    provide: list[ProvideOption] | None = None
    priority: Int64 | None = None

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

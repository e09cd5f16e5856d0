"""spiderpool: addresses of pools that Spiderpool keeps for the whole cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.ipam.base import IpamConf
from multinet.cni.types import Int64, NodePath
from multinet.findings import Finding
from multinet.findings.model import refusal

_LEVELS = ("debug", "info", "warn", "error", "fatal", "panic")


def _is_level(text: str) -> str:
    if text and text.lower() not in _LEVELS:
        rule = f"must be one of {', '.join(_LEVELS)}, in any case"
        raise refusal("unknown-value", rule, "correct it")
    return text


LogLevel = Annotated[str, AfterValidator(_is_level)]
"""One of Spiderpool's words for how much is logged."""


class Spiderpool(IpamConf):
    """spiderpool, the IPAM plugin of Spiderpool v1.2.2.

    Its agent on each node hands the addresses out of SpiderIPPool objects, which hold subnet,
    gateway and routes: none of them is known here. A pod asks with Spiderpool's own annotations,
    like `ipam.spidernet.io/ippool`, which go before what is said here; `ips` of its networks is
    not heeded.
    """

    MIN_CNI_VERSION: ClassVar[str] = "0.3.0"
    MAX_CNI_VERSION: ClassVar[str] = "1.0.0"
    SOURCE: ClassVar[str] = "spidernet-io/spiderpool v1.2.2 cmd/spiderpool"
    BROUGHT_BY: ClassVar[str] = "Spiderpool's chart"

    type: Literal["spiderpool"] = "spiderpool"
    default_ipv4_ippool: list[str] | None = Field(None, alias="default_ipv4_ippool")
    """Pools for the IPv4 address, in turn, where neither pod nor namespace names any (the
    cluster's default ones)."""
    default_ipv6_ippool: list[str] | None = Field(None, alias="default_ipv6_ippool")
    """Pools for the IPv6 address, in turn, where neither pod nor namespace names any (the
    cluster's default ones)."""
    clean_gateway: bool | None = Field(None, alias="clean_gateway")
    """Whether pods get no default route (false)."""
    match_master_subnet: bool | None = Field(None, alias="match_master_subnet")
    """Whether the pool must be of the subnet of the function's NIC (false); for sriov."""
    ipam_unix_socket_path: NodePath | None = Field(None, alias="ipam_unix_socket_path")
    """Socket of the agent (/var/run/spidernet/spiderpool.sock)."""
    log_level: LogLevel | None = Field(None, alias="log_level")
    """How much it logs (debug)."""
    log_file_path: NodePath | None = Field(None, alias="log_file_path")
    """On the node (/var/log/spidernet/spiderpool.log)."""
    log_file_max_size: Int64 | None = Field(None, alias="log_file_max_size")
    """Megabytes at which the log is begun anew (100)."""
    log_file_max_age: Int64 | None = Field(None, alias="log_file_max_age")
    """Days for which old logs are kept; 0 (default): for ever."""
    log_file_max_count: Int64 | None = Field(None, alias="log_file_max_count")
    """How many old logs are kept; 0 (default): all."""

    def asked(self, text: str) -> Iterator[Finding]:
        """It reads no address of a pod's networks, and fails on one with a prefix length."""
        rule = "Spiderpool's own annotations say which address a pod gets, not its networks"
        way_out = "leave ips out; name a pool in the pod's annotation ipam.spidernet.io/ippools"
        yield Finding("ips-without-effect", (), rule, way_out, text)

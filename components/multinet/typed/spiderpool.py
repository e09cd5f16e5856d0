"""What authors write of spiderpool. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Ipam


@dataclasses.dataclass(frozen=True, kw_only=True)
class Spiderpool(Ipam):
    """spiderpool, the IPAM plugin of Spiderpool v1.2.2."""

    TYPE: ClassVar[str] = "spiderpool"
    KEYS: ClassVar[Mapping[str, str]] = {
        "default_ipv4_ippool": "default_ipv4_ippool",
        "default_ipv6_ippool": "default_ipv6_ippool",
        "clean_gateway": "clean_gateway",
        "match_master_subnet": "match_master_subnet",
        "ipam_unix_socket_path": "ipam_unix_socket_path",
        "log_level": "log_level",
        "log_file_path": "log_file_path",
        "log_file_max_size": "log_file_max_size",
        "log_file_max_age": "log_file_max_age",
        "log_file_max_count": "log_file_max_count",
    }

    default_ipv4_ippool: Input[Sequence[Input[str]]] | None = None
    """Pools for the IPv4 address, in turn, where neither pod nor namespace names any (the cluster's
    default ones).
    """

    default_ipv6_ippool: Input[Sequence[Input[str]]] | None = None
    """Pools for the IPv6 address, in turn, where neither pod nor namespace names any (the cluster's
    default ones).
    """

    clean_gateway: Input[bool] | None = None
    """Whether pods get no default route (false)."""

    match_master_subnet: Input[bool] | None = None
    """Whether the pool must be of the subnet of the function's NIC (false); for sriov."""

    ipam_unix_socket_path: Input[str] | None = None
    """Socket of the agent (/var/run/spidernet/spiderpool.sock)."""

    log_level: Input[str] | None = None
    """How much it logs (debug)."""

    log_file_path: Input[str] | None = None
    """On the node (/var/log/spidernet/spiderpool.log)."""

    log_file_max_size: Input[int] | None = None
    """Megabytes at which the log is begun anew (100)."""

    log_file_max_age: Input[int] | None = None
    """Days for which old logs are kept; 0 (default): for ever."""

    log_file_max_count: Input[int] | None = None
    """How many old logs are kept; 0 (default): all."""

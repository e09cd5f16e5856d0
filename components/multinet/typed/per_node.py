"""What authors write of per node. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class PerNodeArgs(Typed):
    """How each node's configuration is made of the network's."""

    block_size: Input[int] | None = None
    """Prefix length of each node's block of the IPv4 range that host-local hands out, such as 26:
    64 addresses. A node keeps its block for as long as it is a node.
    """

    block_size_ipv6: Input[int] | None = None
    """The same of the IPv6 range, such as 112."""

    nodes: Input[Mapping[str, Input[Mapping[str, Any]]]] | None = None
    """Node → what differs there, in the keys of the plugin that makes the interface, such as
    `master: ens5`.
    """

"""What authors write of macvlan. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Macvlan(Plugin):
    """macvlan of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "macvlan"

    master: Input[str] | None = None
    """The link; absent: the default route's."""

    mtu: Input[int] | None = None
    """Bytes, 0 (the master's) to the master's."""

    link_in_container: Input[bool] | None = None
    """Look for the master in the pod instead of the node (false)."""

    mode: Input[Literal["", "bridge", "private", "vepa", "passthru"]] | None = None
    """Who of the same master can talk to whom (bridge)."""

    mac: Input[str] | None = None
    """For a single pod."""

    bcqueuelen: Input[int] | None = None
    """Broadcast queue in packets (the kernel's default)."""

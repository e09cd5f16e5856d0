"""What authors write of tap. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tap(Plugin):
    """tap of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "tap"

    multi_queue: Input[bool] | None = None
    """Several queues (false)."""

    mtu: Input[int] | None = None
    """Bytes; 0: the kernel's."""

    mac: Input[str] | None = None
    """With colons."""

    owner: Input[int] | None = None
    """User who may open the device; absent: root."""

    group: Input[int] | None = None
    """Group who may open the device; absent: root's."""

    selinux_context: Input[str] | None = None
    """Label of the process that makes it."""

    bridge: Input[str] | None = None
    """A bridge *in the pod* that it becomes a port of."""

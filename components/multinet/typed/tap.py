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
    mtu: Input[int] | None = None
    mac: Input[str] | None = None
    owner: Input[int] | None = None
    group: Input[int] | None = None
    selinux_context: Input[str] | None = None
    bridge: Input[str] | None = None

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
    mtu: Input[int] | None = None
    link_in_container: Input[bool] | None = None
    mode: Input[Literal["", "bridge", "private", "vepa", "passthru"]] | None = None
    mac: Input[str] | None = None
    bcqueuelen: Input[int] | None = None

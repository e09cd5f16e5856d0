"""What authors write of loopback. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Loopback(Plugin):
    """loopback of the CNI reference plugins v1.9.1. No keys of its own, no IPAM."""

    TYPE: ClassVar[str] = "loopback"

"""What authors write of dummy. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dummy(Plugin):
    """dummy of the CNI reference plugins v1.9.1. No keys of its own; IPAM is required."""

    TYPE: ClassVar[str] = "dummy"

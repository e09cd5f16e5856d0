"""What authors write of whereabouts ranges. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class WhereaboutsRange(Typed):
    """`range`, narrowed by `range_start`, `range_end` (both included) and `exclude`."""

    KEYS: ClassVar[Mapping[str, str]] = {"range_start": "range_start", "range_end": "range_end"}
    range: Input[str]
    range_start: Input[str] | None = None
    range_end: Input[str] | None = None
    exclude: Input[Sequence[Input[str]]] | None = None

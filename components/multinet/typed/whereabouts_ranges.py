"""What authors write of whereabouts ranges. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class WhereaboutsRange(Typed):
    """A range."""

    KEYS: ClassVar[Mapping[str, str]] = {"range_start": "range_start", "range_end": "range_end"}

    range: Input[str]
    """A CIDR (host bits are ignored), or `start-end/length`."""

    range_start: Input[str] | None = None
    """The first address handed out."""

    range_end: Input[str] | None = None
    """The last one."""

    exclude: Input[Sequence[Input[str]]] | None = None
    """Parts of the range that are not handed out."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExtraAddress(Typed):
    """An address that every pod gets besides."""

    address: Input[str]
    """With prefix length."""

    gateway: Input[str] | None = None
    """Of its subnet."""

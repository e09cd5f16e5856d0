"""What authors write of sbr. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sbr(Plugin):
    """sbr of the CNI reference plugins v1.9.1; chained."""

    TYPE: ClassVar[str] = "sbr"

    table: Input[int] | None = None
    """Leads all addresses to that table and moves nothing: what is in it is up to others. Absent:
    the first free ones from 100 on.
    """

"""What authors write of host local. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed
from multinet.typed.route import Route


@dataclasses.dataclass(frozen=True, kw_only=True)
class Range(Typed):
    """A subnet, and which part of it is handed out; both ends included."""

    subnet: Input[str]
    range_start: Input[str] | None = None
    range_end: Input[str] | None = None
    gateway: Input[str] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class HostLocal(Ipam):
    """host-local of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "host-local"
    subnet: Input[str] | None = None
    range_start: Input[str] | None = None
    range_end: Input[str] | None = None
    gateway: Input[str] | None = None
    ranges: Input[Sequence[Input[Sequence[Range | Input[Mapping[str, Any]]]]]] | None = None
    routes: Input[Sequence[Route | Input[Mapping[str, Any]]]] | None = None
    data_dir: Input[str] | None = None
    resolv_conf: Input[str] | None = None

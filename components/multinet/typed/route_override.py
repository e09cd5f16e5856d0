"""What authors write of route override. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class OverrideRoute(Typed):
    """A route as route-override reads it."""

    dst: Input[str]
    """Its destination."""

    gw: Input[str] | None = None
    """Its gateway; absent: on the link itself."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class RouteOverride(Plugin):
    """route-override of openshift/route-override-cni, as of commit 391c1b0; chained."""

    TYPE: ClassVar[str] = "route-override"
    KEYS: ClassVar[Mapping[str, str]] = {
        "flush_routes": "flushroutes",
        "flush_gateway": "flushgateway",
        "del_routes": "delroutes",
        "add_routes": "addroutes",
        "skip_check": "skipcheck",
    }

    flush_routes: Input[bool] | None = None
    """Take away all routes but the subnets' own (false)."""

    flush_gateway: Input[bool] | None = None
    """Take away the default routes (false)."""

    del_routes: Input[Sequence[OverrideRoute | Input[Mapping[str, Any]]]] | None = None
    """Routes to take away."""

    add_routes: Input[Sequence[OverrideRoute | Input[Mapping[str, Any]]]] | None = None
    """Routes to add."""

    skip_check: Input[bool] | None = None
    """No CNI CHECK (false)."""

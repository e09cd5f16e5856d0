"""What authors write of site. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pulumi import Input

from multinet.typed.base import Primary, Typed
from multinet.typed.multus import MultusArgs
from multinet.typed.networks import NetworkArgs
from multinet.typed.primary_cni import PrimaryCniArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class SiteArgs(Typed):
    """The cluster that an add-on serves, as far as it has to know it."""

    multus: MultusArgs | Input[Mapping[str, Any]] | None = None
    """As it runs there: add-ons share its namespace, its mirror and its directories."""

    primary_cni: PrimaryCniArgs | Primary | Input[Mapping[str, Any]] | None = None
    """The cluster's primary CNI, which brings plugins of its own."""

    networks: Input[Mapping[str, NetworkArgs | Input[Mapping[str, Any]]]] | None = None
    """What is served: name → network."""

"""What authors write of primary cni. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import Input

from multinet.typed.base import WithPrimary
from multinet.typed.options import ChartArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class PrimaryCniArgs(WithPrimary):
    """Which primary CNI, and how."""

    pod_cidrs: Input[Sequence[Input[str]]] | None = None
    """The pods' networks, in CIDR notation."""

    service_cidrs: Input[Sequence[Input[str]]] | None = None
    """The services' networks, in CIDR notation."""

    version: Input[str] | None = None
    """Release; absent: the pinned one."""

    mtu: Input[int] | None = None
    """Bytes; 0: found by the plugin itself."""

    registry: Input[str] | None = None
    """A mirror's prefix for every image, the operator's included, e.g.
    `registry.example.org/mirror`.
    """

    chart: ChartArgs | Input[Mapping[str, Any]] | None = None
    """Where its chart comes from."""

    wait_for_rollout: Input[bool] | None = None
    """Whether an update waits until the primary is ready on every node."""

    rollout_timeout: Input[str] | None = None
    """How long it waits, such as 15m."""

    values: Input[Mapping[str, Any]] | None = None
    """Merged over the chart values computed here."""

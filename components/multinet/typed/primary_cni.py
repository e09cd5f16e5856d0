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
    """Which primary CNI, and how. `existing`: the cluster has one that others manage."""

    pod_cidrs: Input[Sequence[Input[str]]] | None = None
    service_cidrs: Input[Sequence[Input[str]]] | None = None
    version: Input[str] | None = None
    mtu: Input[int] | None = None
    registry: Input[str] | None = None
    chart: ChartArgs | Input[Mapping[str, Any]] | None = None
    wait_for_rollout: Input[bool] | None = None
    rollout_timeout: Input[str] | None = None
    values: Input[Mapping[str, Any]] | None = None

"""What authors write of environment. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pulumi import Input

from multinet.typed.base import Typed
from multinet.typed.multus import MultusArgs
from multinet.typed.networks import NetworkArgs
from multinet.typed.nodes import NodeArgs
from multinet.typed.primary_cni import PrimaryCniArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnvironmentArgs(Typed):
    """Everything that a stack file can say; one attribute for each `multinet:` key."""

    kubeconfig: Input[str] | None = None
    context: Input[str] | None = None
    primary_cni: PrimaryCniArgs | Input[Mapping[str, Any]] | None = None
    multus: MultusArgs | Input[Mapping[str, Any]] | None = None
    networks: Input[Mapping[str, NetworkArgs | Input[Mapping[str, Any]]]] | None = None
    nodes: Input[Mapping[str, NodeArgs | Input[Mapping[str, Any]]]] | None = None
    ignore: Input[Mapping[str, Input[str]]] | None = None

"""What authors write of environment. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pulumi import Input

from multinet.typed.addons import AddonsArgs
from multinet.typed.base import Primary, Typed
from multinet.typed.multus import MultusArgs
from multinet.typed.networks import NetworkArgs
from multinet.typed.nodes import NodeArgs
from multinet.typed.policies import PolicyArgs
from multinet.typed.primary_cni import PrimaryCniArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnvironmentArgs(Typed):
    """Everything that a stack file can say; one attribute for each `multinet:` key."""

    kubeconfig: Input[str] | None = None
    """A file's path or a kubeconfig's contents; absent: the ambient one."""

    context: Input[str] | None = None
    """Which of the kubeconfig's contexts; absent: its current one."""

    protect: Input[bool] | None = None
    """Whether Pulumi protects the environment: a destroy, and an update that would remove or
    replace something of it, is refused. Nodes, and networks with `protect: false`, may go.
    """

    primary_cni: PrimaryCniArgs | Primary | Input[Mapping[str, Any]] | None = None
    """Every pod's eth0: which primary CNI, and how."""

    multus: MultusArgs | Input[Mapping[str, Any]] | None = None
    """How Multus runs."""

    addons: AddonsArgs | Input[Mapping[str, Any]] | None = None
    """What networks need besides Multus, on every node, without SSH: each add-on is off unless
    said.
    """

    networks: Input[Mapping[str, NetworkArgs | Input[Mapping[str, Any]]]] | None = None
    """The secondary networks: name → network."""

    policies: Input[Mapping[str, PolicyArgs | Input[Mapping[str, Any]]]] | None = None
    """What pods may receive and send on networks: name → policy. The add-on networkPolicy enforces
    them.
    """

    nodes: Input[Mapping[str, NodeArgs | Input[Mapping[str, Any]]]] | None = None
    """What the nodes have and need: node's name → node. Nodes that are not named are left as they
    are.
    """

    ignore: Input[Mapping[str, Input[str]]] | None = None
    """Warnings that are known and accepted, wherever in the environment they are: code → reason; a
    network has its own `ignore`.
    """

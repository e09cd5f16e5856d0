"""What authors write of networks. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Literal

from pulumi import Input

from multinet.typed.base import Plugin, Typed
from multinet.typed.chain import Chain
from multinet.typed.per_node import PerNodeArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkArgs(Typed):
    """One network that pods can attach to."""

    config: Plugin | Chain | Input[Mapping[str, Any]] | Input[str] | None = None
    """The CNI configuration in the specification's own keys: an object, its JSON text, or the list
    form with `plugins`.
    """

    per_node: PerNodeArgs | Input[Mapping[str, Any]] | Input[Literal["provided"]] | None = None
    """A configuration of its own on each node, made of `config`: a block of its addresses, a parent
    of another name. Or, without config, `provided`: others lay one out, and Multus looks for it by
    the network's name in the node's /etc/cni/multus/net.d.
    """

    namespace: Input[str] | None = None
    """Of the NetworkAttachmentDefinition."""

    resource_name: Input[str] | None = None
    """Of a device plugin, such as SR-IOV's; Multus hands the device on."""

    labels: Input[Mapping[str, Input[str]]] | None = None
    """Of the NetworkAttachmentDefinition."""

    annotations: Input[Mapping[str, Input[str]]] | None = None
    """Of the NetworkAttachmentDefinition."""

    node_selector: Input[Mapping[str, Input[str]]] | None = None
    """Which nodes' pods can use it; empty: all."""

    protect: Input[bool] | None = None
    """Whether it may not leave the environment while live pods ask for it: `up` refuses that."""

    ignore: Input[Mapping[str, Input[str]]] | None = None
    """Warnings that are known and accepted: code → reason."""

"""What authors write of networks. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pulumi import Input

from multinet.typed.base import Plugin, Typed
from multinet.typed.chain import Chain


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkArgs(Typed):
    """One network: `config` in the CNI specification's own keys, as mapping, JSON or list."""

    config: Plugin | Chain | Input[Mapping[str, Any]] | Input[str]
    namespace: Input[str] | None = None
    resource_name: Input[str] | None = None
    labels: Input[Mapping[str, Input[str]]] | None = None
    annotations: Input[Mapping[str, Input[str]]] | None = None
    node_selector: Input[Mapping[str, Input[str]]] | None = None
    ignore: Input[Mapping[str, Input[str]]] | None = None

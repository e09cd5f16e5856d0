"""What authors write of chain. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chain(Typed):
    """The list form: `plugins` that run one after the other. CNI specification 1.1.0."""

    KEYS: ClassVar[Mapping[str, str]] = {"disable_gc": "disableGC"}
    cni_version: Input[str] = "1.0.0"
    cni_versions: Input[Sequence[Input[str]]] | None = None
    name: Input[str] | None = None
    disable_check: Input[bool] | None = None
    disable_gc: Input[bool] | None = None
    load_only_inlined_plugins: Input[bool] | None = None
    plugins: Input[Sequence[Plugin | Input[Mapping[str, Any]]]]

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
    """Version of the CNI specification that the plugins are given."""

    cni_versions: Input[Sequence[Input[str]]] | None = None
    """More versions that may be used; the highest known one is."""

    name: Input[str] | None = None
    """Of the CNI network; absent: the NAD's."""

    disable_check: Input[bool] | None = None
    """Leave CNI CHECK out."""

    disable_gc: Input[bool] | None = None
    """Leave CNI GC out."""

    load_only_inlined_plugins: Input[bool] | None = None
    """Take no plugins from files beside it."""

    plugins: Input[Sequence[Plugin | Input[Mapping[str, Any]]]]
    """In the order in which they run."""

"""What authors write of addons. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class CniPluginsAddonArgs(Typed):
    """The CNI reference plugins in every node's plugin directory, by a DaemonSet."""

    image: Input[str] | None = None
    """A whole reference of an image that has the plugins in /opt/cni/bin, and a POSIX shell with
    cat, cp, mkdir, mv, rm, sed, sha256sum, sleep, stat and sync; absent: the pinned one.
    """

    plugins: Input[Sequence[Input[str]]] | None = None
    """Which of them; absent: those that the networks call and the primary CNI does not bring."""

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AddonsArgs(Typed):
    """What networks need besides Multus, on every node, without SSH; each off unless said."""

    cni_plugins: CniPluginsAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = None
    """The CNI reference plugins in every node's plugin directory: true, or how. false: others bring
    them.
    """

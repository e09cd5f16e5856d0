"""What authors write of ipoib. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ipoib(Plugin):
    """ipoib-cni as of commit 84539a4."""

    TYPE: ClassVar[str] = "ipoib"

    master: Input[str]
    """IPoIB link of the node, or a partition's, like `ib0.8001`."""

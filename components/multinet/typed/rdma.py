"""What authors write of rdma. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rdma(Plugin):
    """rdma-cni v1.6.0; chained."""

    TYPE: ClassVar[str] = "rdma"
    KEYS: ClassVar[Mapping[str, str]] = {"device_id": "deviceID"}

    device_id: Input[str] | None = None
    """PCI address or auxiliary device; Multus adds it where the network has a `resourceName`."""

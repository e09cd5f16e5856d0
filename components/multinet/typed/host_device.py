"""What authors write of host device. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class HostDevice(Plugin):
    """host-device of the CNI reference plugins v1.9.1."""

    TYPE: ClassVar[str] = "host-device"
    KEYS: ClassVar[Mapping[str, str]] = {"pci_bus_id": "pciBusID"}
    device: Input[str] | None = None
    hwaddr: Input[str] | None = None
    kernelpath: Input[str] | None = None
    pci_bus_id: Input[str] | None = None

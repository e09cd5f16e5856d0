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
    """The link's name."""

    hwaddr: Input[str] | None = None
    """Its hardware address."""

    kernelpath: Input[str] | None = None
    """Its path below /sys/devices."""

    pci_bus_id: Input[str] | None = None
    """Its PCI address, like `0000:3d:00.1`."""

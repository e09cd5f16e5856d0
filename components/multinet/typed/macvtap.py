"""What authors write of macvtap. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Macvtap(Plugin):
    """macvtap-cni as of commit 0122d4d, after v0.13.1."""

    TYPE: ClassVar[str] = "macvtap"
    KEYS: ClassVar[Mapping[str, str]] = {"device_id": "deviceID"}

    device_id: Input[str] | None = None
    """The device plugin's name of the interface; Multus adds it, by the `resourceName`."""

    mtu: Input[int] | None = None
    """Bytes, at most the link's; 0: the link's."""

    promisc_mode: Input[bool] | None = None
    """Whether the interface takes all packets (false)."""

    owner: Input[int] | None = None
    """User who may open the tap device (107, KubeVirt's qemu)."""

    group: Input[int] | None = None
    """Group who may open the tap device (107, KubeVirt's qemu)."""

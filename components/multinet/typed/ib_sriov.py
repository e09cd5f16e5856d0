"""What authors write of ib sriov. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class IbSriov(Plugin):
    """ib-sriov-cni v1.3.0."""

    TYPE: ClassVar[str] = "ib-sriov"
    KEYS: ClassVar[Mapping[str, str]] = {"device_id": "deviceID", "link_state": "link_state"}

    device_id: Input[str] | None = None
    """PCI address of the function; Multus adds it where the network has a `resourceName`."""

    pkey: Input[str] | None = None
    """InfiniBand partition, like `0x7fff`; ib-kubernetes makes the pods' GUIDs members of it."""

    link_state: Input[Literal["", "auto", "enable", "disable"]] | None = None
    """Of the function (as the driver has it)."""

    rdma_isolation: Input[bool] | None = None
    """Whether its RDMA device moves to the pod (false); the node's RDMA must be exclusive."""

    ib_kubernetes_enabled: Input[bool] | None = None
    """Whether pods wait until ib-kubernetes has given them a GUID (false)."""

    vfio_pci_mode: Input[bool] | None = None
    """Whether the device is for a virtual machine, without interface (told by its driver)."""

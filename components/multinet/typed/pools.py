"""What authors write of pools. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class PoolArgs(Typed):
    """Virtual functions that pods get by one resource name: those for which all keys hold."""

    links: Input[Sequence[Input[str]]] | None = None
    """Of these cards, by the names of their links: `ens1f0` for all functions of one,
    `ens1f0#0-3,6` for some, counted from 0. They may have other names on other nodes: name all of
    them.
    """

    pci_addresses: Input[Sequence[Input[str]]] | None = None
    """With these PCI addresses of their own."""

    vendors: Input[Sequence[Input[str]]] | None = None
    """Of these vendors, as `8086`."""

    devices: Input[Sequence[Input[str]]] | None = None
    """Of these kinds, as `154c`."""

    drivers: Input[Sequence[Input[str]]] | None = None
    """With these drivers: vfio-pci for user space (DPDK), else the card's own, as iavf."""

    rdma: Input[bool] | None = None
    """Only those that can do RDMA, whose devices the pod gets, too."""

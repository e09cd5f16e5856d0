"""What authors write of tuning. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tuning(Plugin):
    """tuning of the CNI reference plugins v1.9.1; chained."""

    TYPE: ClassVar[str] = "tuning"

    sysctl: Input[Mapping[str, Input[str]]] | None = None
    """Values by name; `IFNAME` stands for the interface."""

    mac: Input[str] | None = None
    """Of the interface (as it is)."""

    mtu: Input[int] | None = None
    """Bytes; 0: as it is."""

    promisc: Input[bool] | None = None
    """Whether it takes all packets (as it is)."""

    allmulti: Input[bool] | None = None
    """Whether it takes all multicast (as it is)."""

    tx_q_len: Input[int] | None = None
    """Packets in its queue (as it is)."""

    data_dir: Input[str] | None = None
    """Where the node keeps the old values (/run/cni/tuning)."""

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
    mac: Input[str] | None = None
    mtu: Input[int] | None = None
    promisc: Input[bool] | None = None
    allmulti: Input[bool] | None = None
    tx_q_len: Input[int] | None = None
    data_dir: Input[str] | None = None

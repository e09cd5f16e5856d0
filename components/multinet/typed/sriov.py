"""What authors write of sriov. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sriov(Plugin):
    """sriov-cni v2.9.0."""

    TYPE: ClassVar[str] = "sriov"
    KEYS: ClassVar[Mapping[str, str]] = {
        "device_id": "deviceID",
        "vlan_qos": "vlanQoS",
        "min_tx_rate": "min_tx_rate",
        "max_tx_rate": "max_tx_rate",
        "link_state": "link_state",
    }
    device_id: Input[str] | None = None
    vlan: Input[int] | None = None
    vlan_qos: Input[int] | None = None
    vlan_proto: Input[str] | None = None
    mac: Input[str] | None = None
    min_tx_rate: Input[int] | None = None
    max_tx_rate: Input[int] | None = None
    spoofchk: Input[Literal["", "on", "off"]] | None = None
    trust: Input[Literal["", "on", "off"]] | None = None
    link_state: Input[Literal["", "auto", "enable", "disable"]] | None = None
    log_level: Input[Literal["", "panic", "error", "warning", "info", "debug"]] | None = None
    log_file: Input[str] | None = None

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
    """PCI address of the virtual function; Multus adds it where the network has a `resourceName`.
    """

    vlan: Input[int] | None = None
    """0 to 4094 (0: none)."""

    vlan_qos: Input[int] | None = None
    """Priority in the VLAN, 0 to 7."""

    vlan_proto: Input[str] | None = None
    """802.1q (default) or 802.1ad."""

    mac: Input[str] | None = None
    """For a single pod."""

    min_tx_rate: Input[int] | None = None
    """Mbit/s; 0: no limit."""

    max_tx_rate: Input[int] | None = None
    """Mbit/s; 0: no limit."""

    spoofchk: Input[Literal["", "on", "off"]] | None = None
    """Whether other source MACs are dropped."""

    trust: Input[Literal["", "on", "off"]] | None = None
    """Whether the pod may take more packets and change its MAC."""

    link_state: Input[Literal["", "auto", "enable", "disable"]] | None = None
    """Of the function."""

    log_level: Input[Literal["", "panic", "error", "warning", "info", "debug"]] | None = None
    """How much the plugin logs (info)."""

    log_file: Input[str] | None = None
    """Where to (stderr)."""

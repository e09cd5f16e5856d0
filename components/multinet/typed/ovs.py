"""What authors write of ovs. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class OvsTrunkEntry(Typed):
    """VLANs that a trunk port carries: `id`, or `min_id` to `max_id`; up to 4095."""

    KEYS: ClassVar[Mapping[str, str]] = {"min_id": "minID", "max_id": "maxID"}
    min_id: Input[int] | None = None
    max_id: Input[int] | None = None
    id: Input[int] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ovs(Plugin):
    """ovs-cni v0.40."""

    TYPE: ClassVar[str] = "ovs"
    KEYS: ClassVar[Mapping[str, str]] = {
        "device_id": "deviceID",
        "ofport_request": "ofport_request",
        "interface_type": "interface_type",
        "socket_file": "socket_file",
        "configuration_path": "configuration_path",
        "link_state_check_retries": "link_state_check_retries",
        "link_state_check_interval": "link_state_check_interval",
    }
    bridge: Input[str] | None = None
    vlan: Input[int] | None = None
    trunk: Input[Sequence[OvsTrunkEntry | Input[Mapping[str, Any]]]] | None = None
    mtu: Input[int] | None = None
    device_id: Input[str] | None = None
    ofport_request: Input[int] | None = None
    interface_type: Input[str] | None = None
    socket_file: Input[str] | None = None
    configuration_path: Input[str] | None = None
    link_state_check_retries: Input[int] | None = None
    link_state_check_interval: Input[int] | None = None

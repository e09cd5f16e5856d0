"""What authors write of ovs. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class OvsTrunkEntry(Typed):
    """VLANs that a trunk port carries: one, or a range."""

    KEYS: ClassVar[Mapping[str, str]] = {"min_id": "minID", "max_id": "maxID"}

    min_id: Input[int] | None = None
    """The first of a range, up to 4095."""

    max_id: Input[int] | None = None
    """The last of it."""

    id: Input[int] | None = None
    """One VLAN, up to 4095."""


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
    """Of Open vSwitch, on the node; may be absent where `deviceID` or a pod's `ovnPort` leads to
    one.
    """

    vlan: Input[int] | None = None
    """Access VLAN; absent: a trunk port."""

    trunk: Input[Sequence[OvsTrunkEntry | Input[Mapping[str, Any]]]] | None = None
    """The VLANs that a trunk port carries, instead of `vlan`."""

    mtu: Input[int] | None = None
    """Bytes; 0: the kernel's."""

    device_id: Input[str] | None = None
    """PCI address of a virtual function; Multus adds it where the network has a `resourceName`."""

    ofport_request: Input[int] | None = None
    """OpenFlow port, 1 to 65279 (0: any)."""

    interface_type: Input[str] | None = None
    """Of the OVS interface (internal)."""

    socket_file: Input[str] | None = None
    """OVSDB's (from `configuration_path`, else the system's)."""

    configuration_path: Input[str] | None = None
    """A file with these keys on the node."""

    link_state_check_retries: Input[int] | None = None
    """How often it looks whether the link is up (5)."""

    link_state_check_interval: Input[int] | None = None
    """Milliseconds between two looks (600)."""

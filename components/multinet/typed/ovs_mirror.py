"""What authors write of ovs mirror. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mirror(Typed):
    """A mirror of the bridge, by `name`; made where it is not there."""

    name: Input[str]
    """Of the mirror in Open vSwitch's database."""

    ingress: Input[bool] | None = None
    """Whether what comes from the pod is copied (false); of the producer."""

    egress: Input[bool] | None = None
    """Whether what goes to the pod is copied (false); of the producer."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OvsMirrorConsumer(Plugin):
    """ovs-mirror-consumer of ovs-cni v0.39.0; chained."""

    TYPE: ClassVar[str] = "ovs-mirror-consumer"
    KEYS: ClassVar[Mapping[str, str]] = {
        "socket_file": "socket_file",
        "configuration_path": "configuration_path",
    }

    bridge: Input[str] | None = None
    """Of Open vSwitch, the one of the ovs plugin before it (from the configuration file)."""

    mirrors: Input[Sequence[Mirror | Input[Mapping[str, Any]]]] | None = None
    """The mirrors that the port is part of (from the configuration file)."""

    socket_file: Input[str] | None = None
    """Of OVSDB (from the configuration file, else the system's)."""

    configuration_path: Input[str] | None = None
    """File on the node for what is not said here."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class OvsMirrorProducer(Plugin):
    """ovs-mirror-producer of ovs-cni v0.39.0; chained."""

    TYPE: ClassVar[str] = "ovs-mirror-producer"
    KEYS: ClassVar[Mapping[str, str]] = {
        "socket_file": "socket_file",
        "configuration_path": "configuration_path",
    }

    bridge: Input[str] | None = None
    """Of Open vSwitch, the one of the ovs plugin before it (from the configuration file)."""

    mirrors: Input[Sequence[Mirror | Input[Mapping[str, Any]]]] | None = None
    """The mirrors that the port is part of (from the configuration file)."""

    socket_file: Input[str] | None = None
    """Of OVSDB (from the configuration file, else the system's)."""

    configuration_path: Input[str] | None = None
    """File on the node for what is not said here."""

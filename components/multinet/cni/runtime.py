"""What a runtime hands to a plugin beside its own keys: `args` and `runtimeConfig`.

Written out in a network they are passed on as they are, and hold for every pod. Sources: CNI
conventions (args, runtimeConfig), the reference plugins v1.9.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, Field

from multinet.cni.types import OptionalMac
from multinet.findings import Path
from multinet.findings.model import CheckedModel


class CniArgs(CheckedModel):
    """`args.cni`: what plugins read of it, and any other keys."""

    model_config = ConfigDict(extra="allow")

    ips: list[str] | None = None
    """Addresses, for static and host-local."""
    mac: OptionalMac | None = None
    """A MAC address."""
    mtu: int | None = None
    """Bytes, for tuning."""
    promisc: bool | None = None
    """For tuning."""
    allmulti: bool | None = None
    """For tuning."""
    tx_q_len: int | None = Field(None, alias="txQLen")
    """For tuning."""
    sysctl: Mapping[str, str] | None = None
    """For tuning."""


class Args(CheckedModel):
    """`args`: what the CNI conventions call so; other keys are others' own."""

    model_config = ConfigDict(extra="allow")

    cni: CniArgs | None = None
    """Arguments for the plugins."""


class RuntimeConfig(CheckedModel):
    """`runtimeConfig`: what capabilities hand over, here the same for every pod."""

    model_config = ConfigDict(extra="allow")

    ips: list[str] | None = None
    """Addresses."""
    mac: OptionalMac | None = None
    """A MAC address."""
    device_id: str | None = Field(None, alias="deviceID")
    """A device plugin's device."""
    bandwidth: Mapping[str, Any] | None = None
    """Rates and bursts."""
    port_mappings: list[Mapping[str, Any]] | None = None
    """Ports of the node."""
    ip_ranges: list[list[Mapping[str, Any]]] | None = None
    """Ranges of host-local."""


def asked_ips(args: Args | None, runtime: RuntimeConfig | None) -> list[tuple[Path, str]]:
    """Addresses that are asked for for every pod, with the paths from the plugin object."""
    found: list[tuple[Path, str]] = []
    for path, ips in (
        (("args", "cni", "ips"), args.cni.ips if args and args.cni else None),
        (("runtimeConfig", "ips"), runtime.ips if runtime else None),
    ):
        found += [((*path, i), text) for i, text in enumerate(ips or ())]
    return found

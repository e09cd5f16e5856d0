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
    """`args.cni`: addresses for static and host-local, a MAC address, what tuning takes; any others."""

    model_config = ConfigDict(extra="allow")

    ips: list[str] | None = None
    mac: OptionalMac | None = None
    mtu: int | None = None
    promisc: bool | None = None
    allmulti: bool | None = None
    tx_q_len: int | None = Field(None, alias="txQLen")
    sysctl: Mapping[str, str] | None = None


class Args(CheckedModel):
    """`args`: what the CNI conventions call so, under `cni`; other keys are others' own."""

    model_config = ConfigDict(extra="allow")

    cni: CniArgs | None = None


class RuntimeConfig(CheckedModel):
    """`runtimeConfig`: what capabilities hand over, here the same for every pod."""

    model_config = ConfigDict(extra="allow")

    ips: list[str] | None = None
    mac: OptionalMac | None = None
    device_id: str | None = Field(None, alias="deviceID")
    bandwidth: Mapping[str, Any] | None = None
    port_mappings: list[Mapping[str, Any]] | None = None
    ip_ranges: list[list[Mapping[str, Any]]] | None = None


def asked_ips(args: Args | None, runtime: RuntimeConfig | None) -> list[tuple[Path, str]]:
    """Addresses that are asked for for every pod, with the paths from the plugin object."""
    found: list[tuple[Path, str]] = []
    for path, ips in (
        (("args", "cni", "ips"), args.cni.ips if args and args.cni else None),
        (("runtimeConfig", "ips"), runtime.ips if runtime else None),
    ):
        found += [((*path, i), text) for i, text in enumerate(ips or ())]
    return found

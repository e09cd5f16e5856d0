"""What authors write of kube ovn ipam. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Ipam, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class KubeOvnRoute(Typed):
    """A route."""

    dst: Input[str] | None = None
    """Where it leads; absent: the default one."""

    gw: Input[str] | None = None
    """Through which gateway."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class KubeOvnIpam(Ipam):
    """kube-ovn, the IPAM plugin of Kube-OVN v1.16.2."""

    TYPE: ClassVar[str] = "kube-ovn"
    KEYS: ClassVar[Mapping[str, str]] = {"server_socket": "server_socket"}

    server_socket: Input[str]
    """Of Kube-OVN's daemon (/run/openvswitch/kube-ovn-daemon.sock), required."""

    provider: Input[str] | None = None
    """`NAD.NAMESPACE`, as the Subnet object has it; absent: the cluster's primary network."""

    routes: Input[Sequence[KubeOvnRoute | Input[Mapping[str, Any]]]] | None = None
    """Routes of the interface, instead of the Subnet's default route."""

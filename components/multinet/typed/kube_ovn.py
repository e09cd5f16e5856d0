"""What authors write of kube ovn. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pulumi import Input

from multinet.typed.base import Plugin
from multinet.typed.kube_ovn_ipam import KubeOvnRoute


@dataclasses.dataclass(frozen=True, kw_only=True)
class KubeOvn(Plugin):
    """kube-ovn of Kube-OVN v1.16.2."""

    TYPE: ClassVar[str] = "kube-ovn"
    KEYS: ClassVar[Mapping[str, str]] = {
        "server_socket": "server_socket",
        "device_id": "deviceID",
        "vf_driver": "vf_driver",
        "vhost_user_socket_volume_name": "vhost_user_socket_volume_name",
        "vhost_user_socket_name": "vhost_user_socket_name",
        "vhost_user_socket_consumption": "vhost_user_socket_consumption",
    }

    server_socket: Input[str]
    """Of Kube-OVN's daemon (/run/openvswitch/kube-ovn-daemon.sock), required."""

    provider: Input[str] | None = None
    """`NAD.NAMESPACE.ovn`, as the Subnet object has it; absent: the cluster's primary network."""

    routes: Input[Sequence[KubeOvnRoute | Input[Mapping[str, Any]]]] | None = None
    """Routes of the interface, beside the Subnet's."""

    device_id: Input[str] | None = None
    """Virtual function; Multus adds it where the network has a `resourceName`."""

    vf_driver: Input[str] | None = None
    """Driver of the virtual function, like vfio-pci (the kernel's)."""

    vhost_user_socket_volume_name: Input[str] | None = None
    """Volume of the pod for DPDK's socket."""

    vhost_user_socket_name: Input[str] | None = None
    """Name of DPDK's socket in it."""

    vhost_user_socket_consumption: Input[str] | None = None
    """Who reads DPDK's socket: pod or kubevirt."""

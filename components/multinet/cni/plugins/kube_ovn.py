"""kube-ovn: a network that Kube-OVN makes itself, by a Subnet object of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.ipam.base import IpamConf
from multinet.cni.ipam.kube_ovn import KubeOvnRoute, provider_findings
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import NodePath
from multinet.findings import Finding, Path


class KubeOvn(PluginConf):
    """kube-ovn of Kube-OVN v1.16.2.

    Its daemon on each node makes the interface, with an address of the Subnet object whose
    `spec.provider` is the same as `provider` here: `NAD.NAMESPACE.ovn`. Subnet, gateway and MTU
    are that object's, and not known here. It never calls an IPAM plugin.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    READS_MAC: ClassVar[bool | None] = True
    VETH: ClassVar[bool | None] = True
    OWN_POLICIES: ClassVar[str] = "Kube-OVN"
    SOURCE: ClassVar[str] = "kubeovn/kube-ovn v1.16.2 cmd/cni, pkg/netconf, pkg/controller/pod.go"
    BROUGHT_BY: ClassVar[str] = "Kube-OVN"

    type: Literal["kube-ovn"] = "kube-ovn"
    server_socket: NodePath = Field(alias="server_socket", min_length=1)
    """Of Kube-OVN's daemon (/run/openvswitch/kube-ovn-daemon.sock), required."""
    provider: str | None = None
    """`NAD.NAMESPACE.ovn`, as the Subnet object has it; absent: the cluster's primary network."""
    routes: list[KubeOvnRoute] | None = None
    """Routes of the interface, beside the Subnet's."""
    device_id: str | None = Field(None, alias="deviceID")
    """Virtual function; Multus adds it where the network has a `resourceName`."""
    vf_driver: str | None = Field(None, alias="vf_driver")
    """Driver of the virtual function, like vfio-pci (the kernel's)."""
    vhost_user_socket_volume_name: str | None = Field(None, alias="vhost_user_socket_volume_name")
    """Volume of the pod for DPDK's socket."""
    vhost_user_socket_name: str | None = Field(None, alias="vhost_user_socket_name")
    """Name of DPDK's socket in it."""
    vhost_user_socket_consumption: str | None = Field(None, alias="vhost_user_socket_consumption")
    """Who reads DPDK's socket: pod or kubevirt."""

    def of_nad(self, namespace: str, name: str) -> Iterator[Finding]:
        """Its provider is the NAD's name."""
        yield from provider_findings(self.provider, f"{name}.{namespace}.ovn")

    @property
    def sets_routes(self) -> bool:
        """It takes none from an IPAM."""
        return False

    @property
    def addressing(self) -> tuple[Path, IpamConf] | None:
        """Its own, of the Subnet object."""
        return (), IpamConf(type=self.type)

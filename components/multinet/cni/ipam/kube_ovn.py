"""kube-ovn: addresses of a Subnet object of Kube-OVN, for other plugins' interfaces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.ipam.base import IpamConf
from multinet.cni.types import Cidr, NodePath, OptionalIpAddress
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel


class KubeOvnRoute(CheckedModel):
    """A route."""

    dst: Cidr | None = None
    """Where it leads; absent: the default one."""
    gw: OptionalIpAddress | None = None
    """Through which gateway."""


def provider_findings(given: str | None, own: str) -> Iterator[Finding]:
    """Kube-OVN's controller allocates for the NAD's own name, its daemon asks for what is here."""
    path, way_out = ("provider",), f"write {own}, as spec.provider of the Subnet object has it"
    if given in (None, "", "ovn"):
        rule = "without a provider the pod is given its primary interface's address once more"
        yield Finding("nad-name-mismatch", path, rule, way_out, given, Severity.WARNING)
    elif given != own:
        rule = f"Kube-OVN allocates addresses of {own} for this NAD: pods wait for ever"
        yield Finding("nad-name-mismatch", path, rule, way_out, given)


class KubeOvnIpam(IpamConf):
    """kube-ovn, the IPAM plugin of Kube-OVN v1.16.2.

    Its daemon hands out addresses of the Subnet object whose `spec.provider` is the same as
    `provider` here: `NAD.NAMESPACE`. Subnet and gateway are that object's, and not known here.
    """

    SOURCE: ClassVar[str] = "kubeovn/kube-ovn v1.16.2 cmd/cni, pkg/netconf, pkg/controller/pod.go"
    BROUGHT_BY: ClassVar[str] = "Kube-OVN"

    type: Literal["kube-ovn"] = "kube-ovn"
    server_socket: NodePath = Field(alias="server_socket", min_length=1)
    """Of Kube-OVN's daemon (/run/openvswitch/kube-ovn-daemon.sock), required."""
    provider: str | None = None
    """`NAD.NAMESPACE`, as the Subnet object has it; absent: the cluster's primary network."""
    routes: list[KubeOvnRoute] | None = None
    """Routes of the interface, instead of the Subnet's default route."""

    def of_nad(self, namespace: str, name: str) -> Iterator[Finding]:
        """Its provider is the NAD's name."""
        yield from provider_findings(self.provider, f"{name}.{namespace}")

"""ib-sriov: a virtual function of an InfiniBand card, picked by a device plugin."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.host_device import PciAddress
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment
from multinet.findings import Finding
from multinet.findings.model import refusal

_PARTITION_KEY: Final = re.compile(r"0[xX][0-9a-fA-F]{1,4}")


def _is_partition_key(text: str) -> str:
    if text and not _PARTITION_KEY.fullmatch(text):
        rule = "must be a partition key: up to four hexadecimal digits behind 0x"
        raise refusal("wrong-value", rule, 'write it like "0x7fff"')
    return text


class IbSriov(PluginConf):
    """ib-sriov-cni v1.3.0.

    The virtual function is named by `device_id`, or by Multus where the network has a
    `resourceName`. A pod brings its GUID with `infiniband-guid` (capability `infinibandGUID`), or
    ib-kubernetes gives it one. IPAM is optional; dhcp is refused.
    """

    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "k8snetworkplumbingwg/ib-sriov-cni v1.3.0 cmd, pkg/config, pkg/types"
    BROUGHT_BY: ClassVar[str] = "ib-sriov-cni's DaemonSet, the SR-IOV network operator or NVIDIA's"

    UNREAD: ClassVar[Mapping[str, str]] = {
        "guid": "let a pod ask with infiniband-guid, and add the capability infinibandGUID",
    }

    type: Literal["ib-sriov"] = "ib-sriov"
    device_id: PciAddress | None = Field(None, alias="deviceID")
    """PCI address of the function; Multus adds it where the network has a `resourceName`."""
    pkey: Annotated[str, AfterValidator(_is_partition_key)] | None = None
    """InfiniBand partition, like `0x7fff`; ib-kubernetes makes the pods' GUIDs members of it."""
    link_state: Literal["", "auto", "enable", "disable"] | None = Field(None, alias="link_state")
    """Of the function (as the driver has it)."""
    rdma_isolation: bool | None = None
    """Whether its RDMA device moves to the pod (false); the node's RDMA must be exclusive."""
    ib_kubernetes_enabled: bool | None = None
    """Whether pods wait until ib-kubernetes has given them a GUID (false)."""
    vfio_pci_mode: bool | None = None
    """Whether the device is for a virtual machine, without interface (told by its driver)."""

    def rules(self) -> Iterator[Finding]:
        """IPAMs that it takes; what does nothing."""
        yield from super().rules()
        if self.has_ipam and self.ipam is not None and self.ipam.type == "dhcp":
            rule, way_out = "ib-sriov refuses the dhcp IPAM", "use another, e.g. whereabouts"
            yield Finding("ipam-refused", ("ipam", "type"), rule, way_out, self.ipam.type)
        for key, given in {"ipam": self.has_ipam, "rdmaIsolation": self.rdma_isolation}.items():
            if self.vfio_pci_mode and given:
                yield no_effect((key,), "with vfioPciMode the pod has no interface")

    def past_rules(self) -> str:
        """With that driver there is no interface."""
        return "with vfioPciMode the pod has no interface" if self.vfio_pci_mode else ""

    def needs_device(self) -> bool:
        """Whether it names no virtual function itself."""
        return not self.device_id

    @property
    def sets_routes(self) -> bool:
        """Not so where the function has the driver for virtual machines."""
        return False

    def segment(self, resource_name: str = "") -> Segment | None:
        """The resource's fabric; a partition of it is one for itself."""
        if not resource_name:
            return None
        partition = f", partition {self.pkey}" if self.pkey else ""
        return Segment(f"{resource_name}{partition}", kind="resource")

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Through the fabric; on one node the card decides."""
        del uplinked
        return Reach(across=True, same_node=None)

    def asked_guid(self, text: str) -> Iterator[Finding]:
        """Its octets are between colons, and not all zeros."""
        rule = ""
        if "-" in text:
            rule = "ib-sriov reads GUIDs with colons only"
        elif not text.strip("0:"):
            rule = "ib-sriov refuses a GUID of zeros"
        if rule:
            yield Finding("not-a-guid", (), rule, "write it like 24:8a:07:03:00:8d:ae:2e", text)

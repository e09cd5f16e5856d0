"""rdma: the RDMA device of a virtual function, moved to the pod beside its interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.plugins.ib_sriov import IbSriov
from multinet.findings import Finding, Severity


class Rdma(PluginConf):
    """rdma-cni v1.6.0; chained.

    It goes after sriov or host-device. The nodes' RDMA subsystem must be exclusive (`rdma system
    set netns exclusive`, or the option netns_mode=0 of ib_core), else every pod fails. After
    ib-sriov its own `rdmaIsolation` does the same, and does it right.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "k8snetworkplumbingwg/rdma-cni v1.6.0 cmd/rdma, pkg/types"
    BROUGHT_BY: ClassVar[str] = "rdma-cni's DaemonSet, the SR-IOV network operator or NVIDIA's"

    type: Literal["rdma"] = "rdma"
    device_id: str | None = Field(None, alias="deviceID")
    """PCI address or auxiliary device; Multus adds it where the network has a `resourceName`."""

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """ib-sriov moves the RDMA device itself, before the interface, as InfiniBand needs it."""
        moved = next((p for p in before if isinstance(p, IbSriov)), None)
        if moved is not None and moved.rdma_isolation:
            rule = "ib-sriov has moved the RDMA device already: rdma finds none and fails"
            yield Finding("rdma-twice", ("type",), rule, "remove rdma, or rdmaIsolation")
        elif moved is not None:
            rule = "when the RDMA device moves, InfiniBand's interface is made anew on the node"
            way_out, warning = "set rdmaIsolation in ib-sriov instead", Severity.WARNING
            yield Finding("rdma-twice", ("type",), rule, way_out, None, warning)

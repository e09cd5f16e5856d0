"""sriov: a virtual function of an SR-IOV NIC, picked by a device plugin."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment
from multinet.cni.types import OptionalMac, VlanId
from multinet.findings import Finding
from multinet.findings.model import refusal
from multinet.findings.part import apart


def _is_vlan_protocol(text: str) -> str:
    if text.lower() not in ("802.1q", "802.1ad"):
        raise refusal("unknown-value", "must be one of 802.1q, 802.1ad", "802.1q is the usual one")
    return text


Rate = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Mbit/s; 0: no limit."""


class Sriov(PluginConf):
    """sriov-cni v2.9.0.

    What is absent is as the driver has it. IPAM is optional.
    """

    VETH: ClassVar[bool | None] = False
    READS_MAC: ClassVar[bool | None] = True
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "k8snetworkplumbingwg/sriov-cni v2.9.0 pkg/config, pkg/types"
    BROUGHT_BY: ClassVar[str] = "sriov-cni's DaemonSet, the SR-IOV network operator or NVIDIA's"

    type: Literal["sriov"] = "sriov"
    device_id: str | None = Field(None, alias="deviceID")
    """PCI address of the virtual function; Multus adds it where the network has a `resourceName`.
    """
    vlan: VlanId | None = None
    """0 to 4094 (0: none)."""
    vlan_qos: Annotated[int, Field(ge=0, le=7)] | None = Field(None, alias="vlanQoS")
    """Priority in the VLAN, 0 to 7."""
    vlan_proto: Annotated[str, AfterValidator(_is_vlan_protocol)] | None = None
    """802.1q (default) or 802.1ad."""
    mac: OptionalMac | None = None
    """For a single pod."""
    min_tx_rate: Rate | None = Field(None, alias="min_tx_rate")
    """Mbit/s; 0: no limit."""
    max_tx_rate: Rate | None = Field(None, alias="max_tx_rate")
    """Mbit/s; 0: no limit."""
    spoofchk: Literal["", "on", "off"] | None = None
    """Whether other source MACs are dropped."""
    trust: Literal["", "on", "off"] | None = None
    """Whether the pod may take more packets and change its MAC."""
    link_state: Literal["", "auto", "enable", "disable"] | None = Field(None, alias="link_state")
    """Of the function."""
    log_level: Literal["", "panic", "error", "warning", "info", "debug"] | None = None
    """How much the plugin logs (info)."""
    log_file: str | None = None
    """Where to (stderr)."""

    def rules(self) -> Iterator[Finding]:
        """VLAN options need a VLAN; the least rate is not above the greatest."""
        yield from apart(super().rules(), self._priority(), self._protocol(), self._rates())

    def _priority(self) -> Iterator[Finding]:
        yield from self._without_vlan("vlanQoS", self.vlan_qos)
        if self.vlan == 0 and self.vlan_qos:
            rule = "a priority above 0 needs a VLAN other than 0"
            yield Finding("vlan-missing", ("vlanQoS",), rule, "set vlan, 1 to 4094", self.vlan_qos)

    def _protocol(self) -> Iterator[Finding]:
        yield from self._without_vlan("vlanProto", self.vlan_proto)
        if self.vlan == 0 and (self.vlan_proto or "").lower() == "802.1ad":
            rule = "802.1ad needs a VLAN other than 0"
            way_out = "set vlan, 1 to 4094"
            yield Finding("vlan-missing", ("vlanProto",), rule, way_out, self.vlan_proto)

    def _without_vlan(self, key: str, value: str | int | None) -> Iterator[Finding]:
        if value is not None and self.vlan is None:
            rule = f"{key!r} needs a 'vlan'"
            yield Finding("vlan-missing", (key,), rule, "add vlan, 1 to 4094", value)

    def _rates(self) -> Iterator[Finding]:
        if self.min_tx_rate and self.max_tx_rate and self.min_tx_rate > self.max_tx_rate:
            rule = f"is above 'max_tx_rate' ({self.max_tx_rate} Mbit/s); the driver refuses it"
            yield Finding("rate-order", ("min_tx_rate",), rule, "swap the two", self.min_tx_rate)

    def needs_device(self) -> bool:
        """Whether it names no virtual function itself."""
        return not self.device_id

    @property
    def sets_routes(self) -> bool:
        """Not so with a user-space (DPDK) driver on the function."""
        return False

    def segment(self, resource_name: str = "") -> Segment | None:
        """The resource's physical function, with the VLAN."""
        if not resource_name:
            return None
        return Segment(resource_name, self.vlan or 0, kind="resource")

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Through the network; on one node the card's own switch decides."""
        del uplinked
        return Reach(across=True, same_node=None)

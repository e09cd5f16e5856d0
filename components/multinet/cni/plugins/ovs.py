"""ovs: a port on an Open vSwitch bridge of the node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from multinet.cni.plugins.base import PluginConf
from multinet.cni.segment import Segment
from multinet.cni.types import EthernetMtu, OptionalInterfaceName
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel

OvsVlanId = Annotated[int, Field(ge=0, le=4095)]
"""0 to 4095, as Open vSwitch takes them."""


class OvsTrunkEntry(CheckedModel):
    """VLANs that a trunk port carries: one, or a range."""

    min_id: OvsVlanId | None = Field(None, alias="minID")
    """The first of a range, up to 4095."""
    max_id: OvsVlanId | None = Field(None, alias="maxID")
    """The last of it."""
    id: OvsVlanId | None = None
    """One VLAN, up to 4095."""

    @property
    def counts(self) -> bool:
        """Whether it names any VLAN: half a range is ignored by the plugin."""
        return self.id is not None or bool(self.min_id and self.max_id)

    def rules(self) -> Iterator[Finding]:
        """A range has both ends, above 0, in order."""
        if self.max_id is not None and self.max_id < (self.min_id or 0):
            rule = f"the range ends ({self.max_id}) before it starts ({self.min_id})"
            yield Finding("trunk-range", ("minID",), rule, "swap the two", self.min_id)
        elif (self.min_id or self.max_id) and not (self.min_id and self.max_id):
            rule = "a range needs 'minID' and 'maxID', both above 0; the plugin ignores this one"
            yield Finding("trunk-range", (), rule, "give both", None, Severity.WARNING)


class Ovs(PluginConf):
    """ovs-cni v0.40.

    IPAM is optional.
    """

    VETH: ClassVar[bool | None] = True
    READS_MAC: ClassVar[bool | None] = True
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "k8snetworkplumbingwg/ovs-cni main (2026-08) pkg/types, pkg/common"
    BROUGHT_BY: ClassVar[str] = "ovs-cni's DaemonSet"
    HINTS: ClassVar[Mapping[str, str]] = {
        "master": "name the bridge of Open vSwitch as 'bridge'",
        "vlanId": "write it as 'vlan'",
        "tag": "write it as 'vlan'",
        "vlanTrunk": "write it as 'trunk'",
    }

    type: Literal["ovs"] = "ovs"
    bridge: OptionalInterfaceName | None = None
    """Of Open vSwitch, on the node; may be absent where `deviceID` or a pod's `ovnPort` leads to
    one.
    """
    vlan: OvsVlanId | None = None
    """Access VLAN; absent: a trunk port."""
    trunk: list[OvsTrunkEntry] | None = None
    """The VLANs that a trunk port carries, instead of `vlan`."""
    mtu: EthernetMtu | None = None
    """Bytes; 0: the kernel's."""
    device_id: str | None = Field(None, alias="deviceID")
    """PCI address of a virtual function; Multus adds it where the network has a `resourceName`."""
    ofport_request: Annotated[int, Field(ge=0, le=65279)] | None = Field(
        None, alias="ofport_request"
    )
    """OpenFlow port, 1 to 65279 (0: any)."""
    interface_type: str | None = Field(None, alias="interface_type")
    """Of the OVS interface (internal)."""
    socket_file: str | None = Field(None, alias="socket_file")
    """OVSDB's (from `configuration_path`, else the system's)."""
    configuration_path: str | None = Field(None, alias="configuration_path")
    """A file with these keys on the node."""
    link_state_check_retries: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = Field(
        None, alias="link_state_check_retries"
    )
    """How often it looks whether the link is up (5)."""
    link_state_check_interval: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = Field(
        None, alias="link_state_check_interval"
    )
    """Milliseconds between two looks (600)."""

    def rules(self) -> Iterator[Finding]:
        """A trunk carries something."""
        yield from super().rules()
        if self.trunk and not any(entry.counts for entry in self.trunk):
            rule = "the trunk names no VLAN, which ovs-cni refuses"
            yield Finding("trunk-range", ("trunk",), rule, 'write e.g. [{"id": 42}]')

    @property
    def sets_routes(self) -> bool:
        """Not so with a device in user space."""
        return False

    def segment(self, resource_name: str = "") -> Segment | None:
        """The bridge, which the node's administrator ties to the network."""
        del resource_name
        vlan = 0 if self.trunk else self.vlan or 0
        return Segment(self.bridge, vlan) if self.bridge else None

    def parent_link(self) -> str | None:
        """The bridge."""
        return self.bridge or None

    def without_resource(self) -> Iterator[Finding]:
        """Without a bridge a pod has to name a port itself."""
        if not (self.bridge or self.device_id):
            rule = "ovs without 'bridge' works only for pods that ask with an ovnPort"
            way_out, warning = "add bridge, or set the network's resourceName", Severity.WARNING
            yield Finding("ovs-without-bridge", (), rule, way_out, None, warning)

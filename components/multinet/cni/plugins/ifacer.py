"""ifacer: a VLAN or a bond on the node, made when a pod comes, for the plugin behind it in a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import InterfaceName, OptionalInterfaceName, VlanId
from multinet.findings import Finding
from multinet.findings.model import CheckedModel

_LONGEST = 15


class IfacerBond(CheckedModel):
    """The bond that several interfaces become."""

    name: OptionalInterfaceName | None = None
    """Of the link on the node (sp_bond0)."""
    mode: Annotated[int, Field(ge=0, le=6)] | None = None
    """Of the kernel's bonding driver, by its number; 0 (default): balance-rr."""
    options: str | None = None
    """Further ones of the driver: `primary=eth0;miimon=100`; ones that it does not know are not
    heeded."""


class Ifacer(PluginConf):
    """ifacer of Spiderpool v1.2.2; it comes first in a list.

    It makes a link on the node where it is not there, for the plugin behind it to name as its
    master: `eth0.100` of one interface and a VLAN, the bond of several, `bond0.100` of both. The
    link stays when the pod is gone, and is gone after a reboot until the next pod comes.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "spidernet-io/spiderpool v1.2.2 cmd/ifacer"
    BROUGHT_BY: ClassVar[str] = "Spiderpool's chart"

    type: Literal["ifacer"] = "ifacer"
    interfaces: Annotated[list[InterfaceName], Field(min_length=1)]
    """Links of the node: one for a VLAN, several for a bond."""
    vlan_id: VlanId | None = Field(None, alias="vlanID")
    """VLAN to make; 0: none."""
    bond: IfacerBond | None = None
    """The bond to make of several interfaces."""

    def rules(self) -> Iterator[Finding]:
        """It makes something, whose name the kernel takes."""
        yield from super().rules()
        several = len(self.interfaces) > 1
        if several and self.bond is None:
            yield no_effect(("interfaces",), "several interfaces without 'bond' become nothing")
        elif not several and self.bond is not None:
            yield no_effect(("bond",), "one interface is no bond", "name another interface")
        elif not several and not self.vlan_id:
            yield no_effect(("interfaces",), "nothing is made of it", "set vlanID")
        for name in self.makes_links():
            if len(name.encode()) > _LONGEST:
                rule = f"the VLAN's link would be {name!r}; Linux has room for {_LONGEST} bytes"
                way_out = "use a link with a shorter name"
                yield Finding("not-an-interface-name", ("vlanID",), rule, way_out, self.vlan_id)

    def makes_links(self) -> tuple[str, ...]:
        """The bond, and the VLAN on it or on the one interface."""
        several = len(self.interfaces) > 1
        if several and self.bond is None:
            return ()
        bond = (self.bond.name if self.bond else "") or "sp_bond0"
        base = bond if several else self.interfaces[0]
        vlan = (f"{base}.{self.vlan_id}",) if self.vlan_id else ()
        return (bond, *vlan) if several else vlan

    def parent_link(self) -> str | None:
        """The first interface."""
        return self.interfaces[0]

    def parent_links(self) -> tuple[str, ...]:
        """Every interface."""
        return tuple(self.interfaces)

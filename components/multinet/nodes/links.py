"""Settings of a node's links: which there are, which are made, on which others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field

from multinet.cni.types import InterfaceName
from multinet.findings import Finding
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart
from multinet.nodes.values import LinkMtu

_MOST_STACKED = 8  # Linux's MAX_NEST_DEV


class LinkSettings(CheckedModel):
    """A link of the node: one that is there, or a VLAN interface or bridge to be made."""

    kind: Literal["existing", "vlan", "bridge"] = "existing"
    """existing: it is there; vlan, bridge: it is made."""
    parent: InterfaceName | None = None
    """Of a VLAN interface: the link it is on."""
    vlan: Annotated[int, Field(ge=1, le=4094)] | None = None
    """Of a VLAN interface: its tag."""
    ports: list[InterfaceName] = []
    """Of a bridge: links that become its ports."""
    vlan_filtering: bool = False
    """Of a bridge: whether it tells VLANs apart."""
    mtu: LinkMtu | None = None
    """Bytes; absent: the kernel's."""
    promisc: bool | None = None
    """Promiscuous mode."""
    vfs: Annotated[int, Field(ge=0, le=1024)] | None = None
    """SR-IOV virtual functions."""
    change: bool = False
    """Set mtu, promisc and vfs on a link that is there, and restore them at a destroy; otherwise
    they are facts that the preflight compares.
    """

    @property
    def made(self) -> bool:
        """Whether it is made rather than found."""
        return self.kind != "existing"

    def rules(self) -> Iterator[Finding]:
        """Each kind's own keys, and no other's."""
        yield from apart(
            lambda: self._of_vlan("parent", self.parent),
            lambda: self._of_vlan("vlan", self.vlan),
            self._of_bridge(),
            self._of_existing(),
            self._changed(),
        )

    def _of_vlan(self, key: str, value: str | int | None) -> Iterator[Finding]:
        if self.kind == "vlan" and value is None:
            rule = f"a VLAN interface needs {key!r}"
            yield Finding("link-keys", (key,), rule, "add it, or change kind")
        if self.kind != "vlan" and value is not None:
            rule = f"{key!r} is for kind vlan; this link's is {self.kind}"
            yield Finding("link-keys", (key,), rule, "set kind: vlan, or remove it", value)

    def _of_bridge(self) -> Iterator[Finding]:
        if self.kind != "bridge" and (self.ports or self.vlan_filtering):
            key = "ports" if self.ports else "vlanFiltering"
            rule = f"{key!r} is for kind bridge; this link's is {self.kind}"
            yield Finding("link-keys", (key,), rule, "set kind: bridge, or remove it")

    def _of_existing(self) -> Iterator[Finding]:
        if self.made and self.vfs is not None:
            rule = "virtual functions belong to a network card, not to a link that is made"
            yield Finding("link-keys", ("vfs",), rule, "move it to the card's link", self.vfs)

    def _changed(self) -> Iterator[Finding]:
        if self.made and self.change:
            rule = "'change' is about links that are there; one that is made is set anyway"
            yield Finding("link-keys", ("change",), rule, "remove it")


def above_others(
    name: str, link: LinkSettings, links: Mapping[str, LinkSettings]
) -> Iterator[Finding]:
    """Whether the links that it hangs on end somewhere, and let packets of its size through."""
    seen, above = [name], link
    while above.kind == "vlan" and above.parent and above.parent in links:
        if above.parent in seen:
            rule = f"hangs on itself: {' on '.join([*seen, above.parent])}"
            yield Finding("link-loop", ("links", name, "parent"), rule, "name the card")
            return
        seen.append(above.parent)
        if len(seen) > _MOST_STACKED:
            rule = f"the kernel stacks at most {_MOST_STACKED} links, and this one is above that"
            where, way_out = ("links", name, "parent"), "hang it on a link further down"
            yield Finding("links-too-deep", where, rule, way_out)
            return
        above = links[above.parent]
    parent = links.get(link.parent or "")
    if parent and parent.mtu and link.mtu and link.mtu > parent.mtu:
        rule = f"is above that of its parent {link.parent} ({parent.mtu})"
        path = ("links", name, "mtu")
        yield Finding("mtu-above-parent", path, rule, f"use {parent.mtu} or less", link.mtu)


def in_order(links: Mapping[str, LinkSettings]) -> list[tuple[str, LinkSettings]]:
    """Links so that each comes after its parent: existing ones, bridges, then VLANs."""

    def depth(name: str) -> int:
        link = links.get(name)
        return 1 + depth(link.parent or "") if link and link.kind == "vlan" else 0

    rank = {"existing": 0, "bridge": 1, "vlan": 1}
    return sorted(links.items(), key=lambda item: (depth(item[0]), rank[item[1].kind], item[0]))

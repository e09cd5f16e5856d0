"""What authors write of links. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Literal

from pulumi import Input

from multinet.typed.base import Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class LinkArgs(Typed):
    """A link of the node: one that is there, or a VLAN interface or bridge to be made."""

    kind: Input[Literal["existing", "vlan", "bridge"]] | None = None
    """existing: it is there; vlan, bridge: it is made."""

    parent: Input[str] | None = None
    """Of a VLAN interface: the link it is on."""

    vlan: Input[int] | None = None
    """Of a VLAN interface: its tag."""

    ports: Input[Sequence[Input[str]]] | None = None
    """Of a bridge: links that become its ports."""

    vlan_filtering: Input[bool] | None = None
    """Of a bridge: whether it tells VLANs apart."""

    mtu: Input[int] | None = None
    """Bytes; absent: the kernel's."""

    promisc: Input[bool] | None = None
    """Promiscuous mode."""

    vfs: Input[int] | None = None
    """SR-IOV virtual functions."""

    change: Input[bool] | None = None
    """Set mtu, promisc and vfs on a link that is there, and restore them at a destroy; otherwise
    they are facts that the preflight compares.
    """

"""What authors write of bond. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pulumi import Input

from multinet.typed.base import Plugin, Typed


@dataclasses.dataclass(frozen=True, kw_only=True)
class BondLink(Typed):
    """A port of the bond: the link's `name`."""

    name: Input[str]
    """The link's."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bond(Plugin):
    """bond-cni as of commit 258926a of 2026-01; the project's last release is of 2018."""

    TYPE: ClassVar[str] = "bond"

    mode: Input[
        Literal[
            "balance-rr",
            "active-backup",
            "balance-xor",
            "broadcast",
            "802.3ad",
            "balance-tlb",
            "balance-alb",
        ]
    ]
    """Of the kernel's bonding driver."""

    links: Input[Sequence[BondLink | Input[Mapping[str, Any]]]]
    """The bond's ports, two or more, each as `{name: …}`."""

    miimon: Input[str]
    """Milliseconds between looks at the links, as a string; `"0"`: never."""

    links_in_container: Input[bool] | None = None
    """Whether the links are the pod's own, not the node's (false)."""

    fail_over_mac: Input[int] | None = None
    """1, 2: the links keep MAC addresses of their own, as virtual functions must (0)."""

    mtu: Input[int] | None = None
    """Bytes, at most the least of its links' (1500)."""

    all_slaves_active: Input[int] | None = None
    """1: what comes in on an idle link is taken (0)."""

    tlb_dynamic_lb: Input[int] | None = None
    """0: balance-tlb and balance-alb leave flows on their link (1)."""

    xmit_hash_policy: (
        Input[Literal["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4", "vlan+srcmac"]]
        | None
    ) = None
    """By what balance-xor, 802.3ad and balance-tlb choose a link (layer2)."""

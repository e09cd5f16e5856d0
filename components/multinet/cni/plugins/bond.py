"""bond: several links as one, of the node or of the pod's own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import UNKNOWN, Reach
from multinet.cni.segment import Segment, link_segment
from multinet.cni.types import EthernetMtu, InterfaceName
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel, refusal

_DEFAULT_MTU: Final = 1500
_INTEGER: Final = re.compile(r"[+-]?[0-9]+")
_BALANCED_BY_LOAD: Final = ("balance-tlb", "balance-alb")
_WITHOUT_HASH: Final = ("balance-rr", "active-backup", "broadcast")


def _is_milliseconds(text: str) -> str:
    if not _INTEGER.fullmatch(text) or not text.isascii() or not -(2**31) <= int(text) < 2**31:
        rule = "must be a whole number of milliseconds, as a string"
        raise refusal("wrong-value", rule, 'write it with quotes: "100"')
    return text


Mode = Literal[
    "balance-rr",
    "active-backup",
    "balance-xor",
    "broadcast",
    "802.3ad",
    "balance-tlb",
    "balance-alb",
]
HashPolicy = Literal["layer2", "layer2+3", "layer3+4", "encap2+3", "encap3+4", "vlan+srcmac"]

Switch = Annotated[int, Field(ge=0, le=1)]
"""1: on, 0: off."""


class BondLink(CheckedModel):
    """A port of the bond: the link's `name`."""

    name: InterfaceName
    """The link's."""


class Bond(PluginConf):
    """bond-cni as of commit 258926a of 2026-01; the project's last release is of 2018.

    Its links are the node's, and the pod takes them with it; or the pod's own, which networks
    before this one in the pod's annotation have made. IPAM is optional.
    """

    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "k8snetworkplumbingwg/bond-cni 258926a bond/"
    BROUGHT_BY: ClassVar[str] = "bond-cni's DaemonSet (OpenShift has it)"

    INHERITS_MTU: ClassVar[bool] = True

    type: Literal["bond"] = "bond"
    mode: Mode
    """Of the kernel's bonding driver."""
    links: list[BondLink]
    """The bond's ports, two or more, each as `{name: …}`."""
    miimon: Annotated[str, AfterValidator(_is_milliseconds)]
    """Milliseconds between looks at the links, as a string; `"0"`: never."""
    links_in_container: bool | None = None
    """Whether the links are the pod's own, not the node's (false)."""
    fail_over_mac: Annotated[int, Field(ge=0, le=2)] | None = None
    """1, 2: the links keep MAC addresses of their own, as virtual functions must (0)."""
    mtu: EthernetMtu | None = None
    """Bytes, at most the least of its links' (1500)."""
    all_slaves_active: Switch | None = None
    """1: what comes in on an idle link is taken (0)."""
    tlb_dynamic_lb: Switch | None = None
    """0: balance-tlb and balance-alb leave flows on their link (1)."""
    xmit_hash_policy: HashPolicy | None = None
    """By what balance-xor, 802.3ad and balance-tlb choose a link (layer2)."""

    def rules(self) -> Iterator[Finding]:
        """There is something to bond; options fit the mode."""
        yield from super().rules()
        yield from self._link_rules()
        if self.ipam is not None and self.ipam.type == self.type:
            rule, way_out = "bond is no IPAM plugin", "name one, e.g. host-local"
            yield Finding("unknown-value", ("ipam", "type"), rule, way_out, self.ipam.type)
        if self.tlb_dynamic_lb is not None and self.mode not in _BALANCED_BY_LOAD:
            rule = f"is an option of {' and '.join(_BALANCED_BY_LOAD)}, not of {self.mode}"
            where = ("tlbDynamicLb",)
            yield Finding("bond-option", where, rule, "remove it", self.tlb_dynamic_lb)
        if self.fail_over_mac and self.mode != "active-backup":
            yield no_effect(("failOverMac",), f"only active-backup heeds it, not {self.mode}")
        if self.xmit_hash_policy is not None and self.mode in _WITHOUT_HASH:
            yield no_effect(("xmitHashPolicy",), f"{self.mode} chooses the link without a hash")
        if int(self.miimon) <= 0:
            rule = "the links are never looked at: traffic goes on to a dead one"
            way_out, warning = 'write "100"', Severity.WARNING
            yield Finding("bond-unmonitored", ("miimon",), rule, way_out, self.miimon, warning)

    def _link_rules(self) -> Iterator[Finding]:
        if len(self.names) < 2:
            rule, way_out = f"bond takes two links or more, not {len(self.names)}", "name two"
            yield Finding("bond-links", ("links",), rule, way_out)
        for i, name in enumerate(self.names):
            if name in self.names[:i]:
                rule = "is there twice: a link can be a port of the bond once"
                yield Finding("bond-links", ("links", i, "name"), rule, "name another", name)

    @property
    def names(self) -> list[str]:
        """The links, in order."""
        return [link.name for link in self.links]

    def declared_mtu(self) -> int:
        """The bond's own, which it gives its links: 1500 where none is named."""
        return self.mtu or _DEFAULT_MTU

    def segment(self, resource_name: str = "") -> Segment | None:
        """That of the node's links, the first for all; unknown where they are the pod's."""
        del resource_name
        return link_segment(self.names[0]) if self.parent_links() else None

    def parent_link(self) -> str | None:
        """The first link, where they are the node's."""
        return next(iter(self.parent_links()), None)

    def parent_links(self) -> tuple[str, ...]:
        """All of them, where they are the node's."""
        return () if self.links_in_container else tuple(self.names)

    def takes_links(self) -> tuple[str, ...]:
        """All of them, where they are the node's."""
        return self.parent_links()

    def pod_links(self) -> tuple[str, ...]:
        """All of them, where they are the pod's."""
        return tuple(self.names) if self.links_in_container else ()

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Never two pods of a node on its links; between nodes it is up to what they lead to."""
        del uplinked
        return UNKNOWN if self.links_in_container else Reach(across=None, same_node=False)

    def one_per_node(self) -> bool:
        """The node's links are there once."""
        return not self.links_in_container

    def untried(self) -> str:
        """Links that a pod has of other networks."""
        if self.links_in_container:
            return f"its links {', '.join(self.names)} are in the pod (linksInContainer)"
        return ""

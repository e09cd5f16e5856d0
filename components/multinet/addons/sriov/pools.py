"""Pools of virtual functions: which functions of which cards a resource name stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator

from multinet.cni.plugins.host_device import PciAddress
from multinet.cni.types import interface_name_problem
from multinet.findings import Finding
from multinet.findings.model import CheckedModel, refusal

_RESOURCE = re.compile(
    r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?)/([A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)"
)
_RANGE = re.compile(r"(\d{1,4})(?:-(\d{1,4}))?")
_MOST = 63


def _is_resource(text: str) -> str:
    """What the kubelet takes (an extended resource), and the device plugin (no dot in its name)."""
    match = _RESOURCE.fullmatch(text)
    domain = match[1] if match else ""
    kubernetes = domain == "kubernetes.io" or domain.endswith(".kubernetes.io")
    if match is None or len(match[3]) > _MOST or kubernetes:
        rule = (
            "must be domain/name: a name of at most 63 letters, digits, '-' and '_', and a domain"
        )
        way_out = "write it like example.com/fast; Kubernetes keeps kubernetes.io to itself"
        raise refusal("not-an-extended-resource", rule, way_out)
    return text


def _is_functions(text: str) -> str:
    link, hashed, entries = text.partition("#")
    if problem := interface_name_problem(link):
        raise refusal("not-functions", f"the link's name {problem}", "write it like ens1f0#0-3,6")
    for entry in entries.split(",") if hashed else ():
        match = _RANGE.fullmatch(entry)
        if match is None or (match[2] is not None and int(match[1]) > int(match[2])):
            rule = f"{entry!r} is no number of a function, and no range of them"
            raise refusal("not-functions", rule, "write it like ens1f0#0-3,6; the first one is 0")
    return text


def _is_pci_id(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{4}", text):
        rule = "must be four hexadecimal digits in lower case"
        raise refusal("not-a-pci-id", rule, "`lspci -n` lists them, like 8086:154c; quote them")
    return text


def _is_driver(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text):
        rule = "must be the name of a kernel driver"
        raise refusal("not-a-driver", rule, "`ethtool -i LINK` names it, like iavf or vfio-pci")
    return text


ExtendedResource = Annotated[str, AfterValidator(_is_resource)]
"""A resource of Kubernetes' nodes, `domain/name`, that the device plugin can offer."""

Functions = Annotated[str, AfterValidator(_is_functions)]
"""A card by its link's name, or some of its functions: `ens1f0`, `ens1f0#0-3,6`."""

PciId = Annotated[str, AfterValidator(_is_pci_id)]
"""A vendor's or a device's number, e.g. `8086`."""

Driver = Annotated[str, AfterValidator(_is_driver)]
"""A kernel driver's name."""


class PoolSettings(CheckedModel):
    """Virtual functions that pods get by one resource name: those for which all keys hold."""

    links: list[Functions] = []
    """Of these cards, by the names of their links: `ens1f0` for all functions of one, `ens1f0#0-3,6` for
    some, counted from 0. They may have other names on other nodes: name all of them.
    """
    pci_addresses: list[PciAddress] = []
    """With these PCI addresses of their own."""
    vendors: list[PciId] = []
    """Of these vendors, as `8086`."""
    devices: list[PciId] = []
    """Of these kinds, as `154c`."""
    drivers: list[Driver] = []
    """With these drivers: vfio-pci for user space (DPDK), else the card's own, as iavf."""
    rdma: bool = False
    """Only those that can do RDMA, whose devices the pod gets, too."""

    def rules(self) -> Iterator[Finding]:
        """It says which ones."""
        if not (self.links or self.pci_addresses or self.devices):
            rule = "takes every network card's functions, whole cards that have none included"
            way_out = "name links, pciAddresses or devices"
            yield Finding("pool-of-everything", (), rule, way_out)

    @property
    def cards(self) -> list[tuple[str, list[tuple[int, int]]]]:
        """Each link and its functions' numbers from to; none: all of them."""
        found = []
        for text in self.links:
            link, _, entries = text.partition("#")
            matches = [_RANGE.fullmatch(entry) for entry in entries.split(",") if entry]
            spans = [(int(m[1]), int(m[2] or m[1])) for m in matches if m]
            found.append((link, spans))
        return found

    def shares(self, other: PoolSettings) -> str:
        """A link, or an address, whose functions both take as far as is known; empty: none.

        What the keys leave open is not guessed: with other kinds or drivers they are others.
        """
        for key in ("vendors", "devices", "drivers"):
            own, others = set(getattr(self, key)), set(getattr(other, key))
            if own and others and not own & others:
                return ""
        if both := set(self.pci_addresses) & set(other.pci_addresses):
            return min(both)
        if self.pci_addresses or other.pci_addresses:
            return ""
        for link, spans in self.cards:
            for another, others_ in other.cards:
                if link == another and _meet(spans, others_):
                    return link
        return ""


def _meet(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> bool:
    if not one or not other:
        return True
    return any(a <= d and c <= b for a, b in one for c, d in other)

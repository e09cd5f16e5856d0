"""Addresses that are asked for, by a pod's annotation or by the configuration's own `args`."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.cni.ipam.base import IpamConf
from multinet.cni.types import Address, address, cidr
from multinet.findings import Finding


def asked_findings(text: str, ipam: IpamConf | None) -> Iterator[Finding]:
    """What is wrong with one address, in itself and for that IPAM; paths start at it."""
    if asked_address(text) is None:
        rule = "must be an address, with or without prefix length"
        yield Finding("not-an-address", (), rule, "write it like 192.0.2.5/24", text)
    elif ipam is not None:
        yield from ipam.asked(text)


def asked_address(text: str) -> Address | None:
    """The address; None where it is none. A prefix length is allowed."""
    try:
        return cidr(text).ip if "/" in text else address(text)
    except ValueError:
        return None


def needs_prefix(text: str, ipam: IpamConf) -> Iterator[Finding]:
    """The IPAM reads addresses with their prefix length only; `text` is an address."""
    if "/" in text:
        return
    rule = f"{ipam.type} needs the prefix length with the address"
    nearest = next((s for s in ipam.on_link() if address(text) in s), None)
    way_out = f"write {text}/{nearest.prefixlen if nearest else 24}"
    yield Finding("ip-without-prefix", (), rule, way_out, text)

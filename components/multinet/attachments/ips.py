"""The addresses that an attachment asks for, against its network's IPAM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from multinet.attachments.attachment import Attachment
from multinet.cni.ipam import Dhcp, HostLocal, Static, Whereabouts
from multinet.cni.ipam.base import IpamConf
from multinet.cni.types import Address, address, cidr
from multinet.findings import Finding, Path
from multinet.networks.checks.view import NetworkView


def ip_findings(attachment: Attachment, network: NetworkView) -> Iterator[Finding]:
    """Addresses that the network cannot give, in a form it cannot read, or out of reach."""
    ipams = [p.ipam for p in network.config.plugins if p.ipam is not None and p.has_ipam]
    asked: list[Address] = []
    for i, text in enumerate(attachment.ips):
        path: Path = ("ips", i)
        try:
            asked.append(cidr(text).ip if "/" in text else address(text))
        except ValueError:
            rule = "must be an address, with or without prefix length"
            yield Finding("not-an-address", path, rule, "write it like 192.0.2.5/24", text)
            continue
        for ipam in ipams[:1]:
            yield from _form(text, ipam, path)
    if attachment.ips:
        yield from _possible(ipams)
    for ipam in ipams[:1]:
        if isinstance(ipam, HostLocal):
            yield from _of_host_local(asked, ipam)
    yield from _gateways(attachment, ipams)


def _form(text: str, ipam: IpamConf, path: Path) -> Iterator[Finding]:
    if isinstance(ipam, Static | Whereabouts) and "/" not in text:
        rule = f"{ipam.type} needs the prefix length with the address"
        nearest = next((s for s in ipam.on_link() if address(text) in s), None)
        way_out = f"write {text}/{nearest.prefixlen if nearest else 24}"
        yield Finding("ip-without-prefix", path, rule, way_out, text)


def _possible(ipams: Sequence[IpamConf]) -> Iterator[Finding]:
    if not ipams:
        rule = "the network has no IPAM, so nobody gives the address to the interface"
        way_out = "add an ipam of type static to the network"
        yield Finding("ips-without-effect", ("ips",), rule, way_out)
    elif isinstance(ipams[0], Dhcp):
        rule = "the DHCP server decides, not the pod"
        way_out = "reserve the address there, and ask for a mac"
        yield Finding("ips-without-effect", ("ips",), rule, way_out)


def _of_host_local(asked: Sequence[Address], ipam: HostLocal) -> Iterator[Finding]:
    ranges = ipam.address_ranges()
    if len(asked) > 1:
        rule = "host-local under Multus takes one address: it cannot read a list of several"
        yield Finding("too-many-ips", ("ips",), rule, "ask for one, or use the static IPAM")
    for i, wanted in enumerate(asked):
        if not any(wanted in r for r in ranges):
            rule = f"is outside the network's ranges ({', '.join(map(str, ranges))})"
            way_out = "choose an address of a range"
            yield Finding("ip-outside-ranges", ("ips", i), rule, way_out, str(wanted))
        elif wanted in ipam.excluded():
            rule = "is the gateway's address, which is never handed out"
            yield Finding("ip-outside-ranges", ("ips", i), rule, "choose another", str(wanted))


def _gateways(attachment: Attachment, ipams: Sequence[IpamConf]) -> Iterator[Finding]:
    """A default route's gateway that no subnet of the network reaches."""
    near = [s for ipam in ipams for s in ipam.on_link()]
    near += [cidr(text).network for text in attachment.ips if "/" in text and _is_cidr(text)]
    for text in attachment.default_route:
        try:
            gateway = address(text)
        except ValueError:
            continue  # reported with the attachment itself
        on_link = gateway.version == 6 and gateway.is_link_local
        if (
            near
            and not on_link
            and not any(gateway in s for s in near if s.version == gateway.version)
        ):
            rule = f"is in no subnet of the network ({', '.join(dict.fromkeys(map(str, near)))})"
            path, way_out = ("default-route",), "name a gateway on this network"
            yield Finding("route-gateway-unreachable", path, rule, way_out, text)


def _is_cidr(text: str) -> bool:
    try:
        cidr(text)
    except ValueError:
        return False
    return True

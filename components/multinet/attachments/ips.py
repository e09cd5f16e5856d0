"""The addresses that an attachment asks for, against its network's IPAM."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from multinet.attachments.attachment import Attachment
from multinet.cni.ipam.asked import asked_address, asked_findings
from multinet.cni.ipam.base import IpamConf
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.ptp import Ptp
from multinet.cni.routes import without_ipv6
from multinet.cni.types import address, cidr, no_gateway
from multinet.findings import Finding
from multinet.networks.checks.view import NetworkView


def ip_findings(attachment: Attachment, network: NetworkView) -> Iterator[Finding]:
    """Addresses that the network cannot give, in a form it cannot read, or out of reach."""
    plugins = network.config.plugins
    ipams = [at[1] for p in plugins if (at := p.addressing) is not None]
    first = ipams[0] if ipams else None
    for i, text in enumerate(attachment.ips):
        yield from (f.under(("ips", i)) for f in asked_findings(text, first))
    yield from _too_small(attachment, plugins)
    if attachment.ips:
        if first is None and not any(p.is_opaque for p in plugins):
            rule = "the network has no IPAM, so nobody gives the address to the interface"
            way_out = "add an ipam of type static to the network"
            yield Finding("ips-without-effect", ("ips",), rule, way_out)
        elif first is not None:
            number = sum(asked_address(ip) is not None for ip in attachment.ips)
            declared = "ips" in network.config.capabilities
            for finding in first.asked_together(number, declared=declared):
                yield finding.under(("ips",))
            if first.ASKED_WITHOUT_GATEWAY and any(isinstance(p, Ptp) for p in plugins):
                rule = f"ptp needs a gateway of each address, and {first.type} has none of an asked one"
                yield Finding(
                    "gateway-missing", ("ips",), rule, "ask a network of bridge or macvlan"
                )
    elif _none_without_asking(plugins) and "ips" not in attachment.cni_args:
        rule = "static names no address, so each pod must ask for its own, and this one does not"
        yield Finding("no-addresses", ("ips",), rule, 'ask for one, like ips=["192.0.2.5/24"]')
    yield from _gateways(attachment, ipams)


def _too_small(attachment: Attachment, plugins: Sequence[PluginConf]) -> Iterator[Finding]:
    """An IPv6 address for an interface on which Linux has no IPv6."""
    mtu = next((m for p in reversed(plugins) if (m := p.declared_mtu())), 0)
    asked = [(i, asked_address(text)) for i, text in enumerate(attachment.ips)]
    six = [i for i, ip in asked if ip is not None and ip.version == 6]
    if without_ipv6(mtu) and six:
        rule = f"the network's interfaces have an MTU of {mtu} bytes, and IPv6 needs 1280"
        path, way_out = ("ips", six[0]), "raise the network's mtu, or leave the address out"
        yield Finding("mtu-too-small-for-ipv6", path, rule, way_out, attachment.ips[six[0]])


def _none_without_asking(plugins: Sequence[PluginConf]) -> bool:
    return any(p.waits_for_request and p.MAKES_INTERFACE for p in plugins)


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
            and not no_gateway(gateway)
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

"""What a pod got against what its network declares. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from multinet.cni.types import Interface
from multinet.findings import Finding, Path
from multinet.networks.checks.view import ROOT
from multinet.verify.declared import Declared
from multinet.verify.seen import Link, Looks, Status

_REFRESH = "`pulumi up --refresh` writes the declared NAD; then start its pods again"


@dataclasses.dataclass(frozen=True)
class Got:
    """What a pod got on one network.

    Attributes:
        status: its entry in network-status; None: there is none.
        link: its interface; None: there is none, or the pod could not be looked into.
        findings: what is not as declared.
    """

    status: Status | None
    link: Link | None
    findings: tuple[Finding, ...]


def compare(
    network: Declared,
    interface: str,
    status: Sequence[Status] | None,
    seen: Looks | None,
    parent_mtu: int = 0,
) -> Got:
    """Hold what was seen against the declaration.

    Args:
        interface: which of the pod's interfaces it is, e.g. `net1`.
        status: the pod's network-status; None: Multus wrote none.
        seen: None: the pod could not be looked into, so only network-status is.
        parent_mtu: MTU of the parent on that node, bytes, where it is declared; 0: not known.
    """
    entry = _entry(network, interface, status or ())
    if entry is None:
        return Got(None, None, (_not_attached(network, status is None),))
    if seen is None:
        return Got(entry, None, ())
    link = seen.links.get(interface)
    if link is None:
        rule = f"network-status names {interface}, and the pod has no such interface"
        way_out = "see what Multus and the plugin logged on that node"
        missing = Finding("live-interface-missing", _path(network), rule, way_out, interface)
        return Got(entry, None, (missing,))
    found = [
        *_status(network, entry, link),
        *_addresses(network, link.addresses),
        *_link(network, link, parent_mtu),
        *_routes(network, interface, seen),
    ]
    return Got(entry, link, tuple(found))


def _path(network: Declared, *below: str) -> Path:
    return (ROOT, network.name, *below)


def _entry(network: Declared, interface: str, status: Sequence[Status]) -> Status | None:
    """The network's entry. Results of cniVersion 0.2.0 name no interface."""
    named = [s for s in status if s.name in (network.reference, network.name)]
    return next((s for s in named if s.interface in (interface, "")), None)


def _not_attached(network: Declared, silent: bool) -> Finding:
    if silent:
        rule = "the pod runs on the primary network alone: Multus wrote no network-status on it"
    else:
        rule = "the pod's network-status does not name the network"
    way_out = "see the likely cause; then start its pods again"
    return Finding("live-not-attached", _path(network), rule, way_out)


def _status(network: Declared, entry: Status, link: Link) -> Iterator[Finding]:
    own = {str(a.ip) for a in link.addresses}
    told = {ip.partition("/")[0] for ip in entry.ips}
    if told - own:
        rule = f"network-status says {_listed(told)}, the interface has {_listed(own) or 'none'}"
        way_out = "something in the pod or on the node changed it after it was attached"
        yield Finding("live-status-differs", _path(network), rule, way_out)
    if entry.mac and link.mac and entry.mac != link.mac:
        rule = f"network-status says MAC {entry.mac}, the interface has {link.mac}"
        way_out = "something in the pod or on the node changed it after it was attached"
        yield Finding("live-status-differs", _path(network), rule, way_out)


def _addresses(network: Declared, own: Sequence[Interface]) -> Iterator[Finding]:
    path = _path(network, "config")
    if not network.addressed:
        return
    if not own:
        rule = "the interface has no address, and the network declares an IPAM"
        yield Finding("live-address", path, rule, "see what the IPAM plugin logged on the node")
        return
    if not network.ranges:
        return
    declared = ", ".join(str(r) for r in network.ranges[:3])
    for address in own:
        if not any(address.ip in r for r in network.ranges):
            rule = f"{address.ip} is outside what is declared: {declared}"
            way_out = f"the NAD or the IPAM's books hold other ranges: {_REFRESH}"
            yield Finding("live-address", path, rule, way_out, str(address))
        elif not any(
            address.ip in r and address.network.prefixlen == r.subnet.prefixlen
            for r in network.ranges
        ):
            rule = f"{address} has another prefix length than is declared: {declared}"
            yield Finding("live-address", path, rule, _REFRESH, str(address))
    families = {r.first.version for r in network.ranges}
    for missing in sorted(families - {a.version for a in own}):
        rule = f"the interface has no IPv{missing} address; declared is {declared}"
        way_out = f"see whether IPv{missing} is switched off on the node"
        yield Finding("live-address", path, rule, way_out)
    if network.every_address:
        lacking = {str(r.first) for r in network.ranges} - {str(a.ip) for a in own}
        if lacking and families == {a.version for a in own}:
            rule = f"the interface lacks the declared address {_listed(lacking)}"
            yield Finding("live-address", path, rule, _REFRESH)


def _link(network: Declared, link: Link, parent_mtu: int) -> Iterator[Finding]:
    wanted = network.mtu or (parent_mtu if network.inherits_mtu else 0)
    if wanted and link.mtu != wanted:
        whose = "declared is" if network.mtu else f"{network.parent} is declared with"
        rule = f"the interface's MTU is {link.mtu}, {whose} {wanted}"
        way_out = f"look at the MTU of {network.parent or 'the parent'} on that node"
        yield Finding("live-mtu", _path(network, "config"), rule, way_out, link.mtu)
    if network.mac and link.mac != network.mac:
        rule = f"the interface's MAC address is {link.mac}, declared is {network.mac}"
        way_out = "see whether a plugin after it in the list sets another"
        yield Finding("live-mac", _path(network, "config"), rule, way_out, link.mac)


def _routes(network: Declared, interface: str, seen: Looks) -> Iterator[Finding]:
    for wanted in network.routes:
        same = [r for r in seen.routes if r.destination == wanted.destination]
        here = [r for r in same if r.interface == interface]
        through = f" through {wanted.gateway}" if wanted.gateway else ""
        if not here:
            others = ", ".join(sorted({r.interface for r in same}))
            seen_as = f"; there is one on {others}" if others else ""
            rule = f"the route to {wanted.destination}{through} is not on {interface}{seen_as}"
            yield Finding("live-route", _path(network, "config"), rule, _ROUTE_WAY_OUT)
        elif wanted.gateway and all(r.gateway != wanted.gateway for r in here):
            got = here[0].gateway or "no gateway"
            rule = f"the route to {wanted.destination} goes through {got}, not {wanted.gateway}"
            yield Finding("live-route", _path(network, "config"), rule, _ROUTE_WAY_OUT)


_ROUTE_WAY_OUT = "another network or the pod's image may have changed it; see `ip route` in a pod"


def _listed(names: Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names)[:5])

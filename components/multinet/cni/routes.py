"""Whether the addresses and routes of an IPAM can be put on an interface at all.

What the kernel refuses was tried with the reference plugins v1.9.1 on Linux 6.18; the pod
then never starts, with the kernel's error in its events.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence

from multinet.cni.ipam.asked import asked_address
from multinet.cni.ipam.base import IpamConf
from multinet.cni.route import TABLE_MAIN, Route
from multinet.cni.types import Address, Subnet, address, cidr, no_gateway, reaches
from multinet.findings import Finding, Path, Severity
from multinet.findings.part import Unfinished, readable

_SCOPE_LINK = 253
_SCOPE_NOWHERE = 255
_LEAST_IPV6_MTU = 1280
_MOST_LISTED = 8


def route_findings(ipam: IpamConf, *, certain: bool) -> Iterator[Finding]:
    """Routes that the kernel refuses: errors where it is certain that they are set."""
    severity = Severity.ERROR if certain else Severity.WARNING
    seen: set[tuple[object, ...]] = set()
    # Where pods bring their own addresses, nobody knows yet which gateways are near.
    near = readable(lambda: None if ipam.waits_for_request else ipam.on_link())
    gateways = readable(ipam.gateways) or []
    for i, route in enumerate(ipam.route_list()):
        if isinstance(route, Unfinished):
            continue
        default = None if route.on_link else _default(gateways, route)
        gateway = route.gateway or default
        for finding in _problems(route, gateway, near, seen):
            found = dataclasses.replace(finding, severity=severity)
            yield found.under(("ipam", "routes", i))
        onward = route.destination.version == 6 or (route.scope == _SCOPE_LINK and gateway is None)
        if near is not None and onward:
            near = [*near, route.destination]


def added_findings(routes: Sequence[Route], near: Sequence[Subnet] | None) -> Iterator[Finding]:
    """What the kernel refuses of routes that a chained plugin adds; `near` None: not known."""
    seen: set[tuple[object, ...]] = set()
    for i, route in enumerate(routes):
        for finding in _problems(route, route.gateway, near, seen):
            yield finding.under((i,))


def _problems(
    route: Route,
    gateway: Address | None,
    near: Sequence[Subnet] | None,
    seen: set[tuple[object, ...]],
) -> Iterator[Finding]:
    target = route.destination
    if target.version == 4 and cidr(route.dst).ip != target.network_address:
        rule = f"has bits set beyond its prefix; the kernel refuses it, {target} is the network"
        yield Finding("route-host-bits", ("dst",), rule, f"write {target}", route.dst)
    scope = route.scope or 0
    if target.version == 4 and scope >= (_SCOPE_LINK if gateway is not None else _SCOPE_NOWHERE):
        rule = f"scope {scope} has no gateway to go through; the kernel refuses the route"
        way_out = "leave the scope out, or the gateway (also the IPAM's)"
        yield Finding("route-scope", ("scope",), rule, way_out, scope)
    named = address(route.gw) if route.gw else gateway
    if named is not None and named.version != target.version:
        rule = f"{named} is not of the same IP family as {target}"
        way_out = "name a gateway of the destination's family"
        yield Finding("route-gateway-family", ("gw",), rule, way_out, route.gw)
    elif gateway is not None and near is not None and not _reaches(gateway, near):
        rule = (
            f"the gateway {gateway} is no host of the interface's subnets"
            f" ({_listed(near, gateway.version)}), so the kernel refuses the route"
        )
        way_out = "use a gateway inside the subnet, or a route to the gateway with scope 253 first"
        key = "gw" if route.gw else "dst"
        yield Finding("route-gateway-unreachable", (key,), rule, way_out, route.gw or route.dst)
    identity = (target, gateway, route.priority or 0, route.table or TABLE_MAIN)
    if identity in seen:
        rule = f"the route to {target} is there twice; the kernel refuses the second"
        yield Finding("duplicate-route", ("dst",), rule, "remove one of them", route.dst)
    seen.add(identity)


def _listed(near: Sequence[Subnet], family: int) -> str:
    """The first subnets of a family: with thousands of them and of routes, all would be too much."""
    first = [*itertools.islice((str(s) for s in near if s.version == family), _MOST_LISTED + 1)]
    shown = ", ".join(dict.fromkeys(first[:_MOST_LISTED])) or "none of its family"
    return f"{shown} …" if len(first) > _MOST_LISTED else shown


def _default(gateways: Sequence[Address], route: Route) -> Address | None:
    first = next((g for g in gateways if g.version == route.destination.version), None)
    return None if first is None or no_gateway(first) else first


def _reaches(gateway: Address, near: Sequence[Subnet]) -> bool:
    on_link = gateway.version == 6 and gateway.is_link_local
    return on_link or any(reaches(s, gateway) for s in near)


def without_ipv6(mtu: int) -> bool:
    """Whether Linux has no IPv6 on an interface with that MTU in bytes; 0: its default."""
    return 0 < mtu < _LEAST_IPV6_MTU


def ipv6_given(ipam: IpamConf, asked: Sequence[tuple[Path, str]] = ()) -> str:
    """What a pod gets of IPv6, in a word; empty: nothing.

    `asked`: addresses that are asked for, with or without prefix length, and their paths.
    """
    wanted = (asked_address(text) for _, text in asked)
    if any(s.version == 6 for s in ipam.on_link()) or any(a and a.version == 6 for a in wanted):
        return "addresses"
    routes = (r for r in ipam.route_list() if not isinstance(r, Unfinished))
    return "routes" if any(r.destination.version == 6 for r in routes) else ""


def mtu_findings(ipam: IpamConf, mtu: int, asked: Sequence[tuple[Path, str]]) -> Iterator[Finding]:
    """An MTU in bytes with which Linux has no IPv6 on the interface, which pods get some of."""
    if without_ipv6(mtu) and (what := ipv6_given(ipam, asked)):
        rule = f"IPv6 needs an MTU of {_LEAST_IPV6_MTU} bytes or more; pods get IPv6 {what} here"
        yield Finding("mtu-too-small-for-ipv6", ("mtu",), rule, "raise it or leave it out", mtu)


def default_route(path: Path, value: object, what: str = "") -> Finding:
    """A warning about a default route on a secondary network; what follows is the primary's."""
    rule = f"{what}is a default route"
    way_out = (
        "route the networks that are there, take it away by route-override, or give the pods that"
        " want it a network of their own"
    )
    return Finding("default-route", path, rule, way_out, value, Severity.WARNING)

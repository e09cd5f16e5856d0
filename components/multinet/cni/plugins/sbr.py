"""sbr: source-based routing, so that answers leave by the interface they came in on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from multinet.cni.ipam.base import IpamConf
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import Uint32, no_gateway, reaches
from multinet.findings import Finding, Severity

_FIRST_TABLE = 100
"""Of those that it makes."""


class Sbr(PluginConf):
    """sbr of the CNI reference plugins v1.9.1; chained.

    Each address of the interface gets a rule that leads to a table of its own, and the interface's
    routes move there. It needs addresses on the interface.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/sbr"

    type: Literal["sbr"] = "sbr"
    table: Uint32 | None = None
    """Leads all addresses to that table and moves nothing: what is in it is up to others. Absent:
    the first free ones from 100 on.
    """

    @property
    def moves_routes(self) -> bool:
        """With a table of somebody else's it adds rules only."""
        return self.table is None

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """It routes by the addresses that the interface has, through their gateways."""
        if before and not any(p.may_address for p in before):
            rule = "sbr routes by the interface's addresses, and no plugin before it has an IPAM"
            yield Finding("sbr-without-addresses", ("type",), rule, "add an ipam before it")
        ipams = [p.ipam for p in before if p.ipam is not None and p.has_ipam]
        if self.table == 0 and any(s.version == 6 for ipam in ipams for s in ipam.on_link()):
            rule = "is no table: the kernel refuses such a rule for an IPv6 address"
            yield Finding("sbr-table-zero", ("table",), rule, "name a table, or leave it out", 0)
        if not self.moves_routes:
            return
        for plugin in before:
            if plugin.ipam is not None and plugin.has_ipam:
                yield from _default_routes(plugin, plugin.ipam)
                yield from _taken_tables(plugin.ipam)
        another = any(isinstance(p, Sbr) and p.moves_routes for p in before)
        if another and any(ipam.gateways() for ipam in ipams):
            rule = "sbr has moved the routes already: a second one no longer reaches the gateway"
            yield Finding("sbr-twice", ("type",), rule, "keep one of them")


def _default_routes(plugin: PluginConf, ipam: IpamConf) -> Iterator[Finding]:
    """sbr routes by default through the gateway of each address."""
    lacking: set[int] = {4, 6} if plugin.waits_for_request else set()
    for subnet, gateway in plugin.handed_on():
        near = [s for s in ipam.on_link() if gateway is not None and reaches(s, gateway)]
        if gateway is None:
            lacking.add(subnet.version)
        elif (near and gateway.version == subnet.version) or no_gateway(gateway):
            continue
        elif not gateway.is_link_local or gateway.version != subnet.version:
            rule = f"sbr routes through the gateway {gateway}, which {subnet} does not reach"
            yield Finding("gateway-unusable", ("type",), rule, "correct the gateway before it")
    routed = {r.destination.version for r in ipam.route_list() if r.destination.prefixlen == 0}
    if lacking and not lacking & routed:
        whose = "addresses that pods ask for" if plugin.waits_for_request else "the addresses"
        rule = (
            f"{whose} have no gateway: sbr's table gets no default route, and answers have no way"
        )
        way_out = "give the addresses a gateway, or the IPAM a default route with gw"
        warning = Severity.WARNING
        yield Finding("sbr-without-gateway", ("type",), rule, way_out, "sbr", warning)


def _taken_tables(ipam: IpamConf) -> Iterator[Finding]:
    """The address at place n gets table 100 + n, with a default route; it does not look first."""
    defaults = {
        (_FIRST_TABLE + i, choice[0][0].version)
        for i, choice in enumerate(ipam.choices())
        if any(gateway is not None for _, gateway in choice)
    }
    for route in ipam.route_list():
        to = route.destination
        if to.prefixlen == 0 and not route.priority and (route.table, to.version) in defaults:
            rule = f"the IPAM's route to {to} is in table {route.table}, and sbr adds it too"
            way_out = "leave the route to sbr, or use a table below 100"
            yield Finding("sbr-table-taken", ("type",), rule, way_out, route.table)

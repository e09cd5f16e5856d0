"""route-override: takes away and adds routes of the interface that a plugin before it made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.route import Route
from multinet.cni.routes import added_findings, default_route
from multinet.cni.types import Cidr, OptionalIpAddress
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart


class OverrideRoute(CheckedModel):
    """A route as route-override reads it."""

    dst: Cidr
    """Its destination."""
    gw: OptionalIpAddress | None = None
    """Its gateway; absent: on the link itself."""

    @property
    def route(self) -> Route:
        """As a route of a CNI result."""
        return Route(dst=self.dst, gw=self.gw)


class RouteOverride(PluginConf):
    """route-override of openshift/route-override-cni, as of commit 391c1b0; chained.

    A route that cannot be added is left out in silence.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    MIN_CNI_VERSION: ClassVar[str] = "0.3.0"  # below, results name no interface: it takes eth0's
    MAX_CNI_VERSION: ClassVar[str] = "1.0.0"
    SOURCE: ClassVar[str] = "openshift/route-override-cni 391c1b0 cmd/route-override"
    BROUGHT_BY: ClassVar[str] = "route-override-cni's DaemonSet (OpenShift has it)"

    type: Literal["route-override"] = "route-override"
    flush_routes: bool | None = Field(None, alias="flushroutes")
    """Take away all routes but the subnets' own (false)."""
    flush_gateway: bool | None = Field(None, alias="flushgateway")
    """Take away the default routes (false)."""
    del_routes: list[OverrideRoute] | None = Field(None, alias="delroutes")
    """Routes to take away."""
    add_routes: list[OverrideRoute] | None = Field(None, alias="addroutes")
    """Routes to add."""
    skip_check: bool | None = Field(None, alias="skipcheck")
    """No CNI CHECK (false)."""

    @property
    def takes_default_routes(self) -> bool:
        """Whether default routes of the plugins before it are gone afterwards."""
        return bool(self.flush_routes or self.flush_gateway)

    @property
    def moves_routes(self) -> bool:
        """Which are left, its options say."""
        return True

    def rules(self) -> Iterator[Finding]:
        """It changes something, and what it is told to take away it can."""
        yield from apart(super().rules(), self._nothing(), self._crash(), self._removed())
        yield from apart(self._defaults_stay(), self._on_the_link())

    def _nothing(self) -> Iterator[Finding]:
        if not (self.takes_default_routes or self.del_routes or self.add_routes):
            rule = "changes no route"
            yield no_effect(
                ("type",), rule, "set flushgateway, flushroutes, delroutes or addroutes"
            )

    def _crash(self) -> Iterator[Finding]:
        if self.args is not None and self.args.cni is None:
            rule = (
                "route-override reads 'cni' of it without looking whether it is there, and crashes"
            )
            yield Finding("missing-key", ("args", "cni"), rule, "add cni: {}, or remove args")

    def _removed(self) -> Iterator[Finding]:
        if self.flush_routes and self.del_routes:
            yield no_effect(("delroutes",), "flushroutes takes all routes away, these too")

    def _defaults_stay(self) -> Iterator[Finding]:
        for i, entry in enumerate(self.del_routes or ()):
            if entry.route.destination.prefixlen == 0 and not self.takes_default_routes:
                rule = "delroutes leaves the default route in the kernel"
                yield no_effect(("delroutes", i, "dst"), rule, "set flushgateway: true")

    def _on_the_link(self) -> Iterator[Finding]:
        for i, entry in enumerate(self.add_routes or ()):
            if not entry.gw:  # 0.0.0.0 says in so many words that there is none
                rule = "is on the link itself without 'gw': the IPAM's gateway is not used"
                path, way_out = ("addroutes", i, "dst"), "add gw"
                warning = Severity.WARNING
                yield Finding("route-without-gateway", path, rule, way_out, entry.dst, warning)

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """What it adds has to be in reach of the addresses that there are."""
        ipams = [p.ipam for p in before if p.ipam is not None and p.has_ipam]
        near = [subnet for ipam in ipams for subnet in ipam.on_link()]
        # Addresses of dhcp, of pods that bring their own, and of plugins not known here: anywhere.
        unknown = any(i.waits_for_request or not i.on_link() for i in ipams) or any(
            p.is_opaque for p in before
        )
        routes = [entry.route for entry in self.add_routes or ()]
        for finding in added_findings(routes, None if unknown else near):
            yield finding.under(("addroutes",))

    def default_routes(self) -> Iterator[Finding]:
        """Those among what it adds."""
        for i, entry in enumerate(self.add_routes or ()):
            if entry.route.destination.prefixlen == 0:
                yield default_route(("addroutes", i, "dst"), entry.dst)

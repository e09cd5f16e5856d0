"""Rules between the parts of a configuration: its version, its plugins and their order.

Sources: libcni v1.3.1 (conf.go, api.go), Multus v4.3.0 (pkg/types/conf.go), the CNI
specification 1.1.0, and the plugins' own version lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from multinet.cni.ipam.base import IpamConf
from multinet.cni.model import CNI_VERSIONS
from multinet.cni.plugins import Bandwidth, Firewall, Ipvlan, RouteOverride, Sbr
from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.routes import added_findings
from multinet.cni.types import reaches
from multinet.findings import Finding, Path, Severity
from multinet.findings.suggest import did_you_mean, nearest

Located = tuple[Path, PluginConf]
"""A plugin and the path of its object: () for a single configuration."""

CAPABILITIES = frozenset(
    {
        "CNIDeviceInfoFile",
        "aliases",
        "bandwidth",
        "cgroupPath",
        "deviceID",
        "dns",
        "infinibandGUID",
        "io.kubernetes.cri.pod-annotations",
        "ipRanges",
        "ips",
        "mac",
        "portMappings",
    }
)
"""Capabilities of the CNI conventions and of multi-net-spec."""

_FIRST_TABLE = 100
"""Of those that sbr makes."""

_SPOKEN = {version: rank for rank, version in enumerate(CNI_VERSIONS)}


def chain_findings(plugins: Sequence[Located], version: str) -> Iterator[Finding]:
    """What is wrong with these plugins together. `version`: the cniVersion they are given."""
    yield from _old_version(plugins, version)
    chain = [plugin for _, plugin in plugins]
    for i, (path, plugin) in enumerate(plugins):
        before = chain[:i]
        for rule in _RULES:
            for finding in rule(plugin, before, version):
                yield finding.under(path)


def version_findings(version: str) -> Iterator[Finding]:
    """An error when plugins do not speak that version."""
    if version not in _SPOKEN:
        rule = f"is not a version of the CNI specification; there are {', '.join(CNI_VERSIONS)}"
        way_out = did_you_mean(version, CNI_VERSIONS)
        yield Finding("unknown-cni-version", ("cniVersion",), rule, way_out, version)


def _old_version(plugins: Sequence[Located], version: str) -> Iterator[Finding]:
    """Old versions of the protocol lose what later plugins, and Multus's status, need."""
    if version in _SPOKEN and _SPOKEN[version] < _SPOKEN["0.3.1"]:
        rule = f"cniVersion {version} results name no interface, so `network-status` lacks it"
        way_out = 'set cniVersion, e.g. "1.0.0"'
        warning = Severity.WARNING
        yield Finding("old-cni-version", ("cniVersion",), rule, way_out, version, warning)
    for path, plugin in plugins:
        where = ("cniVersion",) if not path else (*path, "type")
        yield from _spoken(plugin, where, version)
        if plugin.has_ipam and plugin.ipam is not None:
            yield from _spoken(plugin.ipam, (*path, "ipam", "type"), version)


def _spoken(speaker: PluginConf | IpamConf, where: Path, version: str) -> Iterator[Finding]:
    least, most = speaker.MIN_CNI_VERSION, speaker.MAX_CNI_VERSION
    if version in _SPOKEN and _SPOKEN[version] < _SPOKEN[least]:
        rule = f"{speaker.type} speaks cniVersion {least} and later, not {version}"
        way_out = f'set cniVersion: "{min(max(least, "1.0.0"), most)}"'
        yield Finding("cni-version-too-old", where, rule, way_out, version)
    if version in _SPOKEN and _SPOKEN[version] > _SPOKEN[most]:
        rule = f"{speaker.type} speaks cniVersion {most} and earlier, not {version}"
        yield Finding("cni-version-too-new", where, rule, f'set cniVersion: "{most}"', version)


def _ipam_presence(
    plugin: PluginConf, before: Sequence[PluginConf], version: str
) -> Iterator[Finding]:
    ipam = plugin.ipam
    inherits = isinstance(plugin, Ipvlan) and any(p.has_ipam or p.VETH is None for p in before)
    if plugin.IPAM is Ipam.REQUIRED and not plugin.has_ipam and not inherits:
        rule = f"{plugin.type} needs an 'ipam' with a type: it fails without one"
        yield Finding("ipam-missing", ("ipam",), rule, "add ipam, e.g. of type host-local")
    elif ipam is not None and not ipam.type and ipam.model_extra:
        rule = "an 'ipam' without 'type' is none: pods get no address from it"
        way_out, warning = "add its type, e.g. host-local", Severity.WARNING
        yield Finding("ipam-without-type", ("ipam", "type"), rule, way_out, None, warning)
    if plugin.IPAM is Ipam.UNUSED and plugin.has_ipam:
        rule = f"{plugin.type} never calls an IPAM plugin, so this does nothing"
        way_out, warning = "move it to the plugin that makes the interface", Severity.WARNING
        yield Finding("no-effect", ("ipam",), rule, way_out, None, warning)
    if _SPOKEN.get(version, 9) >= _SPOKEN["0.3.0"]:
        return
    if plugin.MAKES_INTERFACE and not plugin.has_ipam and not inherits:
        rule = f"results of cniVersion {version} need an address, and there is no IPAM"
        yield Finding("old-cni-version", (), rule, 'set cniVersion: "1.0.0"')
        return
    if ipam is not None and ipam.addresses_per_family() > 1:
        rule = f"cniVersion {version} has room for one address of each IP family"
        yield Finding("old-cni-version", ("ipam",), rule, 'set cniVersion: "1.0.0"')


def _order(plugin: PluginConf, before: Sequence[PluginConf], version: str) -> Iterator[Finding]:
    del version
    if plugin.CHAINED and not any(_may_make_interface(p) for p in before):
        rule = f"{plugin.type} changes the interface that a plugin before it made; there is none"
        way_out = "use the list form: 'plugins' with e.g. bridge or macvlan before it"
        yield Finding("chained-plugin-first", ("type",), rule, way_out, plugin.type)
    made = next((p for p in before if p.MAKES_INTERFACE), None)
    if plugin.MAKES_INTERFACE and made is not None:
        rule = f"{made.type} has made the pod's interface already; {plugin.type} cannot again"
        way_out = "make two networks of it, and attach the pod to both"
        yield Finding("second-interface", ("type",), rule, way_out, plugin.type)
    lonely = next((p for p in before if p.ALONE), None)
    if lonely is not None:
        rule = f"{lonely.type} takes no other plugin in a list with it: its network is never made"
        way_out = f"write {lonely.type} alone"
        yield Finding("chain-refused", ("type",), rule, way_out, plugin.type)


def _own_rules(plugin: PluginConf, before: Sequence[PluginConf], version: str) -> Iterator[Finding]:
    del version
    yield from plugin.after(before)


def _may_make_interface(plugin: PluginConf) -> bool:
    return not (plugin.CHAINED or plugin.type == "loopback")


def _bandwidth(plugin: PluginConf, before: Sequence[PluginConf], version: str) -> Iterator[Finding]:
    del version
    if not isinstance(plugin, Bandwidth):
        return
    made = next((p for p in before if p.MAKES_INTERFACE), None)
    asked = bool((plugin.capabilities or {}).get("bandwidth"))
    if made is None or made.VETH is not False or not (plugin.limits or asked):
        return
    rule = f"bandwidth limits the node's end of a veth pair, and {made.type} makes none"
    way_out = "use it after bridge or ptp"
    severity = Severity.ERROR if plugin.limits else Severity.WARNING
    yield Finding("bandwidth-without-veth", ("type",), rule, way_out, plugin.type, severity)


def _addresses_before(
    plugin: PluginConf, before: Sequence[PluginConf], version: str
) -> Iterator[Finding]:
    del version
    if isinstance(plugin, Sbr) and before and not any(_may_address(p) for p in before):
        rule = "sbr routes by the interface's addresses, and no plugin before it has an IPAM"
        yield Finding("sbr-without-addresses", ("type",), rule, "add an ipam before it")
    if isinstance(plugin, Sbr) and plugin.table == 0:
        near = [s for p in before if p.ipam is not None for s in p.ipam.on_link()]
        if any(subnet.version == 6 for subnet in near):
            rule = "is no table: the kernel refuses such a rule for an IPv6 address"
            yield Finding("sbr-table-zero", ("table",), rule, "name a table, or leave it out", 0)
    if _moves_routes(plugin):
        yield from _default_routes_of_sbr(before)
        yield from _routes_in_sbrs_tables(before)
        gateways = any(p.ipam.gateways() for p in before if p.ipam is not None)
        if gateways and any(_moves_routes(p) for p in before):
            rule = "sbr has moved the routes already: a second one no longer reaches the gateway"
            yield Finding("sbr-twice", ("type",), rule, "keep one of them")
    isolating = isinstance(plugin, Firewall) and plugin.ingress_policy in (
        "same-bridge",
        "isolated",
    )
    first = before[0] if before else None
    if isolating and first is not None and first.VETH is not None and first.type != "bridge":
        rule = f"this policy isolates by the bridge's name, and {first.type} makes no bridge"
        path, warning = ("ingressPolicy",), Severity.WARNING
        yield Finding("firewall-without-bridge", path, rule, "use it after bridge", None, warning)


def _moves_routes(plugin: PluginConf) -> bool:
    """With a table of somebody else's, sbr adds rules only."""
    return isinstance(plugin, Sbr) and plugin.table is None


def _default_routes_of_sbr(before: Sequence[PluginConf]) -> Iterator[Finding]:
    """sbr routes by default through the gateway of each address."""
    for ipam in (p.ipam for p in before if p.ipam is not None and p.has_ipam):
        for subnet, gateway in ipam.given():
            near = [s for s in ipam.on_link() if gateway is not None and reaches(s, gateway)]
            if gateway is None or (near and gateway.version == subnet.version):
                continue
            if not gateway.is_link_local or gateway.version != subnet.version:
                rule = f"sbr routes through the gateway {gateway}, which {subnet} does not reach"
                yield Finding("gateway-unusable", ("type",), rule, "correct the gateway before it")


def _routes_in_sbrs_tables(before: Sequence[PluginConf]) -> Iterator[Finding]:
    """The address at place n gets table 100 + n, with a default route; it does not look first."""
    for ipam in (p.ipam for p in before if p.ipam is not None and p.has_ipam):
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


def _may_address(plugin: PluginConf) -> bool:
    return plugin.has_ipam or not (plugin.MAKES_INTERFACE or plugin.CHAINED)


def _added_routes(
    plugin: PluginConf, before: Sequence[PluginConf], version: str
) -> Iterator[Finding]:
    del version
    if not isinstance(plugin, RouteOverride) or not plugin.add_routes:
        return
    ipams = [p.ipam for p in before if p.ipam is not None and p.has_ipam]
    near = [subnet for ipam in ipams for subnet in ipam.on_link()]
    # Addresses of dhcp, of pods that bring their own, and of plugins not known here: anywhere.
    unknown = any(i.waits_for_request or not i.on_link() for i in ipams) or any(
        p.VETH is None for p in before
    )
    routes = [entry.route for entry in plugin.add_routes]
    for finding in added_findings(routes, None if unknown else near):
        yield finding.under(("addroutes",))


def _capability_names(
    plugin: PluginConf, before: Sequence[PluginConf], version: str
) -> Iterator[Finding]:
    del before, version
    for name in plugin.capabilities or {}:
        if name in CAPABILITIES:
            continue
        close = nearest(name, CAPABILITIES)
        rule = "is not a capability that Multus or the CNI conventions know"
        way_out = f"did you mean {close!r}?" if close else "remove it, unless your plugin has it"
        path, warning = ("capabilities", name), Severity.WARNING
        yield Finding("unknown-capability", path, rule, way_out, None, warning)


_RULES: tuple[Callable[[PluginConf, Sequence[PluginConf], str], Iterator[Finding]], ...] = (
    _ipam_presence,
    _order,
    _own_rules,
    _bandwidth,
    _addresses_before,
    _added_routes,
    _capability_names,
)

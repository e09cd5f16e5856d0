"""Networks and the links of the nodes that they hang on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from multinet.cni.plugins import Bridge, Ipvlan, Macvlan, Ovs, RouteOverride, Vlan
from multinet.findings import Finding, Path, Severity
from multinet.networks.checks.nodes import on_each_node
from multinet.networks.checks.view import ClusterFacts, NetworkView


def per_node_books(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """host-local on a segment that several nodes are on: each hands out the same addresses."""
    for view in views:
        segment, main = view.segment, view.config.main
        if segment is None or not facts.spans_nodes(segment):
            continue
        for path, plugin in view.config.located:
            if plugin.ipam is not None and plugin.ipam.per_node:
                rule = (
                    f"each node hands out these addresses by itself, and {main.type} puts the pods"
                    f" of all nodes on one segment ({segment}): two nodes give the same address"
                )
                way_out = "use whereabouts or dhcp, or a range per node and nodeSelector"
                at, warning = (*view.path, *path, "ipam", "type"), Severity.WARNING
                value = plugin.ipam.type
                yield Finding("host-local-on-shared-l2", at, rule, way_out, value, warning)


def default_routes(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """A default route on a secondary network beside the primary one's."""
    rule = "is a default route: beside the primary network's it decides by chance"
    for view in views:
        taken = any(isinstance(p, RouteOverride) and p.takes_default for p in view.config.plugins)
        for path, plugin in view.config.located:
            if isinstance(plugin, RouteOverride):
                yield from _added_default(plugin, (*view.path, *path), rule)
            if plugin.ipam is None or not plugin.has_ipam or taken:
                continue
            way_out = "route only what is there, or ask with default-route where a pod needs it"
            warning = Severity.WARNING
            for i, route in enumerate(plugin.ipam.route_list()):
                if route.destination.prefixlen == 0 and not route.table:
                    at = (*view.path, *path, "ipam", "routes", i, "dst")
                    yield Finding("default-route", at, rule, way_out, route.dst, warning)
            if isinstance(plugin, Bridge) and plugin.is_default_gateway:
                at, sets = (*view.path, *path, "isDefaultGateway"), f"sets a route that {rule}"
                way_out = "use isGateway"
                yield Finding("default-route", at, sets, way_out, None, warning)


def _added_default(plugin: RouteOverride, path: Path, rule: str) -> Iterator[Finding]:
    for i, entry in enumerate(plugin.add_routes or ()):
        if entry.route.destination.prefixlen == 0:
            at, way_out = (*path, "addroutes", i, "dst"), "route only what is there"
            yield Finding("default-route", at, rule, way_out, entry.dst, Severity.WARNING)


def missing_devices(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Plugins that work on a device that neither the configuration nor a device plugin names."""
    for view in views:
        for path, plugin in view.config.located:
            at = (*view.path, *path)
            if plugin.needs_device() and not view.resource_name:
                rule = f"{plugin.type} needs a device, and nothing names one"
                way_out = "name it here, or set the network's resourceName for a device plugin's"
                yield Finding("device-missing", at, rule, way_out)
            if isinstance(plugin, Ovs) and not (plugin.bridge or view.resource_name):
                if plugin.device_id:
                    continue
                rule = "ovs without 'bridge' works only for pods that ask with an ovnPort"
                way_out, warning = "add bridge, or set the network's resourceName", Severity.WARNING
                yield Finding("ovs-without-bridge", at, rule, way_out, None, warning)


def mtus(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """An MTU above that of the link on some node, where it is declared."""
    least: dict[str, tuple[int, str]] = {}
    for node, links in facts.link_mtus.items():
        for link, mtu in links.items():
            least[link] = min(least.get(link, (mtu, node)), (mtu, node))
    for view in views:
        for path, plugin in view.config.located:
            declared, parent = plugin.declared_mtu() or 0, plugin.parent_link()
            if not parent or parent not in least or not plugin.INHERITS_MTU:
                continue
            mtu, node = least[parent]
            if declared > mtu:
                at = (*view.path, *path, "mtu")
                rule = f"is above that of {parent} on node {node} ({mtu}); {plugin.type} refuses it"
                yield Finding("mtu-above-parent", at, rule, f"use {mtu} or less", declared)


def uses_of_one_link(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Plugins that cannot work on one link of a node at the same time."""
    yield from on_each_node(views, _vlans_twice)
    yield from on_each_node(views, _macvlan_beside_ipvlan)


def _vlans_twice(views: Sequence[NetworkView]) -> Iterator[Finding]:
    first: dict[tuple[str, int], str] = {}
    for view in views:
        main = view.config.main
        if not isinstance(main, Vlan) or not (link := main.parent_link()):
            continue
        vlan = main.vlan_id or 0
        other = first.setdefault((link, vlan), view.name)
        if other != view.name:
            rule = (
                f"network {other!r} takes VLAN {vlan} of {link} too: a node has it once, so the"
                " second pod on the node fails"
            )
            way_out = "use macvlan on a VLAN interface of the node for several pods"
            at, warning = (*view.path, "vlanId"), Severity.WARNING
            yield Finding("vlan-taken", at, rule, way_out, main.vlan_id, warning)


def _macvlan_beside_ipvlan(views: Sequence[NetworkView]) -> Iterator[Finding]:
    by_link: dict[str, dict[str, NetworkView]] = defaultdict(dict)
    for view in views:
        main = view.config.main
        link = main.parent_link()
        if not link or not isinstance(main, Macvlan | Ipvlan):
            continue
        kind, first = _kind(view), by_link[link]
        first.setdefault(kind, view)
        other = next((v for k, v in first.items() if k != kind), None)
        if other is None:
            continue
        rule = (
            f"network {other.name!r} uses {link} as {_kind(other)}, this one as {kind}: a link can"
            " be one of them at a time, so pods of both on one node fail or change each other"
        )
        way_out = "use one kind and one mode per link"
        at, warning = (*view.path, "type"), Severity.WARNING
        yield Finding("link-used-twice", at, rule, way_out, main.type, warning)


def _kind(view: NetworkView) -> str:
    main = view.config.main
    return f"ipvlan {main.mode or 'l2'}" if isinstance(main, Ipvlan) else "macvlan"

"""Networks and the links of the nodes that they hang on."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from multinet.findings import Finding, Severity
from multinet.networks.checks.nodes import on_each_node
from multinet.networks.checks.view import ClusterFacts, NetworkView


def per_node_books(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """host-local on a segment that several nodes are on: each hands out the same addresses."""
    for view in views:
        segment, main = view.segment, view.config.main
        if segment is None or not facts.spans_nodes(segment):
            continue
        if facts.on_one_node(view.node_selector):
            continue
        for path, plugin in view.config.located:
            if plugin.ipam is not None and plugin.ipam.per_node:
                rule = (
                    f"each node hands out these addresses by itself, and {main.type} puts the pods"
                    f" of all nodes on one segment ({segment}): two nodes give the same address"
                )
                way_out = (
                    "use whereabouts or dhcp, or a range per node and nodeSelector; if there is one"
                    " node, accept it with `ignore`"
                )
                at, warning = (*view.path, *path, "ipam", "type"), Severity.WARNING
                value = plugin.ipam.type
                yield Finding("host-local-on-shared-l2", at, rule, way_out, value, warning)


def default_routes(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """A default route on a secondary network, unless a later plugin takes it away."""
    for view in views:
        plugins = view.config.plugins
        for i, (path, plugin) in enumerate(view.config.located):
            if not any(later.takes_default_routes for later in plugins[i + 1 :]):
                for finding in plugin.default_routes():
                    yield finding.under((*view.path, *path))


def missing_devices(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Plugins that work on a device that neither the configuration nor a device plugin names."""
    for view in views:
        for path, plugin in view.config.located if not view.resource_name else ():
            for finding in plugin.without_resource():
                yield finding.under((*view.path, *path))


def mtus(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """An MTU above that of the link on some node, where it is declared."""
    least: dict[str, tuple[int, str]] = {}
    for node, links in facts.link_mtus.items():
        for link, mtu in links.items():
            least[link] = min(least.get(link, (mtu, node)), (mtu, node))
    for view in views:
        for path, plugin in view.config.located:
            declared = plugin.declared_mtu() or 0
            known = [link for link in plugin.parent_links() if link in least]
            if not known or not plugin.INHERITS_MTU:
                continue
            parent = min(known, key=lambda link: least[link])
            mtu, node = least[parent]
            if declared > mtu:
                at = (*view.path, *path, "mtu")
                rule = f"is above that of {parent} on node {node} ({mtu}); {plugin.type} refuses it"
                yield Finding("mtu-above-parent", at, rule, f"use {mtu} or less", declared)


def uses_of_one_link(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """Plugins that cannot work on one link of a node at the same time."""
    yield from on_each_node(views, _vlans_twice)
    yield from on_each_node(views, _uses_that_differ)
    yield from on_each_node(views, _taken_into_pods)


def _vlans_twice(views: Sequence[NetworkView]) -> Iterator[Finding]:
    first: dict[tuple[str, int], str] = {}
    for view in views:
        main = view.config.main
        link, made = main.parent_link(), main.sole_vlan()
        if not link or made is None:
            continue
        path, vlan = made
        other = first.setdefault((link, vlan), view.name)
        if other != view.name:
            rule = (
                f"network {other!r} takes VLAN {vlan} of {link} too: a node has it once, so the"
                " second pod on the node fails"
            )
            way_out = "use macvlan on a VLAN interface of the node for several pods"
            at, warning = (*view.path, *view.config.main_path, *path), Severity.WARNING
            yield Finding("vlan-taken", at, rule, way_out, vlan, warning)


def _uses_that_differ(views: Sequence[NetworkView]) -> Iterator[Finding]:
    by_link: dict[str, dict[str, NetworkView]] = defaultdict(dict)
    for view in views:
        main = view.config.main
        link, use = main.parent_link(), main.link_use()
        if not link or not use:
            continue
        first = by_link[link]
        first.setdefault(use, view)
        other = next((v for u, v in first.items() if u != use), None)
        if other is None:
            continue
        theirs = other.config.main.link_use()
        rule = (
            f"network {other.name!r} uses {link} as {theirs}, this one as {use}: a link can"
            " be one of them at a time, so pods of both on one node fail or change each other"
        )
        way_out = "use one kind and one mode per link"
        at, warning = (*view.path, *view.config.main_path, "type"), Severity.WARNING
        yield Finding("link-used-twice", at, rule, way_out, main.type, warning)


def _taken_into_pods(views: Sequence[NetworkView]) -> Iterator[Finding]:
    """A link that a pod takes with it is not on the node for other networks' pods."""
    takers: dict[str, list[NetworkView]] = defaultdict(list)
    for view in views:
        for link in view.config.main.takes_links():
            takers[link].append(view)
    for view in views:
        main = view.config.main
        taken = ((link, v) for link in main.parent_links() for v in takers[link] if v is not view)
        for link, taker in itertools.islice(taken, 1):
            rule = (
                f"network {taker.name!r} takes {link} into a pod: while that runs, the node has no"
                " such link and pods of this network fail"
            )
            way_out = "give each a link of its own, or keep them on different nodes (nodeSelector)"
            at, warning = (*view.path, *view.config.main_path, "type"), Severity.WARNING
            yield Finding("link-taken", at, rule, way_out, main.type, warning)

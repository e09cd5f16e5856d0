"""Networks and the links of the nodes that they hang on."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence

from multinet.cni.plugins.on_link import OnLink
from multinet.cni.types import Subnet
from multinet.findings import Finding, Severity
from multinet.findings.text import plural
from multinet.networks.checks.per_node import on_each_node
from multinet.networks.checks.view import ClusterFacts, NetworkView


def per_node_allocations(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """host-local on a segment that several nodes are on: each hands out the same addresses."""
    for view in views:
        segment, main = view.segment, view.config.main
        if segment is None or not facts.spans_nodes(segment):
            continue
        if facts.on_one_node(view.node_selector) or (view.blocks and view.blocks.cuts):
            continue
        for path, plugin in view.config.located:
            if plugin.ipam is not None and plugin.ipam.per_node:
                rule = (
                    f"each node hands out these addresses by itself, and {main.type} puts the pods"
                    f" of all nodes on one segment ({segment}): two nodes give the same address"
                )
                way_out = (
                    "give each node a block of them (perNode.blockSize), or use whereabouts or"
                    " dhcp; if there is one node, accept it with `ignore`"
                )
                at, warning = (*view.path, *path, "ipam", "type"), Severity.WARNING
                value = plugin.ipam.type
                yield Finding("host-local-on-shared-l2", at, rule, way_out, value, warning)


# Tried with the real agents: Calico 3.28.5, Cilium 1.20.2; of others nobody knows.
_BESIDE = {
    "calico": "it goes before Calico's, and Services, other pods and hostPort fail from such a pod",
    "cilium": (
        "it goes before Cilium's: Services and hostPort of such a pod time out, and an agent that"
        " restarts reports a degraded module"
    ),
}
_BESIDE_ANOTHER = (
    "where it goes before the primary network's, as beside Calico and Cilium, Services and hostPort"
    " of such a pod fail"
)


def default_routes(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """A default route on a secondary network, unless a later plugin takes it away."""
    follows = _BESIDE.get(facts.runs, _BESIDE_ANOTHER)
    for view in views:
        plugins = view.config.plugins
        for i, (path, plugin) in enumerate(view.config.located):
            if not any(later.takes_default_routes for later in plugins[i + 1 :]):
                for finding in plugin.default_routes():
                    told = dataclasses.replace(finding, rule=f"{finding.rule}: {follows}")
                    yield told.under((*view.path, *path))


def subnets_of_nodes(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """A network on the node's link whose subnet has the node's own address in it.

    The pod answers its node over the network, and what hangs on a link does not reach the node by
    it. Tried with macvlan beside Calico 3.28.5: probes of such pods never pass.
    """
    for view in views:
        link = view.config.main.parent_link()
        if not link or not isinstance(view.config.main, OnLink):
            continue
        seen: set[Subnet] = set()
        for use in view.uses:
            on = [name for name, a in facts.addresses_of(view) if a in use.range.subnet]
            if not on or use.range.subnet in seen:
                continue
            seen.add(use.range.subnet)
            rule = (
                f"{use.range.subnet} has the address of {_nodes(on)} in it, and no pod reaches"
                f" its node by {link}: the kubelet's probes of such pods never pass"
            )
            way_out = "give the network a subnet of its own, or let its pods have exec probes"
            at, warning = use.range.path, Severity.WARNING
            yield Finding("nodes-own-subnet", at, rule, way_out, str(use.range.subnet), warning)


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


def ports_of_bridges(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """The kernel gives a link's packets to one of them: bridge, macvlan or ipvlan."""
    for view in views:
        for path, plugin in view.config.located:
            link = plugin.parent_link() or ""
            bridges = facts.ports.get(link, {}) if plugin.link_use() else {}
            node = facts.one_for(view, bridges)
            if node is not None:
                bridge = bridges[node]
                rule = (
                    f"{link} is a port of bridge {bridge} on node {node}, and a link's packets go to"
                    f" one of the two: {plugin.type} fails there with `device or resource busy`"
                )
                way_out = f"name the bridge: master {bridge}"
                at = (*view.path, *path, "master")
                yield Finding("master-is-a-port", at, rule, way_out, link)


def taken_from_others(views: Sequence[NetworkView], facts: ClusterFacts) -> Iterator[Finding]:
    """A link that is made on the nodes goes, or carries nothing, once a pod takes the one below."""
    for view in views:
        for path, plugin in view.config.located:
            for key, link in plugin.takes_devices():
                upper = facts.carriers.get(link, {}) if key == "device" else {}
                node = facts.one_for(view, upper)
                if node is not None:
                    rule = (
                        f"takes {link} into a pod, and {upper[node]} of node {node} hangs on it:"
                        " while that pod runs, nothing gets through there"
                    )
                    way_out = "name a link that nothing else hangs on"
                    at, warning = (*view.path, *path, "type"), Severity.WARNING
                    yield Finding("link-taken", at, rule, way_out, plugin.type, warning)


def _nodes(names: Sequence[str]) -> str:
    shown = f"{', '.join(names[:_FEW])}{' …' if len(names) > _FEW else ''}"
    return f"{plural(len(names), 'node')} {shown}"


_FEW = 4

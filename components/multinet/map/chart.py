"""Settings, findings and, where one was taken, a look at the cluster → the map. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import Any

from multinet.diagram import Diagram, words
from multinet.diagram import whole as picture_of
from multinet.findings import Finding
from multinet.findings.text import some
from multinet.map import model
from multinet.map.bounded import fair
from multinet.names import stack_key
from multinet.networks import nad
from multinet.networks.checks.view import ROOT, NetworkView
from multinet.networks.declared import views
from multinet.networks.settings import NetworkSettings
from multinet.nodes.requirements import lands_on
from multinet.stack.settings import StackSettings
from multinet.status.ranges import wholes_of
from multinet.status.report import NetworkStatus, NodeStatus, Report

NODES = stack_key("nodes")
MOST = {"pods": 20_000, "ranges": 20_000, "stale": 5_000, "findings": 10_000}
"""Of all networks together; what is beyond is counted."""
MOST_TEXT = 4_000_000
"""Characters of all networks' CNI configurations together."""


class _Places:
    """Sets of nodes, each once, with an index."""

    def __init__(self, every: Sequence[str]) -> None:
        self.every = tuple(every)
        self._known: dict[model.Place, int] = {}

    def of(self, nodes: Sequence[str], otherwise: str) -> int:
        """`otherwise`: what they are called where their names are not known."""
        title = some(nodes, 3) if nodes else otherwise
        if nodes and tuple(nodes) == self.every and len(nodes) > 1:
            title = f"all {len(nodes)} nodes"
        return self._known.setdefault(model.Place(title, tuple(nodes)), len(self._known))

    def together(self, indexes: Sequence[int]) -> int:
        """What has all of these."""
        there = [list(self._known)[i] for i in dict.fromkeys(indexes)]
        if len(there) == 1:
            return indexes[0]
        names = {node for place in there for node in place.nodes}
        return self.of(
            [n for n in self.every if n in names], ", ".join(place.title for place in there)
        )

    @property
    def list(self) -> list[model.Place]:
        return list(self._known)


def chart(
    settings: StackSettings,
    title: str,
    findings: Sequence[Finding],
    report: Report | None = None,
    *,
    at: str = "",
    full: float = 0.9,
) -> model.Map:
    """The map of an environment that is called `title`.

    Args:
        findings: of reading it.
        report: of a look at the cluster; None: as it is declared. at: when that was.
        full: of a range, the share from which on a person has to know, from 0 to 1.
    """
    drawn = picture_of(settings, title)
    seen = {row.name: row for row in report.networks} if report else {}
    by_network, by_node, general = _by_subject(findings, settings)
    every = [node.node for node in report.nodes] if report else list(settings.nodes)
    places = _Places(every)
    known = views(settings.networks)
    links, networks = _links(drawn, settings, places, seen, known)
    networks = [
        dataclasses.replace(net, findings=[*net.findings, *by_network.get(net.name, ())])
        for net in networks
    ]
    return model.Map(
        title=title,
        live=model.Live(report.cluster, at, full) if report else None,
        primary=model.Primary(drawn.primary.plugin, drawn.primary.cidrs, drawn.primary.conf_file),
        nodes=_nodes(settings, report.nodes if report else (), by_node),
        places=places.list,
        links=links,
        networks=_bounded(networks),
        findings=[f.as_dict() for f in (*(report.general if report else ()), *general)],
        notes=tuple(report.notes) if report else (),
    )


def _by_subject(
    findings: Sequence[Finding], settings: StackSettings
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, list[dict[str, Any]]], list[Finding]]:
    """By network, by node, and the others."""
    nets: dict[str, list[dict[str, Any]]] = {}
    nodes: dict[str, list[dict[str, Any]]] = {}
    others = []
    for finding in findings:
        top, name = (*finding.path, "", "")[:2]
        if top == ROOT and name in settings.networks:
            nets.setdefault(str(name), []).append(finding.as_dict())
        elif top == NODES and name in settings.nodes:
            nodes.setdefault(str(name), []).append(finding.as_dict())
        else:
            others.append(finding)
    return nets, nodes, others


def _nodes(
    settings: StackSettings,
    live: Sequence[NodeStatus],
    findings: Mapping[str, list[dict[str, Any]]],
) -> list[model.Node]:
    """Declared ones in the file's order, then those that only the cluster has."""
    seen = {node.node: node for node in live}
    found = []
    for name in dict.fromkeys([*settings.nodes, *seen]):
        declared, state = settings.nodes.get(name), seen.get(name)
        unable = ""
        if live:
            unable = (state.trouble or state.multus) if state else "the cluster does not have it"
        found.append(
            model.Node(
                name=name,
                labels=words.labels(declared.labels) if declared else "",
                links={k: words.link(v) for k, v in declared.links.items()} if declared else {},
                state=state.as_dict() if state else None,
                unable=unable,
                findings=findings.get(name, ()),
            )
        )
    return found


def _links(
    drawn: Diagram,
    settings: StackSettings,
    places: _Places,
    seen: Mapping[str, NetworkStatus],
    known: Mapping[str, NetworkView],
) -> tuple[list[model.Link], list[model.Network]]:
    links: list[model.Link] = []
    networks: list[model.Network] = []
    for trunk in drawn.trunks:
        own: list[model.Network] = []
        for segment in trunk.segments:
            for net in segment.nets:
                network, status = settings.networks[net.name], seen.get(net.name)
                view = known.get(net.name)
                made = model.Network(
                    name=net.name,
                    namespace=net.namespace,
                    type=network.config.main.type,
                    plugins=net.plugins,
                    link=len(links),
                    vlan=segment.vlan,
                    parent=net.link,
                    ipam=net.ipam,
                    mtu=net.mtu,
                    resource=network.resource_name or "",
                    selector=net.selector,
                    place=_place(network, settings, places, status),
                    spans=[(str(u.range.first), str(u.range.last)) for u in view.uses]
                    if view
                    else (),
                    fixed=() if view and wholes_of(view) else net.ranges,
                    blocks=[str(one) for one in network.blocks.cuts] if network.blocks else (),
                    nad=nad.manifest(net.name, network),
                )
                own.append(_with_use(made, view, status))
        links.append(
            model.Link(trunk.title, trunk.detail, places.together([net.place for net in own]))
        )
        networks += own
    return links, networks


def _place(
    network: NetworkSettings,
    settings: StackSettings,
    places: _Places,
    status: NetworkStatus | None,
) -> int:
    selector = words.labels(network.node_selector)
    if status:
        return places.of(tuple(status.nodes), f"no node with {selector}" if selector else "no node")
    there = [name for name, node in settings.nodes.items() if lands_on(network, node, name)]
    return places.of(there, f"nodes with {selector}" if selector else "any node")


def _with_use(
    made: model.Network, view: NetworkView | None, status: NetworkStatus | None
) -> model.Network:
    if status is None:
        wholes = wholes_of(view) if view else []
        return dataclasses.replace(
            made, ranges=[{"range": whole.text, "size": whole.size} for whole in wholes]
        )
    # What is fullest first: it is what is kept where there are too many.
    ranges = sorted(status.ranges, key=lambda use: -use.share)
    return dataclasses.replace(
        made,
        able=len(status.nodes) - len(status.unable),
        ranges=[use.as_dict() for use in ranges],
        pods=[pod.as_dict() for pod in status.pods],
        stale=[pod.as_dict() for pod in status.stale],
        findings=[finding.as_dict() for finding in status.findings],
    )


def _bounded(networks: Sequence[model.Network]) -> list[model.Network]:
    """With no more than a page can have, taken from those that have the most."""
    each = {kind: fair([len(getattr(n, kind)) for n in networks], MOST[kind]) for kind in MOST}
    text = fair([len(n.nad["spec"].get("config", "")) for n in networks], MOST_TEXT)
    return [_cut(network, each, text) for network in networks]


def _cut(network: model.Network, each: Mapping[str, int], text: int) -> model.Network:
    kept: dict[str, Any] = {}
    more: dict[str, int] = {}
    for kind, most in each.items():
        there = getattr(network, kind)
        if len(there) > most:
            kept[kind], more[kind] = there[:most], len(there) - most
    config = network.nad["spec"].get("config", "")
    if len(config) > text:
        told = json.dumps({"…": f"{len(config):,} characters: `multinet render` writes it"})
        kept["nad"] = {**network.nad, "spec": {"config": told}}
    return dataclasses.replace(network, more=more, **kept) if kept else network

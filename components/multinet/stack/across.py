"""Checks that need more than one section of the settings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypedDict

from multinet.findings import Finding, Path
from multinet.findings.part import Unfinished, apart, readable
from multinet.names import stack_key
from multinet.networks.checks import ClusterFacts, check_networks, together
from multinet.networks.declared import ignores, views
from multinet.nodes.settings import NodeSettings
from multinet.nodes.shared import keys_of_some
from multinet.paths import CALICO_CONF
from multinet.primary_cni.agents import is_ciliums
from multinet.settings.ignore import Ignore, silence
from multinet.stack.addons_across import addons_across
from multinet.stack.blocks_across import blocks_across
from multinet.stack.collector import collector_paused
from multinet.stack.policies_across import policies_across
from multinet.stack.primary_across import address_or_none, primary_across
from multinet.stack.settings import StackSettings
from multinet.stack.sriov_across import sriov_across


class _Links(TypedDict):
    """What ClusterFacts says about links."""

    uplinked_bridges: frozenset[str]
    plain_bridges: dict[str, list[str]]
    no_bridges: dict[str, dict[str, str]]
    ports: dict[str, dict[str, str]]
    carriers: dict[str, dict[str, str]]


@collector_paused()
def check_across(settings: StackSettings | None, known: list[Finding]) -> list[Finding]:
    """What is `known` of the environment, and how its sections fit together.

    Paths start at the stack's top (`multinet:networks`, …), also those of `known`. Without
    ignored warnings; one that many networks share a cause of is told once. Of a refused
    environment, `settings` is what is right of it.
    """
    if settings is None:
        return known
    networks = readable(lambda: settings.networks) or {}
    found = [
        *known,
        *apart(
            _primary(settings),
            _networks(settings),
            _nodes(settings),
            addons_across(settings),
            blocks_across(settings),
            sriov_across(settings),
            policies_across(settings),
        ),
    ]
    own = Ignore((), (stack_key("ignore"),), readable(lambda: settings.ignore) or {})
    return together(silence(found, [own, *ignores(networks)]))


def _primary(settings: StackSettings) -> Iterator[Finding]:
    yield from (f.at(prefixed(f.path)) for f in primary_across(settings))


def _networks(settings: StackSettings) -> Iterator[Finding]:
    yield from check_networks(views(settings.networks), facts(settings))


def _nodes(settings: StackSettings) -> Iterator[Finding]:
    nodes = readable(lambda: settings.nodes) or {}
    right = {name: node for name, node in nodes.items() if not isinstance(node, Unfinished)}
    yield from (f.at(prefixed(f.path)) for f in keys_of_some(right))


def facts(settings: StackSettings) -> ClusterFacts:
    """What the other sections say about the cluster that networks live in."""
    nodes = readable(lambda: settings.nodes) or {}
    plugin = readable(lambda: settings.primary_cni.plugin)
    brought = "" if plugin in (None, "existing") else plugin
    right = {name: node for name, node in nodes.items() if not isinstance(node, Unfinished)}
    mtus = {
        name: {link: known.mtu for link, known in node.links.items() if known.mtu}
        for name, node in right.items()
    }
    labels = {name: right[name].labels_as(name) if name in right else {} for name in nodes}
    return ClusterFacts(
        pod_cidrs=tuple(readable(lambda: settings.primary_cni.pod_cidrs) or ()),
        service_cidrs=tuple(readable(lambda: settings.primary_cni.service_cidrs) or ()),
        primary=brought,
        runs=brought or _of_others(settings),
        nodes=labels,
        node_addresses={
            name: address
            for name, node in right.items()
            if (address := address_or_none(node.host or name)) is not None
        },
        link_mtus=mtus,
        **_links(right),
        conf_dir=readable(lambda: settings.multus.dirs.conf) or "",
        brought=_brought(settings),
    )


def _of_others(settings: StackSettings) -> str:
    """`calico` or `cilium`, where the file of an existing primary is named as they name theirs."""
    file = readable(lambda: settings.primary_cni.conf_file) or ""
    if is_ciliums(file):
        return "cilium"
    return "calico" if file == CALICO_CONF else ""


def _brought(settings: StackSettings) -> dict[str, str]:
    """Programs that add-ons bring, beyond the reference plugins → the namespace they run in."""
    on = readable(lambda: settings.addons.on) or {}
    namespace = readable(lambda: settings.multus.namespace) or ""
    return {"whereabouts": namespace} if "whereabouts" in on else {}


def _links(nodes: Mapping[str, NodeSettings]) -> _Links:
    """What the declared links are to networks."""
    found = _Links(
        uplinked_bridges=frozenset(
            link
            for node in nodes.values()
            for link, known in node.links.items()
            if known.kind == "bridge" and known.ports
        ),
        plain_bridges=defaultdict(list),
        no_bridges=defaultdict(dict),
        ports=defaultdict(dict),
        carriers=defaultdict(dict),
    )
    for name, node in nodes.items():
        for link, known in node.links.items():
            if known.kind == "bridge" and not known.vlan_filtering:
                found["plain_bridges"][link].append(name)
            if known.kind == "vlan":
                found["no_bridges"][link][name] = "a VLAN interface"
            if known.vfs:
                found["no_bridges"][link][name] = "a network card"
            for port in known.ports:
                found["no_bridges"][port][name] = f"a port of bridge {link}"
                found["ports"][port][name] = link
            for below in filter(None, (known.parent, *known.ports)):
                found["carriers"][below].setdefault(name, link)
    return found


def prefixed(path: Path) -> Path:
    """A path from a top-level key, as it is in a stack file: with the project's name."""
    if path and isinstance(path[0], str) and ":" not in path[0]:
        return (stack_key(path[0]), *path[1:])
    return path

"""What a picture shows, as plain data: a pure function of the settings."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence

from multinet.cni.config import PROVIDED
from multinet.cni.segment import Segment
from multinet.diagram import words
from multinet.diagram.own import Own, own
from multinet.findings.text import some
from multinet.networks.settings import NetworkSettings
from multinet.nodes.requirements import lands_on
from multinet.nodes.settings import NodeSettings
from multinet.stack.settings import StackSettings

EVERYWHERE = "any node"


@dataclasses.dataclass(frozen=True)
class Primary:
    """The cluster's own network: its plugin with version, pods' networks, and file on a node."""

    plugin: str
    cidrs: tuple[str, ...]
    addresses: int
    conf_file: str


@dataclasses.dataclass(frozen=True)
class Net:
    """A secondary network.

    Attributes:
        interface: what it is called in a pod that asks for all networks, in the picture's order.
        plugins: e.g. `macvlan bridge, tuning`. ipam: e.g. `host-local`; empty: none.
        ranges: what it hands out, as text. addresses: how many; None: others decide.
        per_node: whether each node hands all of them out by itself.
        blocks: of how many nodes each has a block of its own; 0: it is not cut into blocks.
        own: what nodes have of it, where that is not the same on all.
        link: the node's link, where it is not called as the segment is.
        mtu: in bytes; 0: the link's. selector: nodes that it is for; empty: all.
    """

    interface: str
    name: str
    namespace: str
    plugins: str
    ipam: str
    ranges: tuple[str, ...]
    addresses: int | None
    per_node: bool
    blocks: int
    own: tuple[Own, ...]
    link: str
    mtu: int
    selector: str

    @property
    def reference(self) -> str:
        """As a pod of another namespace names it."""
        return f"{self.namespace}/{self.name}"


@dataclasses.dataclass(frozen=True)
class L2:
    """A segment: its networks see each other's packets.

    Attributes:
        vlan: on its link; 0: untagged. link: its name, where several links are shown together.
    """

    vlan: int
    nets: tuple[Net, ...]
    link: str = ""


@dataclasses.dataclass(frozen=True)
class Trunk:
    """A link of the nodes, with every segment that it carries.

    Attributes:
        title: the link. detail: what is known of it. places: keys of the nodes that have it;
            empty: it is no link of a node.
    """

    title: str
    detail: str
    segments: tuple[L2, ...]
    places: tuple[str, ...]

    @property
    def nets(self) -> list[Net]:
        """Its networks, segment by segment."""
        return [net for segment in self.segments for net in segment.nets]


@dataclasses.dataclass(frozen=True)
class Place:
    """Nodes that are alike: same networks, same links. title: their names, or what they share."""

    key: str
    names: tuple[str, ...]
    title: str


@dataclasses.dataclass(frozen=True)
class Diagram:
    """A whole picture."""

    title: str
    primary: Primary
    trunks: tuple[Trunk, ...]
    places: tuple[Place, ...]

    @property
    def nets(self) -> list[Net]:
        """Every network, in the picture's order."""
        return [net for trunk in self.trunks for net in trunk.nets]

    @property
    def summary(self) -> str:
        """One sentence, for those who cannot see it."""
        shown = ", ".join(f"{t.title}: {words.count(len(t.nets), 'network')}" for t in self.trunks)
        nets = words.count(len(self.nets), "secondary network")
        return f"{self.primary.plugin} and {nets}" + (f" ({shown})" if shown else "")


@dataclasses.dataclass(frozen=True)
class _Placed:
    """A network, and where it hangs."""

    name: str
    settings: NetworkSettings
    segment: Segment

    @property
    def trunk(self) -> tuple[str, str]:
        return self.segment.kind, self.segment.parent


def whole(settings: StackSettings, title: str, numbers: Mapping[str, int] | None = None) -> Diagram:
    """The picture of an environment called `title`, with every link for itself.

    `numbers`: of nodes, by which they have blocks.
    """
    by_trunk: dict[tuple[str, str], list[_Placed]] = {}
    for name, network in settings.networks.items():
        placed = _Placed(name, network, _segment(name, network))
        by_trunk.setdefault(placed.trunk, []).append(placed)
    # What hangs on no link of a node comes last, everything else as the file has it.
    trunks = sorted(by_trunk, key=lambda key: key[0] == _NOWHERE)
    ordered = [h for key in trunks for h in _by_segment(by_trunk[key])]
    places = _places(settings, ordered)
    nets = {h.name: _net(h, i, numbers or {}) for i, h in enumerate(ordered, start=1)}
    found = (
        _trunk(key, _by_segment(by_trunk[key]), nets, places, settings.nodes) for key in trunks
    )
    return Diagram(title, _primary(settings), tuple(found), tuple(place for place, _ in places))


_NOWHERE = "none"


def _segment(name: str, network: NetworkSettings) -> Segment:
    found = network.config.segment(network.resource_name or "")
    main = network.config.main
    if network.config.provided:
        return Segment(name, kind=PROVIDED)
    return found or Segment(main.parent_link() or main.type, kind=_NOWHERE)


def _by_segment(placed: Iterable[_Placed]) -> list[_Placed]:
    return sorted(placed, key=lambda h: h.segment.vlan)


def _primary(settings: StackSettings) -> Primary:
    primary = settings.primary_cni
    name = "existing CNI" if primary.plugin == "existing" else primary.plugin
    return Primary(
        plugin=f"{name} {primary.effective_version}".rstrip(),
        cidrs=tuple(primary.pod_cidrs),
        addresses=sum(words.addresses_in(cidr) for cidr in primary.pod_cidrs),
        conf_file=primary.effective_conf_file,
    )


def _net(placed: _Placed, position: int, numbers: Mapping[str, int]) -> Net:
    network, main = placed.settings, placed.settings.config.main
    ipams = [ipam for _, ipam in network.config.addressing]
    runs = [r for ipam in ipams for r in ipam.address_ranges()]
    cuts = network.blocks.cuts if network.blocks is not None else ()
    sizes = [1 << one.shift for one in cuts] or [r.size for r in runs]
    link = ", ".join(main.parent_links())
    return Net(
        interface=f"net{position}",
        name=placed.name,
        namespace=network.namespace,
        plugins=words.plugins(network.config),
        ipam=", ".join(dict.fromkeys(ipam.type for ipam in ipams)) or words.unknown(network.config),
        ranges=tuple(words.run(r) for r in runs),
        addresses=sum(sizes) if runs else None,
        per_node=bool(ipams) and all(ipam.per_node for ipam in ipams),
        blocks=network.blocks.count if network.blocks is not None else 0,
        own=own(network, numbers),
        link=link if link != placed.segment.parent else "",
        mtu=main.declared_mtu() or 0,
        selector=words.labels(network.node_selector),
    )


_Places = list[tuple[Place, frozenset[str]]]


def _places(settings: StackSettings, placed: Iterable[_Placed]) -> _Places:
    """Nodes that are alike as one place, with the names of the networks that land there."""
    landing: dict[tuple[frozenset[str], object], list[str]] = {}
    if settings.nodes:
        for name, node in settings.nodes.items():
            lands = frozenset(h.name for h in placed if lands_on(h.settings, node, name))
            alike = tuple(sorted((k, repr(v)) for k, v in node.links.items()))
            landing.setdefault((lands, alike), []).append(name)
        return [
            (Place(f"place{i}", tuple(names), some(names, 3)), lands)
            for i, ((lands, _), names) in enumerate(landing.items(), start=1)
        ]
    everywhere = frozenset(h.name for h in placed if not h.settings.node_selector)
    chosen: dict[str, set[str]] = {}
    for h in placed:
        if h.settings.node_selector:
            title = f"nodes with {words.labels(h.settings.node_selector)}"
            chosen.setdefault(title, set(everywhere)).add(h.name)
    kinds = [(EVERYWHERE, everywhere), *((title, frozenset(n)) for title, n in chosen.items())]
    return [
        (Place(f"place{i}", (), title), lands) for i, (title, lands) in enumerate(kinds, start=1)
    ]


def _trunk(
    key: tuple[str, str],
    placed: Sequence[_Placed],
    nets: Mapping[str, Net],
    places: _Places,
    nodes: Mapping[str, NodeSettings],
) -> Trunk:
    kind, parent = key
    names = {h.name for h in placed}
    segments = itertools.groupby(placed, key=lambda h: h.segment.vlan)
    return Trunk(
        title=_title(kind, parent),
        detail=_detail(kind, parent, placed, nodes),
        segments=tuple(L2(vlan, tuple(nets[h.name] for h in group)) for vlan, group in segments),
        places=tuple(p.key for p, lands in places if names & lands) if kind != _NOWHERE else (),
    )


def _title(kind: str, parent: str) -> str:
    named = {
        "routed": "the node's routes",
        "resource": parent,
        PROVIDED: f"{parent}: where each node has it",
        _NOWHERE: f"{parent}: no link of the node",
    }
    return named.get(kind) or parent or "the default route's link"


def _detail(
    kind: str, parent: str, placed: Iterable[_Placed], nodes: Mapping[str, NodeSettings]
) -> str:
    if kind == "resource":
        return "devices of a device plugin"
    known = [node.links[parent] for node in nodes.values() if parent in node.links]
    facts = list(dict.fromkeys(words.link(link) for link in known))
    if facts and facts != [""]:
        return "; ".join(f for f in facts if f)
    own = any(not h.segment.shared for h in placed)
    return "a bridge on each node" if own and kind == "link" else ""

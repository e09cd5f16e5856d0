"""What a node needs, derived from the networks whose pods can land on it. Pure."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from multinet.cni.reference import programs
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.primary_cni.brings import OF_PRIMARY
from multinet.primary_cni.leavings import NONE, Leavings, leavings
from multinet.primary_cni.settings import PrimaryCniSettings


@dataclasses.dataclass(frozen=True, slots=True)
class LinkNeed:
    """A link of the node that networks hang on.

    Attributes:
        networks: who needs it; for the parent of a link that we make: that link's users.
        mtu: the largest MTU in bytes that a network on it asks for; 0: none asks.
    """

    networks: tuple[str, ...]
    mtu: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """A device that the node does not have while a pod of these networks does.

    `key` and `value`: as `PluginConf.takes_devices` says it.
    """

    key: str
    value: str
    networks: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class HandedOut:
    """IPv4 addresses that pods are given, as numbers; both ends included.

    Attributes:
        link: the node's link they are used on; empty: any.
        gateways: addresses in between that no pod gets.
    """

    network: str
    first: int
    last: int
    link: str = ""
    gateways: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Allocations:
    """Where host-local keeps a network's addresses, and how many the node has of them."""

    network: str
    directory: str
    capacity: int


@dataclasses.dataclass(frozen=True)
class NodeNeeds:
    """What must be on a node before Multus and the networks come.

    Attributes:
        networks: names of those whose pods can land on it.
        files: networks whose configuration others lay out on the node.
        binaries: plugin → the networks that call it, none where only the primary CNI does; `provided`
            ones are left out.
        links: link → who needs it.
        dhcp_sockets: socket of a dhcp daemon → the networks that use it.
        ranges: what is handed out: no address of the node may be in it.
        allocations: see Allocations.
        taken: see Taken.
        bridges: Linux bridge → the networks that are on it: no other link has that name.
        hooked: link → the networks whose driver takes its packets: it is no port of a bridge.
        vlans: Linux bridge → VLANs that pods send in there, as `FIRST-LAST` or `ONE`, without VLAN
            1, which every port of a bridge has.
        conf_dir, bin_dir: the CNI directories.
        primary_conf: name of the primary's configuration file; empty: not known.
        primary_there: whether the primary was there before, and its file with it.
        multus: whether this stack brings Multus.
        leavings: what the primary that this stack brings will leave here.
    """

    networks: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    binaries: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    links: Mapping[str, LinkNeed] = dataclasses.field(default_factory=dict)
    dhcp_sockets: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    ranges: tuple[HandedOut, ...] = ()
    allocations: tuple[Allocations, ...] = ()
    taken: tuple[Taken, ...] = ()
    bridges: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    hooked: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    vlans: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    conf_dir: str = "/etc/cni/net.d"
    bin_dir: str = "/opt/cni/bin"
    primary_conf: str = ""
    primary_there: bool = False
    multus: bool = True
    leavings: Leavings = NONE


def lands_on(network: NetworkSettings, node: NodeSettings, name: str) -> bool:
    """Whether pods of the network can land on the node, as far as its labels are declared."""
    return network.node_selector.items() <= node.labels_as(name).items()


def requirements(
    node_name: str,
    node: NodeSettings,
    networks: Mapping[str, NetworkSettings],
    multus: MultusSettings,
    primary: PrimaryCniSettings | None = None,
    *,
    brought: Collection[str] = (),
) -> NodeNeeds:
    """What the node needs for these networks. `brought`: programs that add-ons lay out on it."""
    landing = {
        name: network.on_node(node_name)
        for name, network in networks.items()
        if lands_on(network, node, node_name)
    }
    binaries: dict[str, list[str]] = defaultdict(list)
    links: dict[str, list[str]] = defaultdict(list)
    sockets: dict[str, list[str]] = defaultdict(list)
    mtus: dict[str, int] = defaultdict(int)
    vlans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    taken: dict[tuple[str, str], list[str]] = defaultdict(list)
    bridges: dict[str, list[str]] = defaultdict(list)
    hooked: dict[str, list[str]] = defaultdict(list)
    for name, network in landing.items():
        made: set[str] = set()
        for plugin in () if network.config.provided else network.config.plugins:
            for binary in programs(plugin):
                binaries[binary].append(name)
            if plugin.ipam is not None and (socket := plugin.ipam.socket()):
                sockets[socket].append(name)
            for link in (link for link in plugin.parent_links() if link not in made):
                links[link].append(name)
                if plugin.INHERITS_MTU:
                    mtus[link] = max(mtus[link], plugin.declared_mtu() or 0)
                if plugin.link_use():
                    hooked[link].append(name)
            for device in plugin.takes_devices():
                taken[device].append(name)
            bridge, runs = plugin.bridge_vlans()
            vlans[bridge] += runs
            if bridge:
                bridges[bridge].append(name)
            made.update(plugin.makes_links())
    for plugin_of_primary in primary.calls if primary else ():
        binaries.setdefault(plugin_of_primary, [])
    of_primary = OF_PRIMARY[primary.plugin if primary else "existing"]
    provided = {*node.cni_plugins.provided, *of_primary, *brought}
    return NodeNeeds(
        networks=tuple(landing),
        files=tuple(name for name, network in landing.items() if network.config.provided),
        binaries={b: _once(by) for b, by in sorted(binaries.items()) if b not in provided},
        links={link: LinkNeed(_once(by), mtus[link]) for link, by in sorted(links.items())},
        dhcp_sockets={socket: _once(by) for socket, by in sorted(sockets.items())},
        ranges=tuple(_ranges(landing)),
        allocations=tuple(_allocations(landing)),
        taken=tuple(Taken(*device, _once(by)) for device, by in sorted(taken.items())),
        bridges={bridge: _once(by) for bridge, by in sorted(bridges.items())},
        hooked={link: _once(by) for link, by in sorted(hooked.items())},
        vlans={bridge: _joined(runs) for bridge, runs in sorted(vlans.items()) if runs},
        conf_dir=multus.dirs.conf,
        bin_dir=multus.dirs.bin,
        primary_conf=primary.effective_conf_file if primary else "",
        primary_there=primary is not None and primary.plugin == "existing" and multus.enabled,
        multus=multus.enabled,
        leavings=leavings(primary.plugin, multus.dirs.conf, multus.dirs.bin) if primary else NONE,
    )


def _ranges(networks: Mapping[str, NetworkSettings]) -> Iterator[HandedOut]:
    for name, network in networks.items():
        segment = network.config.segment(network.resource_name or "")
        if segment is None or segment.kind != "link" or segment.vlan:
            continue
        for _, ipam in network.config.addressing:
            gateways = tuple(str(g) for g in ipam.gateways())
            for run in ipam.address_ranges():
                if run.first.version == 4:
                    first, last = int(run.first), int(run.last)
                    yield HandedOut(name, first, last, segment.parent, gateways)


def _allocations(networks: Mapping[str, NetworkSettings]) -> Iterator[Allocations]:
    for name, network in networks.items():
        cuts = network.blocks.cuts if network.blocks is not None else ()
        of_a_block = sum(1 << one.shift for one in cuts)
        for ipam in (p.ipam for p in network.config.plugins if p.ipam is not None):
            if directory := ipam.allocations_dir(network.config.name(name)):
                capacity = of_a_block or sum(r.size for r in ipam.address_ranges())
                yield Allocations(name, directory, capacity)


def _joined(runs: list[tuple[int, int]]) -> tuple[str, ...]:
    """Runs of VLANs as text, in order, those that touch as one, without VLAN 1."""
    joined: list[list[int]] = []
    for first, last in sorted(runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1][1] = max(joined[-1][1], last)
        else:
            joined.append([first, last])
    ends = [(max(first, 2), last) for first, last in joined if last > 1]
    return tuple(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))

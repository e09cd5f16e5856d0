"""What a network declares that a pod on it can be held to. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from multinet.cni.config import NetworkConfig
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.on_link import OnLink
from multinet.cni.ranges import AddressRange
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment
from multinet.cni.types import Address, Subnet, mac_octets
from multinet.networks.blocks import Blocks
from multinet.networks.settings import NetworkSettings
from multinet.stack.settings import StackSettings
from multinet.verify.reach import reach_of


@dataclasses.dataclass(frozen=True, slots=True)
class WantedRoute:
    """A route of the main table. `gateway` None: whichever the plugin takes."""

    destination: Subnet
    gateway: Address | None = None


@dataclasses.dataclass(frozen=True, eq=False)
class Declared:
    """One network, as far as it can be seen from inside a pod.

    Attributes:
        name, namespace: of the network, which are its NAD's.
        config: what the NAD's `spec.config` holds, as data; None: it holds none.
        type: of the plugin that makes the interface.
        parent: the node's link it hangs on, or the bridge; empty: not known.
        segment: where its pods meet those of other networks; None: not known.
        ranges: what its IPAMs hand out; empty where others decide (dhcp, unknown ones).
        addressed: whether pods get addresses at all.
        every_address: static: a pod has all of the ranges' addresses, not one of each.
        on_link: subnets that a pod's addresses are in.
        mtu: bytes; 0: none is declared. inherits_mtu: then it is the parent's.
        mac: lower case with colons; empty: none is declared.
        routes: which must be there.
        resource: of a device plugin; empty: none.
        node_selector: labels of the nodes whose pods can use it.
        reach: which pods on it must be able to talk to each other.
        alone: why only one pod at a time can be on it; empty: many can.
        one_per_node: whether one pod takes all there is of it on a node.
        slow_to_fail: whether a failed attach is told late (dhcp without a server).
        per_node: whether each node hands out its addresses without knowing of the others.
        blocks: what it is on each node, where that is not the same.
        accepted: codes of warnings that are known and accepted for it (`ignore`).
        untried: why no pod can be put on it just like that; empty: one can.
        on_node_link: whether its interfaces hang on a link of the node (macvlan, ipvlan, vlan).
    """

    name: str
    namespace: str
    config: Mapping[str, Any] | None
    type: str
    parent: str
    segment: Segment | None
    ranges: tuple[AddressRange, ...]
    addressed: bool
    every_address: bool
    on_link: tuple[Subnet, ...]
    mtu: int
    inherits_mtu: bool
    mac: str
    routes: tuple[WantedRoute, ...]
    resource: str
    node_selector: Mapping[str, str]
    reach: Reach
    alone: str
    one_per_node: bool
    slow_to_fail: bool
    per_node: bool
    blocks: Blocks | None
    accepted: frozenset[str]
    untried: str
    on_node_link: bool = False

    @property
    def takes_default(self) -> bool:
        """Whether a default route is declared on it, which goes before eth0's."""
        return any(route.destination.prefixlen == 0 for route in self.routes)

    @property
    def bypasses_eth0(self) -> str:
        """The code of a warning that says that eth0 fails beside it, and is accepted; or empty."""
        # A DHCP server may hand one out as well.
        if (self.takes_default or self.slow_to_fail) and "default-route" in self.accepted:
            return "default-route"
        return "nodes-own-subnet" if "nodes-own-subnet" in self.accepted else ""

    @property
    def reference(self) -> str:
        """`namespace/name`, as annotations and network-status write it."""
        return f"{self.namespace}/{self.name}"

    @property
    def cni_name(self) -> str:
        """What the runtime's messages call it."""
        return str((self.config or {}).get("name") or self.name)

    @property
    def capacity(self) -> int | None:
        """How many pods can be on it at once, at most; None: not known."""
        return min((r.size for r in self.ranges), default=None)


def declared(settings: StackSettings) -> list[Declared]:
    """Every network of the stack, in the order of the file."""
    bridges = {
        link
        for node in settings.nodes.values()
        for link, known in node.links.items()
        if known.kind == "bridge" and known.ports
    }
    made = [_of(name, network, bridges) for name, network in settings.networks.items()]
    everywhere = frozenset(settings.ignore)
    return [dataclasses.replace(each, accepted=each.accepted | everywhere) for each in made]


def _of(name: str, network: NetworkSettings, uplinked: set[str]) -> Declared:
    config = network.config
    main = config.main
    ipams = [ipam for _, ipam in config.addressing]
    fixed = [i for i in ipams if i.GIVES_ALL]
    mac = _mac(config.plugins)
    alone = ""
    if any(i.address_ranges() for i in fixed):
        alone = "every pod gets the same address"
    elif mac:
        alone = "every pod gets the same MAC address"
    addressed = any(i.gives_unasked for i in ipams)
    blocks = network.blocks
    return Declared(
        name=name,
        namespace=network.namespace,
        config=None if network.on_the_nodes else json.loads(config.to_json(name)),
        type=main.type,
        parent=main.node_link(),
        segment=config.segment(network.resource_name or ""),
        ranges=tuple(config.address_ranges()),
        addressed=addressed,
        every_address=bool(fixed),
        on_link=tuple(s for i in ipams for s in i.on_link()),
        mtu=_mtu(config.plugins, main),
        inherits_mtu=main.INHERITS_MTU,
        mac=mac,
        routes=tuple(_routes(config.plugins, main)),
        resource=network.resource_name or "",
        node_selector=network.node_selector,
        reach=reach_of(config, uplinked, addressed=addressed, alone=alone),
        alone=alone,
        one_per_node=main.one_per_node(),
        slow_to_fail=any(i.SLOW_TO_FAIL for i in ipams),
        per_node=any(i.per_node for i in ipams) and not (blocks and blocks.cuts),
        blocks=blocks,
        accepted=frozenset(network.ignore),
        untried=_untried(config),
        on_node_link=isinstance(main, OnLink) and not main.link_in_container,
    )


def _mtu(plugins: tuple[PluginConf, ...], main: PluginConf) -> int:
    """What a plugin after it sets wins, the last of several."""
    later = [mtu for p in plugins if p.CHAINED and (mtu := p.declared_mtu())]
    return (later[-1] if later else main.declared_mtu()) or 0


def _mac(plugins: tuple[PluginConf, ...]) -> str:
    """The last plugin that sets one wins."""
    declared = [mac for p in plugins if (mac := p.declared_mac())]
    return mac_octets(declared[-1]).hex(":") if declared else ""


def _routes(plugins: tuple[PluginConf, ...], main: PluginConf) -> list[WantedRoute]:
    if any(p.moves_routes for p in plugins) or not main.sets_routes:
        return []
    wanted: list[WantedRoute] = []
    for ipam in (p.ipam for p in plugins if p.ipam is not None and p.has_ipam):
        for route in ipam.route_list():
            if not route.in_main:
                continue
            family = route.destination.version
            own = next((g for g in ipam.gateways() if g.version == family), None)
            wanted.append(WantedRoute(route.destination, route.gateway or own))
    return wanted


def _untried(config: NetworkConfig) -> str:
    waiting = any(plugin.waits_for_request for plugin in config.plugins)
    why = "pods must ask for their addresses (ips)" if waiting else ""
    return config.main.untried() or why

"""What a network declares that a pod on it can be held to. Pure."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from multinet.cni.ipam import Static
from multinet.cni.plugins import Bridge, Tuning
from multinet.cni.plugins.base import PluginConf
from multinet.cni.ranges import AddressRange
from multinet.cni.types import Address, Subnet, mac_octets
from multinet.networks.settings import NetworkSettings
from multinet.stack.settings import StackSettings
from multinet.verify.reach import Reach, reach_of

_TABLE_MAIN = 254
_INHERITS = ("macvlan", "ipvlan", "vlan")
_MOVES_ROUTES = ("route-override", "sbr", "vrf")


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
        config: what the NAD's `spec.config` holds, as data.
        type: of the plugin that makes the interface.
        parent: the node's link it hangs on, or the bridge; empty: not known.
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
        untried: why no pod can be put on it just like that; empty: one can.
    """

    name: str
    namespace: str
    config: Mapping[str, Any]
    type: str
    parent: str
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
    untried: str

    @property
    def reference(self) -> str:
        """`namespace/name`, as annotations and network-status write it."""
        return f"{self.namespace}/{self.name}"

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
    return [_of(name, network, bridges) for name, network in settings.networks.items()]


def _of(name: str, network: NetworkSettings, uplinked: set[str]) -> Declared:
    config = network.config
    main = config.main
    ipams = [p.ipam for p in config.plugins if p.ipam is not None and p.has_ipam]
    static = [i for i in ipams if isinstance(i, Static)]
    mac = _mac(config.plugins)
    alone = ""
    if static and static[0].addresses:
        alone = "every pod gets the same address"
    elif mac:
        alone = "every pod gets the same MAC address"
    addressed = bool(ipams)
    return Declared(
        name=name,
        namespace=network.namespace,
        config=json.loads(config.to_json(name)),
        type=main.type,
        parent=main.parent_link() or _bridge(main),
        ranges=tuple(config.address_ranges()),
        addressed=addressed,
        every_address=bool(static),
        on_link=tuple(s for i in ipams for s in i.on_link()),
        mtu=_mtu(config.plugins, main),
        inherits_mtu=main.type in _INHERITS,
        mac=mac,
        routes=tuple(_routes(config.plugins, main)),
        resource=network.resource_name or "",
        node_selector=network.node_selector,
        reach=reach_of(config.plugins, main, addressed, alone, uplinked),
        alone=alone,
        one_per_node=_one_per_node(main),
        slow_to_fail=any(i.type == "dhcp" for i in ipams),
        untried=_untried(main, [p.waits_for_request for p in config.plugins]),
    )


def _bridge(main: PluginConf) -> str:
    if isinstance(main, Bridge):
        return main.bridge or "cni0"
    return ""


def _mtu(plugins: tuple[PluginConf, ...], main: PluginConf) -> int:
    tuned = [p.mtu for p in plugins if isinstance(p, Tuning) and p.mtu]
    return (tuned[-1] if tuned else main.declared_mtu()) or 0


def _mac(plugins: tuple[PluginConf, ...]) -> str:
    """The last plugin that sets one wins."""
    told = [m for p in plugins if isinstance(m := getattr(p, "mac", None), str) and m]
    return mac_octets(told[-1]).hex(":") if told else ""


def _routes(plugins: tuple[PluginConf, ...], main: PluginConf) -> list[WantedRoute]:
    if any(p.type in _MOVES_ROUTES for p in plugins) or not main.sets_routes:
        return []
    wanted: list[WantedRoute] = []
    for ipam in (p.ipam for p in plugins if p.ipam is not None and p.has_ipam):
        for route in ipam.route_list():
            if route.table not in (None, 0, _TABLE_MAIN):
                continue
            family = route.destination.version
            own = next((g for g in ipam.gateways() if g.version == family), None)
            wanted.append(WantedRoute(route.destination, route.gateway or own))
    return wanted


def _one_per_node(main: PluginConf) -> bool:
    if main.type == "macvlan":
        return getattr(main, "mode", None) == "passthru"
    return main.type == "vlan" or (main.type == "host-device" and not main.needs_device())


def _untried(main: PluginConf, waits: list[bool]) -> str:
    if main.type == "loopback":
        return "it makes no interface of its own"
    master = getattr(main, "master", None)
    if getattr(main, "link_in_container", None) and master not in ("eth0", "lo"):
        return f"its master {master} is in the pod (linkInContainer)"
    if any(waits):
        return "pods must ask for their addresses (ips)"
    return ""

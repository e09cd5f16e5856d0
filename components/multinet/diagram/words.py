"""Short texts of a picture: ranges, counts, plugins, links."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping

from multinet.cni.config import PROVIDED, NetworkConfig
from multinet.cni.ranges import AddressRange
from multinet.findings.text import plural
from multinet.nodes.links import LinkSettings

_EXACT_BELOW = 10_000_000


def amount(number: int) -> str:
    """`17`, `65,534`, `about 2^64`: exact as long as it can be read."""
    return f"{number:,}" if number < _EXACT_BELOW else f"about 2^{round(math.log2(number))}"


def count(number: int, thing: str) -> str:
    """`1 network`, `3 networks`, `254 addresses`."""
    return f"{amount(number)} {plural(number, thing)}"


def addresses_in(cidr: str) -> int:
    """How many addresses a network has."""
    return ipaddress.ip_network(cidr, strict=False).num_addresses


def run(found: AddressRange) -> str:
    """What is handed out: `192.168.1.200 – 192.168.1.216`; of a whole subnet: the subnet."""
    if found.first == found.last:
        return str(found.first)
    spare = found.subnet.num_addresses - found.size
    # Network, broadcast and gateway are never handed out: that is still the whole of it.
    return str(found.subnet) if spare <= 3 else f"{found.first} – {found.last}"


def plugins(config: NetworkConfig) -> str:
    """`macvlan bridge, tuning`: the plugin that makes the interface with its mode, then others."""
    main = config.main
    if config.provided:
        return "as each node has it"
    first = f"{main.type} {main.variant()}".rstrip()
    return ", ".join([first, *(p.type for p in config.plugins if p is not main)])


def unknown(config: NetworkConfig) -> str:
    """What stands for the IPAM of a configuration that is not known; empty: it is, and has none."""
    return PROVIDED if config.provided else ""


def labels(selector: Mapping[str, str]) -> str:
    """`zone=a, disk=ssd`."""
    return ", ".join(f"{key}={value}" for key, value in selector.items())


def link(settings: LinkSettings) -> str:
    """What is declared of a link: `VLAN 100 of eth0, MTU 9000`."""
    facts = []
    if settings.kind == "vlan":
        facts.append(f"VLAN {settings.vlan} of {settings.parent}")
    if settings.kind == "bridge":
        facts.append(f"bridge of {', '.join(settings.ports)}" if settings.ports else "bridge")
    if settings.mtu:
        facts.append(f"MTU {settings.mtu}")
    if settings.vfs:
        facts.append(f"{settings.vfs} virtual functions")
    return ", ".join(facts)

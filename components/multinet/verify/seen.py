"""What a pod on networks looks like: its network-status, its interfaces and routes. Pure."""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
import re
from collections.abc import Mapping
from typing import Any

from multinet.cni.types import Address, Interface, Subnet
from multinet.names import NETWORK_STATUS
from multinet.untrusted import plain_json
from multinet.verify.pod import SERVICE

_RULER = re.compile(r"^---$\n?", re.MULTILINE)
_LINK = re.compile(r"\d+: ([^:@\s]+)(?:@(\S+))?: <([^>]*)>.*? mtu (\d+)")


@dataclasses.dataclass(frozen=True)
class Link:
    """An interface of a pod.

    Attributes:
        mtu: bytes.
        mac: lower case; empty where it has none.
        addresses: with prefix length, link-local ones left out.
    """

    name: str
    mtu: int
    mac: str = ""
    addresses: tuple[Interface, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class SeenRoute:
    """A route of the main table."""

    destination: Subnet
    gateway: Address | None
    interface: str


@dataclasses.dataclass(frozen=True)
class Looks:
    """What `pod.look` prints, read.

    Attributes:
        answers: who was asked over eth0, as the command names it, → what it said; empty: nothing.
        service: ClusterIP and port of the Service that was asked; empty: none was.
    """

    links: Mapping[str, Link]
    routes: tuple[SeenRoute, ...]
    answers: Mapping[str, str] = dataclasses.field(default_factory=dict)
    service: str = ""

    def way(self, address: Address) -> SeenRoute | None:
        """The route by which the pod sends to an address; of equal ones the first, as listed."""
        able = [r for r in self.routes if address in r.destination]
        return max(able, key=lambda r: r.destination.prefixlen, default=None)


@dataclasses.dataclass(frozen=True)
class Status:
    """An entry of the network-status annotation (multi-net-spec v1.3).

    Attributes:
        default: whether it is the primary network's.
    """

    name: str
    interface: str
    ips: tuple[str, ...]
    mac: str
    default: bool = False


def looks(text: str) -> Looks:
    """Read what `pod.look` printed, in busybox's words or iproute2's."""
    links, four, six, asked = [*_RULER.split(text), "", "", "", ""][:4]
    answers = {words[0]: " ".join(words[1:]) for x in asked.splitlines() if (words := x.split())}
    return Looks(
        _links(links),
        tuple(_routes(four, "0.0.0.0/0") + _routes(six, "::/0")),
        answers,
        answers.pop(SERVICE, ""),
    )


def network_status(pod: Mapping[str, Any]) -> list[Status] | None:
    """What Multus wrote on a pod; None: nothing, so Multus had no part in it."""
    annotations = (pod.get("metadata") or {}).get("annotations") or {}
    text = annotations.get(NETWORK_STATUS)
    if text is None:
        return None
    try:
        entries = plain_json.loads(text)
    except ValueError:
        return []
    return [
        Status(
            name=str(entry.get("name", "")),
            interface=str(entry.get("interface", "")),
            ips=tuple(str(ip) for ip in _list(entry.get("ips"))),
            mac=str(entry.get("mac", "")).lower(),
            default=entry.get("default") is True,
        )
        for entry in _list(entries)
        if isinstance(entry, dict)
    ]


def _list(value: Any) -> list[Any]:
    """A list, or none: whoever may write a pod may write its annotations."""
    return value if isinstance(value, list) else []


def _links(text: str) -> dict[str, Link]:
    found: dict[str, Link] = {}
    name = ""
    for line in text.splitlines():
        if header := _LINK.match(line):
            name = header[1]
            found[name] = Link(name, int(header[4]))
            continue
        words = line.split()
        if not name or len(words) < 2:
            continue
        link = found[name]
        if words[0].startswith("link/"):
            found[name] = dataclasses.replace(link, mac=words[1].lower())
        elif words[0] in ("inet", "inet6"):
            address = _interface_address(words[1])
            if address and not (address.version == 6 and address.ip.is_link_local):
                found[name] = dataclasses.replace(link, addresses=(*link.addresses, address))
    return found


def _routes(text: str, default: str) -> list[SeenRoute]:
    found: list[SeenRoute] = []
    destination: Subnet | None = None
    for line in text.splitlines():
        words = line.split()
        if not words:
            continue
        if words[0] != "nexthop":
            destination = _destination(words[0], default)
        rest = dict(itertools.pairwise(words))
        if destination is None or "dev" not in rest:
            continue
        found.append(SeenRoute(destination, _gateway(rest), rest["dev"]))
    return found


def _interface_address(word: str) -> Interface | None:
    try:
        return ipaddress.ip_interface(word)
    except ValueError:
        return None


def _gateway(words: Mapping[str, str]) -> Address | None:
    # iproute2 names the family where it is not the destination's: `via inet6 fe80::1`.
    word = words.get("via", "")
    word = words.get(word, "") if word in ("inet", "inet6") else word
    try:
        return ipaddress.ip_address(word)
    except ValueError:
        return None


def _destination(word: str, default: str) -> Subnet | None:
    try:
        return ipaddress.ip_network(default if word == "default" else word, strict=False)
    except ValueError:
        return None  # unreachable, blackhole, multicast …: not a way anywhere

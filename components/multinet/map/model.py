"""What the page of `multinet map` shows, as plain data."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from multinet.map.bounded import readable


@dataclasses.dataclass(frozen=True)
class Live:
    """A look at a cluster.

    Attributes:
        cluster: the API server's URL. at: when, in UTC.
        full: of a range, the share from which on a person has to know, from 0 to 1.
    """

    cluster: str
    at: str
    full: float


@dataclasses.dataclass(frozen=True)
class Primary:
    """The cluster's own network, eth0 of every pod: plugin with version, networks, file."""

    plugin: str
    cidrs: Sequence[str]
    file: str


@dataclasses.dataclass(frozen=True)
class Node:
    """A node.

    Attributes:
        labels: declared ones. links: name of a declared link → what is known of it.
        state: what `status --json` says of it; None: declared, and not looked at.
        unable: why it can serve no network; empty: it can, or nothing is known.
        findings: those about it, as `--json` has them everywhere.
    """

    name: str
    labels: str = ""
    links: Mapping[str, str] = dataclasses.field(default_factory=dict)
    state: Mapping[str, Any] | None = None
    unable: str = ""
    findings: Sequence[Mapping[str, Any]] = ()


@dataclasses.dataclass(frozen=True)
class Place:
    """Nodes that networks or links have in common.

    Attributes:
        title: in words, e.g. `any node`. nodes: names; empty: which there are is not known.
    """

    title: str
    nodes: Sequence[str]


@dataclasses.dataclass(frozen=True)
class Link:
    """A link of the nodes, or what networks hang on instead. place: index of its nodes."""

    title: str
    detail: str
    place: int


@dataclasses.dataclass(frozen=True)
class Network:
    """A network.

    Attributes:
        type: of the plugin that makes the interface. plugins: that with its mode, and others.
        link: index. vlan: on it, 0: untagged; with it the segment. parent: the node's link where
            it is not called as the segment is.
        ipam: who hands out; empty: nobody. mtu: bytes, 0: the link's.
        resource: of a device plugin. selector: labels of its nodes. place: index of its nodes.
        able: how many of its nodes can serve it; None: not looked at.
        ranges: each with `range` as text, `size`, and of a live one `node`, `used`, `free` and
            `leaked`, as `status --json` has them.
        spans: first and last address of all that pods can have.
        fixed: addresses that are not counted, since every pod has or asks for its own.
        blocks: how its ranges are cut for nodes.
        pods: interfaces on it; stale: pods that are not on it as it is now; findings: what was
            found of it; all as `--json` has them.
        more: what was left out for the page's size, e.g. `pods` → how many.
        nad: its NetworkAttachmentDefinition, as declared.
    """

    name: str
    namespace: str
    type: str
    plugins: str
    link: int
    vlan: int
    parent: str
    ipam: str
    mtu: int
    resource: str
    selector: str
    place: int
    able: int | None = None
    ranges: Sequence[Mapping[str, Any]] = ()
    spans: Sequence[tuple[str, str]] = ()
    fixed: Sequence[str] = ()
    blocks: Sequence[str] = ()
    pods: Sequence[Mapping[str, Any]] = ()
    stale: Sequence[Mapping[str, Any]] = ()
    findings: Sequence[Mapping[str, Any]] = ()
    more: Mapping[str, int] = dataclasses.field(default_factory=dict)
    nad: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Map:
    """Everything. findings: what is not about one network or node. notes: what was not seen."""

    title: str
    live: Live | None
    primary: Primary
    nodes: Sequence[Node]
    places: Sequence[Place]
    links: Sequence[Link]
    networks: Sequence[Network]
    findings: Sequence[Mapping[str, Any]] = ()
    notes: Sequence[str] = ()

    @property
    def summary(self) -> str:
        """One sentence: how much there is of what."""
        counts = {"network": len(self.networks), "link": len(self.links), "node": len(self.nodes)}
        if self.live:
            there = (len(net.pods) + net.more.get("pods", 0) for net in self.networks)
            counts["attached interface"] = sum(there)
        return ", ".join(f"{n:,} {thing}{'' if n == 1 else 's'}" for thing, n in counts.items())

    def as_dict(self) -> dict[str, Any]:
        """For the page and for `--json`: texts are readable, and show no secret."""
        found: dict[str, Any] = readable(dataclasses.asdict(self))
        return found

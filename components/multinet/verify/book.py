"""The book of the nodes' numbers, by which each has its blocks. Pure, but for the reading."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterator, Mapping

from multinet.blocks.book import numbers_in, selector
from multinet.blocks.objects import CONTAINER, LABELS, NAME
from multinet.cni.ranges import AddressRange
from multinet.findings import Finding
from multinet.live import Cluster, ClusterError, Object
from multinet.multus.settings import MultusSettings
from multinet.networks.checks.view import ROOT
from multinet.verify.declared import Declared

_LOG_LINES = 5


@dataclasses.dataclass(frozen=True)
class Book:
    """Which node has which number.

    Attributes:
        numbers: node → its number.
        waiting: node → what it waits for, in words, where it is not ready.
    """

    numbers: Mapping[str, int] = dataclasses.field(default_factory=dict)
    waiting: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def why(self, node: str) -> str:
        """Why nothing is laid out on a node; empty: it is, or that is not known."""
        return self.waiting.get(node, "")


def read(cluster: Cluster, multus: MultusSettings, nodes: list[str]) -> Book:
    """The book of a live cluster. `nodes`: those that are ready. Raises ClusterError."""
    numbers = numbers_in(cluster.leases(multus.namespace, selector()))
    labels = ",".join(f"{key}={value}" for key, value in LABELS.items())
    pods = {
        str((pod.get("spec") or {}).get("nodeName")): pod
        for pod in cluster.pods(multus.namespace, labels=labels)
    }
    waiting = {}
    for node in nodes:
        pod = pods.get(node)
        if pod is None:
            waiting[node] = f"DaemonSet {NAME} has no pod there"
        elif not _ready(pod):
            waiting[node] = _said(cluster, multus.namespace, pod["metadata"]["name"])
    return Book(numbers, waiting)


def outside(network: Declared, book: Book, node: str, hosts: list[str]) -> Iterator[Finding]:
    """Addresses that are not of the node's own block."""
    number = book.numbers.get(node)
    if network.blocks is None or not network.blocks.cuts or number is None:
        return
    own = network.blocks.of(number)
    for host in hosts:
        if not any(_within(host, block) for block in own):
            blocks = ", ".join(map(str, own)) or "none"
            rule = f"{host} is of no block of {node}, which has number {number}: {blocks}"
            way_out = "its pod keeps an address of before: start it again"
            path = (ROOT, network.name, "perNode")
            yield Finding("live-outside-block", path, rule, way_out, host)


def _within(host: str, block: AddressRange) -> bool:
    return ipaddress.ip_address(host) in block


def _ready(pod: Object) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(c.get("type") == "Ready" and c.get("status") == "True" for c in conditions)


def _said(cluster: Cluster, namespace: str, pod: str) -> str:
    try:
        lines = cluster.log(namespace, pod, CONTAINER, lines=_LOG_LINES).splitlines()
    except ClusterError:
        lines = []
    last = next((line for line in reversed(lines) if line.startswith("multinet: ")), "")
    return last.removeprefix("multinet: ") or f"pod {pod} is not ready there"

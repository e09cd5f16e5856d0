"""What all nodes are given of networks that are not the same on all, against what fits."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.blocks.objects import files_of
from multinet.findings import Finding, errors
from multinet.findings.part import Unfinished, readable
from multinet.names import stack_key
from multinet.stack.settings import StackSettings

_MOST_BYTES = 1_000_000


def blocks_across(settings: StackSettings) -> Iterator[Finding]:
    """It is one object, and the API server takes none above 1 MiB."""
    networks = readable(lambda: settings.networks) or {}
    right = {
        name: network
        for name, network in networks.items()
        if not isinstance(network, Unfinished) and not errors(network.found)
    }
    sizes = {name: sum(map(len, files.values())) for name, files in files_of(right).items()}
    if sum(sizes.values()) > _MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        rule = (
            f"what nodes have of networks takes {sum(sizes.values()) // 1024} KiB, and an object of"
            " Kubernetes 1,024 KiB at most"
        )
        way_out = "name fewer nodes: give the link one name on those that are alike"
        path = (stack_key("networks"), largest, "perNode", "nodes")
        yield Finding("per-node-too-large", path, rule, way_out)

"""What all nodes are given of networks that are not the same on all, against what fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from multinet.blocks.objects import files_of, script
from multinet.findings import Finding, errors
from multinet.findings.part import Unfinished, readable
from multinet.names import stack_key
from multinet.networks import nad
from multinet.networks.settings import NetworkSettings
from multinet.stack.settings import StackSettings

_MOST_BYTES = 1_000_000
"""Of a ConfigMap's data; the object has 1 MiB at most, the rest is for what stands around it."""
_MOST_OF_ANNOTATIONS = 256 * 1024
"""Of all annotations of an object (Kubernetes v1.37, ValidateAnnotationsSize)."""


def blocks_across(settings: StackSettings) -> Iterator[Finding]:
    """What nodes have is one object; what it is made of, an annotation of each network's."""
    networks = readable(lambda: settings.networks) or {}
    right = {
        name: network
        for name, network in networks.items()
        if not isinstance(network, Unfinished) and not errors(network.found)
    }
    yield from _objects(right)
    for name, network in right.items():
        size = _of_annotations(name, network) if network.blocks is not None else 0
        if size > _MOST_OF_ANNOTATIONS:
            rule = (
                f"what nodes have of it takes {size // 1024} KiB of the network's annotations, which"
                " have 256 KiB at most"
            )
            yield _too_large(name, rule)


def _objects(networks: Mapping[str, NetworkSettings]) -> Iterator[Finding]:
    sizes = {name: sum(map(_bytes, files.values())) for name, files in files_of(networks).items()}
    whole = sum(sizes.values()) + _bytes(script())
    if sizes and whole > _MOST_BYTES:
        largest = max(sizes, key=lambda name: sizes[name])
        rule = (
            f"what nodes have of networks takes {whole // 1024} KiB, and an object of Kubernetes"
            " 1,024 KiB at most"
        )
        yield _too_large(largest, rule)


def _of_annotations(name: str, network: NetworkSettings) -> int:
    given = nad.manifest(name, network)["metadata"]["annotations"]
    return sum(_bytes(key) + _bytes(value) for key, value in given.items())


def _bytes(text: str) -> int:
    return len(text.encode())


def _too_large(network: str, rule: str) -> Finding:
    way_out = "name fewer nodes: give the link one name on those that are alike"
    path = (stack_key("networks"), network, "perNode", "nodes")
    return Finding("per-node-too-large", path, rule, way_out)

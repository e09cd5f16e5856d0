"""Settings of a network that each node has a configuration of its own of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import WrapValidator

from multinet.cni.config import NetworkConfig, read
from multinet.cni.ranges import AddressRange
from multinet.findings import Finding, Path, errors
from multinet.findings.model import CheckedModel, carrier, look, refusal
from multinet.findings.suggest import did_you_mean
from multinet.networks.blocks import Blocks, cut, merged, usable
from multinet.settings.types import NodeName

_SHARED = {
    "type": "decides what the network is",
    "name": "is the name that the network has everywhere",
    "cniversion": "is the same wherever the network is",
    "ipam": "is what blocks are cut from",
    "plugins": "is the list itself: keys here are those of the plugin that makes the interface",
}
"""Keys in lower case that are the same on every node, and why."""


class PerNodeSettings(CheckedModel):
    """How each node's configuration is made of the network's."""

    block_size: int | None = None
    """Prefix length of each node's block of the IPv4 range that host-local hands out, such as 26: 64
    addresses. A node keeps its block for as long as it is a node.
    """
    block_size_ipv6: int | None = None
    """The same of the IPv6 range, such as 112."""
    nodes: dict[NodeName, dict[str, Any]] = {}
    """Node → what differs there, in the keys of the plugin that makes the interface, such as
    `master: ens5`.
    """

    def rules(self) -> Iterator[Finding]:
        """It says something."""
        blocks = self.block_size is not None or self.block_size_ipv6 is not None
        if not blocks and "nodes" not in self.model_fields_set:
            rule = "neither a block nor a key of a node: every node has the network as it is"
            way_out = "add blockSize, or nodes; or leave perNode out"
            yield Finding("missing-key", ("blockSize",), rule, way_out)

    def size(self, version: int) -> int | None:
        """Prefix length of a block of that IP version; None: it is not cut."""
        return self.block_size if version == 4 else self.block_size_ipv6

    def blocks(self, config: NetworkConfig) -> Blocks:
        """What a network is on each node; of a refused one, without the blocks that are wrong."""
        sized = [(r, self.size(r.first.version)) for r in _local(config)]
        cuts = [
            cut(r, size)
            for r, size in sized
            if size is not None and usable(r.first.version, size, r.subnet.prefixlen)
        ]
        return Blocks(config, tuple(cuts), self.nodes)

    def findings(self, config: NetworkConfig) -> Iterator[Finding]:
        """What does not fit to the network's configuration; paths start at the network."""
        for version, key in ((4, "blockSize"), (6, "blockSizeIpv6")):
            yield from self._size(config, version, ("perNode", key))
        for node, own in self.nodes.items():
            yield from _own(config, own, ("perNode", "nodes", node))

    def _size(self, config: NetworkConfig, version: int, path: Path) -> Iterator[Finding]:
        size, ranges = self.size(version), [r for r in _local(config) if r.first.version == version]
        if size is None:
            other = self.size(10 - version)
            if ranges and other is not None:
                rule = f"the IPv{version} range {ranges[0]} would be handed out whole by each node"
                yield Finding("missing-key", path, rule, "add the key")
            return
        if not ranges:
            kinds = {ipam.type for _, ipam in config.addressing if not ipam.per_node}
            kind = f"{', '.join(sorted(kinds))} hands out" if kinds else "there is"
            rule = f"cuts an IPv{version} range of host-local into blocks, and {kind} none"
            way_out = f"remove it, or give host-local an IPv{version} range"
            yield Finding("blocks-of-nothing", path, rule, way_out, size)
        for r in ranges:
            yield from _fits(r, size, path)


def _local(config: NetworkConfig) -> list[AddressRange]:
    """What is handed out by each node for itself."""
    return [r for _, ipam in config.addressing if ipam.per_node for r in ipam.address_ranges()]


def _fits(r: AddressRange, size: int, path: Path) -> Iterator[Finding]:
    version, bits = r.first.version, r.first.max_prefixlen
    if not usable(version, size, r.subnet.prefixlen):
        rule = f"a block of {r.subnet} has a prefix of {r.subnet.prefixlen} to {bits - 2} bits"
        way_out = "choose one between: a larger number is a smaller block"
        yield Finding("block-size", path, rule, way_out, size)
    elif not cut(r, size).count:
        rule = f"there is no whole /{size} in {r}: a block starts at a multiple of its size"
        way_out = "choose a larger number, or widen the range to where a block starts"
        yield Finding("block-size", path, rule, way_out, size)


def _own(config: NetworkConfig, own: Mapping[str, Any], path: Path) -> Iterator[Finding]:
    """What a node's own keys are found to be, in their place."""
    shared = [key for key in own if key.lower() in _SHARED]
    for key in shared:
        rule = f"{key!r} {_SHARED[key.lower()]}"
        yield Finding("same-on-every-node", (*path, key), rule, "remove it", own[key])
    kept = {key: value for key, value in own.items() if key not in shared}
    _, found = read(merged(config, kept))
    at = config.main_path
    for finding in found:
        below = finding.path[len(at) :]
        if finding.path[: len(at)] == at and below and below[0] in kept:
            yield finding.at((*path, *below))
        elif finding not in config.found and finding in errors(found):
            yield finding.at(path)


def _read(raw: Any, _handler: Any) -> PerNodeSettings | Literal["provided"] | None:
    if raw is None or raw == "provided" or isinstance(raw, PerNodeSettings):
        return cast("PerNodeSettings | Literal['provided'] | None", raw)
    if not isinstance(raw, Mapping):
        rule = "must be provided, or a mapping with blockSize or nodes"
        raise refusal("unknown-value", rule, did_you_mean(str(raw), ["provided"]))
    looked = look(PerNodeSettings, raw)
    if looked.whole is None:
        raise carrier(looked.findings, looked.part)
    return looked.whole


PerNode = Annotated[PerNodeSettings | Literal["provided"] | None, WrapValidator(_read)]
"""What a network's `perNode` is."""

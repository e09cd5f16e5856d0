"""What the checks across networks look at: plain data, no settings, no Pulumi."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from multinet.cni.config import NetworkConfig
from multinet.cni.ipam.base import IpamConf
from multinet.cni.ranges import AddressRange
from multinet.cni.segment import Segment
from multinet.cni.types import Address
from multinet.findings import Path
from multinet.findings.part import readable
from multinet.names import HOSTNAME, stack_key
from multinet.networks.blocks import Blocks

ROOT = stack_key("networks")
"""The key of the stack's configuration under which networks stand."""


@dataclasses.dataclass(frozen=True, slots=True)
class Use:
    """A range that a network hands out.

    Attributes:
        network: its name.
        range: what is handed out; its path starts at the stack's top.
        ipam: the IPAM object that declares it.
        allocator: who keeps track of it; see IpamConf.allocator.
    """

    network: str
    range: AddressRange
    ipam: IpamConf
    allocator: str


@dataclasses.dataclass(frozen=True)
class NetworkView:
    """One network, as the checks see it.

    Attributes:
        name: of the network, which is its NAD's.
        namespace: of the NAD.
        config: the checked CNI configuration.
        resource_name: of the device plugin whose devices it uses; empty: none.
        node_selector: labels of the nodes whose pods can use it; empty: all.
        blocks: what it is on each node, where that is not the same.
    """

    name: str
    namespace: str
    config: NetworkConfig
    resource_name: str = ""
    node_selector: Mapping[str, str] = dataclasses.field(default_factory=dict)
    blocks: Blocks | None = None

    @property
    def path(self) -> Path:
        """To the network's CNI configuration in the stack file."""
        return (ROOT, self.name, "config")

    def written(self, path: Path) -> Path:
        """A path into the network's configuration as the user's file has it."""
        root = self.path
        if path[: len(root)] != root:
            return path
        return (*root, *self.config.written(path[len(root) :]))

    @functools.cached_property
    def segment(self) -> Segment | None:
        """Where its pods meet those of other networks; None: not known."""
        if any(f.code == "unknown-key" for f in self.config.found):
            return None  # it may be meant to say where
        return readable(lambda: self.config.segment(self.resource_name))

    @functools.cached_property
    def uses(self) -> tuple[Use, ...]:
        """What its IPAMs hand out; of a refused configuration, what is right of that."""
        return tuple(use for use in readable(self._uses) or () if _is_sound(use.range))

    def _uses(self) -> tuple[Use, ...]:
        found = []
        for path, ipam in self.config.addressing:
            name = self.config.name(self.name)
            for r in ipam.address_ranges():
                allocator = ipam.allocator(name, r)
                found.append(Use(self.name, r.under((*self.path, *path)), ipam, allocator))
        return tuple(found)


def _is_sound(r: AddressRange) -> bool:
    return r.first in r.subnet and r.last in r.subnet and int(r.first) <= int(r.last)


@dataclasses.dataclass(frozen=True)
class ClusterFacts:
    """What is known about the cluster besides its networks.

    Attributes:
        pod_cidrs, service_cidrs: of the primary network.
        primary: the primary CNI that the stack brings, `calico` or `cilium`; empty: another.
        runs: the same, or the one that others brought, where its file's name says which it is.
        nodes: declared node → its labels; empty: which nodes there are is not known.
        node_addresses: declared node → its address, where it is said by an address.
        link_mtus: node → link → MTU in bytes, as far as declared.
        uplinked_bridges: Linux bridges that have a NIC of the node as a port.
        plain_bridges: Linux bridge that is made and does not tell VLANs apart → the nodes with it.
        no_bridges: link that is no bridge → node → what it is there.
        ports: link → node → the bridge that it is a port of there.
        carriers: link of the nodes → node → a link that is made on it there.
        conf_dir: the nodes' directory of CNI configurations; empty: not known.
        brought: program that an add-on brings to every node → the namespace that it runs in.
    """

    pod_cidrs: tuple[str, ...] = ()
    service_cidrs: tuple[str, ...] = ()
    primary: str = ""
    runs: str = ""
    nodes: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    node_addresses: Mapping[str, Address] = dataclasses.field(default_factory=dict)
    link_mtus: Mapping[str, Mapping[str, int]] = dataclasses.field(default_factory=dict)
    uplinked_bridges: frozenset[str] = frozenset()
    plain_bridges: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    no_bridges: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    ports: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    carriers: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    conf_dir: str = ""
    brought: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def addresses_of(self, view: NetworkView) -> Iterator[tuple[str, Address]]:
        """Node and address, of the nodes that a network is for."""
        wanted = view.node_selector.items()
        for name, address in self.node_addresses.items():
            if wanted <= self.nodes.get(name, {}).items():
                yield name, address

    def one_for(self, view: NetworkView, nodes: Iterable[str]) -> str | None:
        """The first of these declared nodes that pods of the network can land on."""
        wanted = view.node_selector.items()
        return next((node for node in nodes if wanted <= self.nodes.get(node, {}).items()), None)

    def spans_nodes(self, segment: Segment) -> bool:
        """Whether pods of several nodes meet on it; else each node has one of its own."""
        if len(self.nodes) == 1:
            return False
        return segment.shared or segment.parent in self.uplinked_bridges

    def on_one_node(self, selector: Mapping[str, str]) -> bool:
        """Whether a nodeSelector leaves one node at most, as far as nodes are declared."""
        if HOSTNAME in selector:
            return True
        chosen = [labels for labels in self.nodes.values() if selector.items() <= labels.items()]
        # None of them: the label is one that was not declared, and may be on several.
        return len(chosen) == 1

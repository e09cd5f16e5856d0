"""Further nodes of a cluster: on the LAN of the first one, with namespaces and keys of their own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rig.cluster import addresses, components, configs
from rig.cluster.addresses import NodeAddress
from rig.cluster.api import Api
from rig.cluster.containers import containerd_answers, import_image, load_all
from rig.cluster.pki import Pki
from rig.cluster.start import join, lay_primary, primary_file
from rig.cluster.state import State
from rig.cluster.waiting import runs_pods, wait
from rig.node.control import Node
from rig.parts import Parts


@dataclass(frozen=True)
class FurtherNode:
    """A node that has joined.

    Attributes:
        name: in Kubernetes, and of the host.
        state_dir: everything of it on the disk.
    """

    name: str
    state_dir: Path
    _node: Node

    @property
    def pid(self) -> int:
        """Of its first process: its end is the end of everything in it."""
        return self._node.pid()

    def run(
        self, argv: list[str], *, check: bool = True, timeout: float | None = 120.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in its namespaces, as root."""
        return self._node.run(argv, check=check, timeout=timeout)


@dataclass(frozen=True)
class Running:
    """A rig that is up, as a node that joins it sees it.

    Attributes:
        state: its directory, which is locked.
        lock: the lock's descriptor.
        first: its first node.
    """

    state: State
    lock: int
    first: Node
    api: Api
    parts: Parts

    def free_address(self) -> NodeAddress:
        """Of the next node to join."""
        return addresses.further(len(self.state.further()) + 2)

    def primary(self) -> str | None:
        """The cniVersion of the first node's primary network; None where the rig laid none."""
        file = primary_file(self.state)
        return json.loads(file.read_text())["cniVersion"] if file.exists() else None


def bring_in(
    rig: Running,
    address: NodeAddress,
    deadline: float,
    *,
    images: Sequence[Path] = (),
    plugins: Collection[str] | None = None,
) -> FurtherNode:
    """Start a node and have the cluster take it; returns when pods run on it.

    Without a primary network it returns when the node is registered. `images`: further archives,
    imported before the kubelet starts. `plugins`: all that is in its plugin directory. Raises
    RigError.
    """
    state = rig.state.of_node(address.name)
    keys = Pki(rig.state.directory / "pki")
    node = join(state, rig.parts, address, cluster=keys, first=rig.first, lock=rig.lock)
    for program in (state.directory / "node" / "opt-cni" / "bin").iterdir():
        if plugins is not None and program.name not in plugins:
            program.unlink()
    node.start(components.CONTAINERD)
    with ThreadPoolExecutor(max_workers=1) as pool:
        loaded = pool.submit(load_all, node, rig.parts, deadline)
        # The kubelet ends at once where it finds none.
        wait(node, "containerd", lambda: containerd_answers(node), deadline)
        for archive in images:
            import_image(node, archive)
        node.start(components.KUBELET)
        wait(node, "its share of the pods' addresses", lambda: bool(_pods(rig, address)), deadline)
        _make_way(rig, address, node)
        node.start(components.KUBE_PROXY)
        loaded.result()
    if (primary := rig.primary()) is not None:
        lay_primary(state, configs.primary_conflist(primary, _pods(rig, address)))
        wait(node, "the node", lambda: runs_pods(rig.api.node(address.name)), deadline)
    return FurtherNode(address.name, state.directory, node)


def _pods(rig: Running, address: NodeAddress) -> str:
    """The node's share of the pods' addresses; empty until the controller manager gave it one."""
    share: str = rig.api.node(address.name).get("spec", {}).get("podCIDR", "")
    return share


def _make_way(rig: Running, address: NodeAddress, node: Node) -> None:
    """Routes between the pods of this node and those of the LAN and of every other one."""
    own = _pods(rig, address)
    rig.first.run(["ip", "route", "replace", own, "via", address.ip], lan=True)
    others = {addresses.FIRST: rig.first}
    for state in rig.state.further():
        number = int(state.directory.name.rpartition("-")[2])
        others[addresses.further(number)] = Node(state.directory, node.path)
    others.pop(address)
    for there, other in others.items():
        other.run(["ip", "route", "replace", own, "via", address.ip])
        node.run(["ip", "route", "replace", _pods(rig, there), "via", there.ip])

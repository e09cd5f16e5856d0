"""A whole cluster that runs pods: of one node, and of further ones that join it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rig import parts as parts_module
from rig.cluster import addresses, components
from rig.cluster.api import Api
from rig.cluster.containers import containerd_answers, import_image, load_all
from rig.cluster.control_plane import ControlPlane
from rig.cluster.further import FurtherNode, Running, bring_in
from rig.cluster.room import OF_A_NODE, room
from rig.cluster.start import Started, primary_file
from rig.cluster.waiting import runs_pods, start_api, wait
from rig.images import ensure_archive, recipes
from rig.node.control import Node
from rig.parts import NODE_PARTS
from rig.parts.debian import NODE_COMMANDS
from rig.progress import Progress

CNI_VERSION = "1.0.0"
"""Of the primary network's configuration, unless another is asked for."""


class Cluster(ControlPlane):
    """A throwaway Kubernetes of real parts, cut off from the machine's network.

    ``up`` starts it with one node; each ``join`` adds one, on the same LAN.
    """

    kind = "cluster"
    parts = NODE_PARTS
    commands = NODE_COMMANDS

    def up(
        self,
        *,
        primary: bool = True,
        cni_version: str = CNI_VERSION,
        progress: Progress | None = None,
        timeout: float = 180.0,
    ) -> bool:
        """Start it, with the default images, and wait until pods can run; False if it was up.

        ``primary`` False leaves out the primary network's configuration: the cluster then waits
        for a CNI, and this returns when the node is registered. ``cni_version`` is that of the
        configuration (0.3.1, 0.4.0, 1.0.0). Otherwise as ControlPlane.up.
        """
        shown = progress or Progress(quiet=True)
        return self._up(cni_version if primary else None, shown, timeout)

    def join(
        self,
        *,
        images: Sequence[Path] = (),
        plugins: Collection[str] | None = None,
        progress: Progress | None = None,
        timeout: float = 180.0,
    ) -> FurtherNode:
        """Add a node and wait until pods run on it; ``down`` takes it along.

        It has the first node's default images, and the primary network if that one has it. What
        goes wrong leaves the cluster as it was. ``images``: archives that are there before its
        kubelet starts. ``plugins``: the only ones in its plugin directory. Raises as ``up``.
        """
        shown = progress or Progress(quiet=True)
        with self._state.locked() as lock:
            mark = self._mark()
            parts = parts_module.ensure(*self.parts, progress=shown)
            running = Running(self._state, lock, self._node(mark), self._api(), parts)
            address = running.free_address()
            step = f"{address.name} joins rig {self.name}"
            try:
                with room(OF_A_NODE, shown), shown.step(step):
                    deadline = time.monotonic() + timeout
                    return bring_in(running, address, deadline, images=images, plugins=plugins)
            except BaseException as error:
                state = self._state.of_node(address.name)
                self._keep_logs(error, state)
                self._end(state)
                if state.directory.is_dir():
                    state.remove()
                self.kubectl_run("delete", "node", address.name, "--ignore-not-found")
                raise

    def _nodes(self) -> list[Node]:
        mark = self._mark()
        further = [Node(state.directory, mark.path) for state in self._state.further()]
        return [self._node(mark), *further]

    def load_image(self, archive: Path, names: Iterable[str] = ()) -> None:
        """Import an OCI archive on every node, under its own name and further ``names``.

        A name may be anything that a manifest says: another registry, a tag, a digest. Raises
        CommandError.
        """
        for node in self._nodes():
            import_image(node, archive, names)

    def load_default_images(self) -> list[str]:
        """Import the rig's own images (again) and return their names; ``up`` has done it."""
        self.load_image(ensure_archive(parts_module.ensure(*NODE_PARTS)))
        return list(recipes())

    def _start_components(self, started: Started, deadline: float) -> None:
        node, api = started.node, Api(started.pki, started.port)
        node.start(components.CONTAINERD)
        with ThreadPoolExecutor(max_workers=1) as pool:
            images = pool.submit(load_all, node, started.parts, deadline)
            start_api(node, api, deadline)
            for name in (components.CONTROLLER_MANAGER, components.SCHEDULER, components.KUBELET):
                node.start(name)
            wait(node, "the node's registration", lambda: bool(_this_node(api)), deadline)
            # Only now, since kube-proxy reads the node's address and waits long if it finds none.
            node.start(components.KUBE_PROXY)
            images.result()
        wait(node, "the default service account", api.service_account_exists, deadline)
        if primary_file(self._state).exists():
            wait(node, "the node", lambda: runs_pods(_this_node(api)), deadline)

    def _answers(self, component: str) -> Callable[[], bool] | None:
        if component == components.CONTAINERD:
            return lambda: containerd_answers(self._running())
        if component == components.KUBELET:
            return lambda: self._api().kubelet_healthy(addresses.NODE_NAME)
        return super()._answers(component)


def _this_node(api: Api) -> dict[str, Any]:
    return api.node(addresses.NODE_NAME)

"""A whole one-node cluster that runs pods."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rig import parts as parts_module
from rig.cluster import addresses, components, configs
from rig.cluster.api import Api
from rig.cluster.control_plane import ControlPlane
from rig.cluster.start import Started
from rig.cluster.waiting import start_api, wait
from rig.images import ensure_archives
from rig.images.oci import reference_of
from rig.node.control import Node
from rig.parts import NODE_PARTS, Parts
from rig.parts.debian import NODE_COMMANDS
from rig.progress import Progress

CNI_VERSION = "1.0.0"
"""Of the primary network's configuration, unless another is asked for."""


class Cluster(ControlPlane):
    """A throwaway Kubernetes of one node, of real parts, cut off from the machine's network."""

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

    def load_image(self, archive: Path, names: Iterable[str] = ()) -> None:
        """Import an OCI archive under the name that it states, and under further ``names``.

        A name may be anything that a manifest says: another registry, a tag, a digest. Raises
        CommandError.
        """
        import_image(self._running(), archive, names)

    def load_default_images(self) -> list[str]:
        """Import the rig's own images (again) and return their names; ``up`` has done it."""
        archives = ensure_archives(parts_module.ensure(*NODE_PARTS))
        for archive in archives.values():
            self.load_image(archive)
        return list(archives)

    def _start_components(self, started: Started, deadline: float) -> None:
        node, api = started.node, Api(started.pki, started.port)
        node.start(components.CONTAINERD)
        with ThreadPoolExecutor(max_workers=1) as pool:
            images = pool.submit(_load_all, node, started.parts, deadline)
            start_api(node, api, deadline)
            for name in (components.CONTROLLER_MANAGER, components.SCHEDULER, components.KUBELET):
                node.start(name)
            wait(node, "the node's registration", lambda: bool(_this_node(api)), deadline)
            # Only now, since kube-proxy reads the node's address and waits long if it finds none.
            node.start(components.KUBE_PROXY)
            images.result()
        wait(node, "the default service account", api.service_account_exists, deadline)
        conflist = Path(started.node.state) / "node/etc-cni/net.d" / configs.PRIMARY_CONFLIST
        if conflist.exists():
            wait(node, "the node", lambda: _runs_pods(_this_node(api)), deadline)

    def _answers(self, component: str) -> Callable[[], bool] | None:
        if component == components.CONTAINERD:
            return lambda: containerd_answers(self._running())
        if component == components.KUBELET:
            return lambda: self._api().kubelet_healthy(addresses.NODE_NAME)
        return super()._answers(component)


def _this_node(api: Api) -> dict[str, Any]:
    return api.node(addresses.NODE_NAME)


def _runs_pods(node: dict[str, Any]) -> bool:
    """Whether the node is Ready and the taint that says otherwise has been taken off."""
    conditions = node.get("status", {}).get("conditions", [])
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return ready and not node.get("spec", {}).get("taints")


def containerd_answers(node: Node) -> bool:
    """Whether containerd accepts connections."""
    first = node.first_process()
    if first is None:
        return False
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(f"/proc/{first.pid}/root{configs.CONTAINERD_SOCKET}") == 0


def _load_all(node: Node, parts: Parts, deadline: float) -> None:
    archives = ensure_archives(parts)
    wait(node, "containerd", lambda: containerd_answers(node), deadline)
    for archive in archives.values():
        import_image(node, archive)


def import_image(node: Node, archive: Path, names: Iterable[str] = ()) -> None:
    """Import an archive into containerd's namespace of the kubelet."""
    ctr = ["ctr", "--namespace", "k8s.io", "images"]
    with archive.open("rb") as file:
        # Read from the machine's side: the node need not see the archive's path.
        node.run([*ctr, "import", "-"], stdin=file.fileno())
    for name in names:
        # Not what ctr prints: it shortens long names.
        node.run([*ctr, "tag", "--force", reference_of(archive), name])

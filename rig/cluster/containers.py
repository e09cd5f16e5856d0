"""A node's containerd: whether it answers, and the images that it has."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from pathlib import Path

from rig.cluster import configs
from rig.cluster.waiting import wait
from rig.images import ensure_archive
from rig.images.oci import reference_of
from rig.node.control import Node
from rig.parts import Parts


def containerd_answers(node: Node) -> bool:
    """Whether containerd accepts connections."""
    first = node.first_process()
    if first is None:
        return False
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(f"/proc/{first.pid}/root{configs.CONTAINERD_SOCKET}") == 0


def load_all(node: Node, parts: Parts, deadline: float) -> None:
    """Import the rig's own images, once containerd answers."""
    archive = ensure_archive(parts)
    wait(node, "containerd", lambda: containerd_answers(node), deadline)
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

"""Starting a node: its directory, its files, its first process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rig.cluster import addresses, components, configs
from rig.cluster.pki import Pki, create, kubeconfig, write_private
from rig.cluster.state import State
from rig.errors import RigError
from rig.node.control import Node
from rig.node.spec import LOGS, NodeSpec
from rig.parts import Parts
from rig.parts.store import tail
from rig.paths import IMPORT_ROOT, search_path, which
from rig.preflight import nftables_work

_PRIVATE = {
    "/etc/cni": "node/etc-cni",
    "/opt/cni": "node/opt-cni",
    "/var/lib/cni": "node/cni",
    "/var/lib/containerd": "node/containerd",
    "/var/lib/etcd": "node/etcd",
    "/var/lib/kubelet": "node/kubelet",
    "/var/log/containers": "node/log-containers",
    "/var/log/pods": "node/log-pods",
}
"""Directories of the node that grow: kept on disk, in the state directory."""

_NO_OVERLAY_ON = ("overlayfs", "fuseblk", "nfs", "9p", "v9fs")
"""File systems that cannot hold the upper layer of an overlay."""


@dataclass(frozen=True)
class Started:
    """A node whose first process runs and whose components are yet to be started."""

    node: Node
    pki: Pki
    port: int
    parts: Parts


def start(state: State, lock: int, parts: Parts, *, whole: bool, primary: str | None) -> Started:
    """Prepare the state directory and start the node's first process.

    ``whole`` asks for a node that runs pods rather than a bare API server; ``primary`` is the
    cniVersion of the primary network's configuration, None for none. Raises RigError, with
    what the first process said.
    """
    directory = state.directory
    (directory / LOGS).mkdir()
    for name in _PRIVATE.values():
        (directory / name).mkdir(mode=0o700 if name.endswith("etcd") else 0o755, parents=True)
    pki = create(directory / "pki")
    path = node_path(parts)
    if whole:
        _lay_node_files(state, parts, pki, primary)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.set_inheritable(listener.fileno(), True)
        port: int = listener.getsockname()[1]
        run = components.control_plane(parts, pki, listener.fileno())
        if whole:
            run += components.node(parts, pki, directory / "config")
        NodeSpec(
            hostname=addresses.NODE_NAME,
            state=str(directory),
            cgroup=state.cgroup,
            path=path,
            network=addresses.NETWORK,
            private=_PRIVATE,
            components=run,
        ).save()
        server = f"https://127.0.0.1:{port}"
        text = kubeconfig(pki, "admin", server, context=f"rig-{directory.name}")
        write_private(state.kubeconfig, text.encode())
        _launch(directory, listener.fileno(), lock)
    return Started(Node(directory, path), pki, port, parts)


def node_path(parts: Parts) -> str:
    """PATH in the node: the pinned parts before what the machine has."""
    return ":".join([*(str(bin_dir) for bin_dir in parts.directories.values()), search_path()])


def _lay_node_files(state: State, parts: Parts, pki: Pki, primary: str | None) -> None:
    node = state.directory / "node"
    # Copies, not links: what runs in the node may overwrite them, and the cache must not change.
    shutil.copytree(parts.directory("cni-plugins"), node / "opt-cni" / "bin")
    (node / "etc-cni" / "net.d").mkdir()
    if primary is not None:
        conflist = node / "etc-cni" / "net.d" / configs.PRIMARY_CONFLIST
        conflist.write_text(json.dumps(configs.primary_conflist(primary), indent=2) + "\n")
    runc = which("runc")
    if runc is None:
        raise RigError("runc is not installed")
    mode = "nftables" if nftables_work() else "iptables"
    configuration = state.directory / "config"
    configuration.mkdir()
    files = components.files(pki, snapshotter(node), str(runc), mode)
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        (configuration / name).write_text(text)


def snapshotter(directory: Path) -> str:
    """containerd's snapshotter for a directory: overlayfs unless its file system forbids that."""
    asked = subprocess.run(
        ["stat", "-f", "-c", "%T", str(directory)], capture_output=True, text=True, check=False
    )
    return "native" if asked.stdout.strip() in _NO_OVERLAY_ON else "overlayfs"


def _launch(directory: Path, listener: int, lock: int) -> None:
    reads, writes = os.pipe()
    log = directory / LOGS / "supervisor.log"
    arguments = [str(directory), str(listener), str(writes), str(lock)]
    environment = {
        **os.environ,
        "PATH": search_path(),
        "PYTHONPATH": str(IMPORT_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with log.open("ab") as output:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "rig.node.launch", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
            pass_fds=[listener, writes, lock],
        )
    os.close(writes)
    with os.fdopen(reads) as report:
        # Ends with the first process's word, or when both processes are gone without one.
        said = report.read()
    launcher.wait()
    if said != "ok":
        raise RigError(f"the node's first process failed: {said.strip() or tail(log)}")

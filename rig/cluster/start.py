"""Starting a node: its directory, its files, its first process."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rig.cluster import addresses, components, configs
from rig.cluster.addresses import FIRST, NodeAddress
from rig.cluster.pki import Pki, create, create_for, kubeconfig, write_private
from rig.cluster.state import State
from rig.errors import RigError
from rig.node.control import Node
from rig.node.spec import LAN_NETNS, LOGS, Component, NodeSpec
from rig.parts import Parts
from rig.parts.store import tail
from rig.paths import IMPORT_ROOT, search_path, which
from rig.preflight import nftables_work

_PRIVATE = {
    "/etc/cni": "node/etc-cni",
    "/opt/cni": "node/opt-cni",
    "/var/lib/cni": "node/cni",
    "/var/lib/containerd": "node/containerd",
    "/var/lib/kubelet": "node/kubelet",
    "/var/log/containers": "node/log-containers",
    "/var/log/pods": "node/log-pods",
}
"""Directories of a node that grow: kept on disk, in its state directory."""

_STORE = {"/var/lib/etcd": "node/etcd"}
"""The first node's in addition."""

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
    private = _PRIVATE | _STORE
    _make_directories(state, private)
    pki = create(directory / "pki")
    if whole:
        _lay_node_files(state, parts, pki, FIRST)
    if whole and primary is not None:
        lay_primary(state, configs.primary_conflist(primary))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.set_inheritable(listener.fileno(), True)
        port: int = listener.getsockname()[1]
        run = components.control_plane(parts, pki, listener.fileno())
        if whole:
            run.append(components.scheduler(parts, pki))
            run += components.node(parts, pki, directory / "config", FIRST)
        spec = _spec(state, parts, FIRST, run)
        network = FIRST.network(addresses.POD_CIDR)
        replace(spec, network=network, private=private).save()
        server = f"https://127.0.0.1:{port}"
        text = kubeconfig(pki, "admin", server, context=f"rig-{directory.name}")
        write_private(state.kubeconfig, text.encode())
        _launch(directory, lock, listener=listener.fileno())
    return Started(Node(directory, node_path(parts)), pki, port, parts)


def join(
    state: State, parts: Parts, address: NodeAddress, *, cluster: Pki, first: Node, lock: int
) -> Node:
    """Start a further node's first process, on the LAN of the ``first`` node.

    It gets keys of its own from the ``cluster``'s authority. Raises RigError.
    """
    _make_directories(state, _PRIVATE)
    pki = create_for(address, cluster, state.directory / "pki")
    _lay_node_files(state, parts, pki, address)
    run = components.node(parts, pki, state.directory / "config", address)
    _spec(state, parts, address, run).save()
    lan = os.open(f"/proc/{first.pid()}/root{LAN_NETNS}", os.O_RDONLY)
    try:
        _launch(state.directory, lock, lan=lan)
    finally:
        os.close(lan)
    return Node(state.directory, node_path(parts))


def _make_directories(state: State, private: dict[str, str]) -> None:
    (state.directory / LOGS).mkdir(parents=True)
    for name in private.values():
        mode = 0o700 if name.endswith("etcd") else 0o755
        (state.directory / name).mkdir(mode=mode, parents=True)


def _spec(state: State, parts: Parts, address: NodeAddress, run: list[Component]) -> NodeSpec:
    """A node's specification; that of the first one has more."""
    return NodeSpec(
        hostname=address.name,
        state=str(state.directory),
        cgroup=state.cgroup,
        path=node_path(parts),
        network=address.network(),
        private=_PRIVATE,
        components=run,
    )


def node_path(parts: Parts) -> str:
    """PATH in the node: the pinned parts before what the machine has."""
    return ":".join([*(str(bin_dir) for bin_dir in parts.directories.values()), search_path()])


def _lay_node_files(state: State, parts: Parts, pki: Pki, address: NodeAddress) -> None:
    node = state.directory / "node"
    # Copies, not links: what runs in the node may overwrite them, and the cache must not change.
    shutil.copytree(parts.directory("cni-plugins"), node / "opt-cni" / "bin")
    (node / "etc-cni" / "net.d").mkdir()
    runc = which("runc")
    if runc is None:
        raise RigError("runc is not installed")
    mode = "nftables" if nftables_work() else "iptables"
    configuration = state.directory / "config"
    configuration.mkdir()
    files = components.files(pki, address, snapshotter(node), str(runc), mode)
    for name, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content, indent=1)
        (configuration / name).write_text(text)


def primary_file(state: State) -> Path:
    """The primary network's configuration on a node, seen from the machine."""
    return state.directory / "node" / "etc-cni" / "net.d" / configs.PRIMARY_CONFLIST


def lay_primary(state: State, conflist: dict[str, Any]) -> None:
    """Write it."""
    primary_file(state).write_text(json.dumps(conflist, indent=2) + "\n")


def snapshotter(directory: Path) -> str:
    """containerd's snapshotter for a directory: overlayfs unless its file system forbids that."""
    asked = subprocess.run(
        ["stat", "-f", "-c", "%T", str(directory)], capture_output=True, text=True, check=False
    )
    return "native" if asked.stdout.strip() in _NO_OVERLAY_ON else "overlayfs"


def _launch(
    directory: Path, lock: int, *, listener: int | None = None, lan: int | None = None
) -> None:
    reads, writes = os.pipe()
    log = directory / LOGS / "supervisor.log"
    given = {"report": writes, "lock": lock, "listener": listener, "lan": lan}
    descriptors = {name: number for name, number in given.items() if number is not None}
    arguments = [str(directory), *(f"--{name}={number}" for name, number in descriptors.items())]
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
            pass_fds=list(descriptors.values()),
        )
    os.close(writes)
    with os.fdopen(reads) as report:
        # Ends with the first process's word, or when both processes are gone without one.
        said = report.read()
    launcher.wait()
    if said != "ok":
        raise RigError(f"the node's first process failed: {said.strip() or tail(log)}")

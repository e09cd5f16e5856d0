"""Starts a node's first process: ``python -m rig.node.launch STATE --report FD --lock FD …``.

STATE is the node's state directory with its specification; the rest are open descriptors. On the
report, a pipe, one line is written: ``ok``, or what went wrong. The lock is the rig's, held until
the first process is recorded, so that ``down`` never misses one that is about to appear. A first
node gets a ``--listener``, which listens on the machine; a further one the ``--lan`` that it joins.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import sys
import traceback
from pathlib import Path

from rig.node import cgroups, network, rootfs
from rig.node.kernel import (
    CLONE_NEWCGROUP,
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUTS,
    unshare,
)
from rig.node.process import ProcessId
from rig.node.spec import RECORD, NodeSpec
from rig.node.supervisor import Supervisor


def main(argv: list[str]) -> None:
    """Make the namespaces, start their first process, record it, and leave it running."""
    parser = argparse.ArgumentParser()
    parser.add_argument("state", type=Path)
    for name in ("report", "lock"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("listener", "lan"):
        parser.add_argument(f"--{name}", type=int)
    given = parser.parse_args(argv)
    state, report = given.state, given.report
    spec = NodeSpec.load(state)
    try:
        cgroups.create(spec.cgroup)
        cgroups.enter(spec.cgroup)
        unshare(CLONE_NEWCGROUP)
        cgroups.leave_root(spec.cgroup)
        unshare(CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNS)
        reads, writes = os.pipe()
        first = os.fork()
        if first == 0:
            os.close(writes)
            os.close(given.lock)
            _be_first(spec, given.listener, given.lan, report, reads)
        os.close(reads)
        record = state / f"{RECORD}.new"
        record.write_text(json.dumps(ProcessId.of(first).to_json()))
        record.rename(state / RECORD)
        os.write(writes, b"recorded")
    except Exception:
        _report(report, traceback.format_exc())
        raise


def _be_first(
    spec: NodeSpec, listener: int | None, lan: int | None, report: int, recorded: int
) -> None:
    """The life of process 1 of the node; never returns."""
    try:
        if not os.read(recorded, 8):
            # The launcher died before it could record this process: nobody could end it later.
            os._exit(1)
        os.close(recorded)
        os.setsid()
        socket.sethostname(spec.hostname)
        os.environ["PATH"] = spec.path
        rootfs.build(spec)
        network.build(spec.network, lan)
        if lan is not None:
            os.close(lan)
        supervisor = Supervisor(spec, listener)
        supervisor.open()
    except BaseException:
        _report(report, traceback.format_exc())
        os._exit(1)
    _report(report, "ok")
    os.close(report)
    try:
        supervisor.run()
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _report(descriptor: int, text: str) -> None:
    os.write(descriptor, text.encode()[-8000:])


if __name__ == "__main__":
    main(sys.argv[1:])

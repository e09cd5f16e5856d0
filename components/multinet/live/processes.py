"""Which process made an object of a cluster, and whether it still lives: for what must not stay."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from multinet.live.pod import has_ended

_READ_WITHIN = timedelta(minutes=15)


def process() -> str:
    """Who this process is, so that a later run can tell whether it still lives.

    `<machine>/<pid>/<start>`; the machine is a digest, and another process's namespace is
    another machine.
    """
    return f"{_machine()}/{os.getpid()}/{_start(os.getpid())}"


def abandoned(owner: str) -> bool:
    """Whether the process of that name was of this machine and is gone."""
    machine, _, rest = owner.partition("/")
    pid, _, start = rest.partition("/")
    if machine != _machine() or not pid.isdigit():
        return False
    return _start(int(pid)) != start or not _alive(int(pid))


def left_behind(pod: Mapping[str, Any], owner: str) -> bool:
    """Whether a short-lived pod that a process made may go: that process will not read it any more.

    One that has ended may be another machine's, which reads it in a moment.
    """
    made = str((pod.get("metadata") or {}).get("creationTimestamp") or "")
    old = not made or datetime.now(UTC) - datetime.fromisoformat(made) > _READ_WITHIN
    return abandoned(owner) or (has_ended(pod) and old)


def _machine() -> str:
    parts = [socket.gethostname(), sys.platform]
    for file in ("/proc/sys/kernel/random/boot_id",):
        if Path(file).exists():
            parts.append(Path(file).read_text(encoding="ascii").strip())
    namespace = Path("/proc/self/ns/pid")
    if namespace.exists():
        parts.append(str(namespace.stat().st_ino))
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def _start(pid: int) -> str:
    """When a process was started, in the kernel's ticks; `0` where that cannot be known."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "0"
    return stat.rpartition(")")[2].split()[19]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

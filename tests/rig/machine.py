"""What a rig must leave as it was on the machine, and what it must not leave at all."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import os
import platform
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rig
from rig.cluster.state import State

_SYSTEM = Path("/proc/sys")
_BY_THEMSELVES = ("kernel/ns_last_pid",)
"""Settings that change without anybody's doing."""


@dataclass(frozen=True)
class Machine:
    """The machine's own network, settings and mounts, to be compared before and after."""

    links: Any
    addresses: Any
    routes: Any
    namespaces: str
    rules: str
    mounts: list[str]
    settings: dict[str, str]


def look() -> Machine:
    """The machine as it is now."""
    return Machine(
        links=_json("ip", "-j", "link"),
        addresses=[
            {"name": link["ifname"], "local": [a["local"] for a in link["addr_info"]]}
            for link in _json("ip", "-j", "address")
        ],
        routes=_json("ip", "-j", "-4", "route", "show", "table", "all"),
        namespaces=_run("ip", "netns"),
        rules=_run("nft", "list", "ruleset"),
        mounts=sorted(
            line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()
        ),
        settings=dict(_settings()),
    )


def _settings() -> Iterator[tuple[str, str]]:
    """Every setting of the kernel that can be changed, and read."""
    for directory, _, names in os.walk(_SYSTEM):
        for path in (Path(directory, name) for name in names):
            name = str(path.relative_to(_SYSTEM))
            with contextlib.suppress(OSError):  # what others' nodes have takes leave with them
                if name not in _BY_THEMSELVES and path.stat().st_mode & 0o600 == 0o600:
                    yield name, path.read_text(errors="replace")


def _run(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def _json(*argv: str) -> Any:
    return json.loads(_run(*argv) or "[]")


@contextlib.contextmanager
def namespace_of(pid: int) -> Iterator[str]:
    """The process namespace of a process, by its number, which is not another's meanwhile.

    The kernel gives the number of one that is gone to the next that is made, another rig's say.
    """
    at = Path(f"/proc/{pid}/ns/pid_for_children")
    with at.open("rb"):
        yield str(at.readlink())


def processes_in(namespace: str) -> list[int]:
    """Processes of the machine that live in a process namespace."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((entry / "ns" / "pid").readlink()) == namespace:
                found.append(int(entry.name))
    return found


def traces_of(name: str) -> list[str]:
    """Files, cgroups and processes that belong to the rig of that name."""
    of = State.of(name)
    state = of.directory
    traces = [str(state)] if state.exists() else []
    # Not by the name alone: a rig under another root may have it too.
    groups = {of.cgroup, *(of.of_node(f"rig-{number}").cgroup for number in range(2, 10))}
    # `walk` passes over what others' rigs remove meanwhile; `glob` raises.
    traces += [
        str(Path(directory, one))
        for directory, within, _ in os.walk("/sys/fs/cgroup")
        for one in groups.intersection(within)
    ]
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if f"{state}/" in (entry / "cmdline").read_text().replace("\0", "/ "):
                traces.append(f"process {entry.name}")
    return traces


def pod(name: str, *command: str, **spec: Any) -> dict[str, Any]:
    """A pod of the rig's busybox that ends at once when deleted."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {
            "terminationGracePeriodSeconds": 0,
            "containers": [
                {
                    "name": "main",
                    "image": "docker.io/library/busybox:1.35.0",
                    "imagePullPolicy": "IfNotPresent",
                    "command": list(command),
                }
            ],
            **spec,
        },
    }


def create(cluster: rig.ControlPlane, *objects: dict[str, Any]) -> None:
    """Create objects."""
    text = json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)})
    cluster.kubectl("create", "-f", "-", input=text)


def within(seconds: float, condition: Callable[[], bool], otherwise: str) -> None:
    """Wait until a condition holds; fail, saying what is wrong, if it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


_BPF_CALL = {"x86_64": 321, "aarch64": 280}
_NEXT_ID, _BY_ID, _INFO = 11, 13, 15  # BPF_PROG_GET_NEXT_ID, …_GET_FD_BY_ID, BPF_OBJ_GET_INFO_BY_FD
_NAME = slice(64, 80)  # of struct bpf_prog_info


def bpf_programs() -> list[str]:
    """Names of the BPF programs that the kernel has loaded; none where one may not look."""
    bpf = functools.partial(
        ctypes.CDLL(None, use_errno=True).syscall, _BPF_CALL[platform.machine()]
    )
    found, last = [], 0
    while True:
        attributes = ctypes.create_string_buffer(struct.pack("IIII", last, 0, 0, 0), 120)
        if bpf(_NEXT_ID, attributes, 120) < 0:
            return sorted(found)
        last = struct.unpack_from("I", attributes, 4)[0]
        descriptor = bpf(_BY_ID, ctypes.create_string_buffer(struct.pack("I", last), 120), 120)
        if descriptor < 0:
            continue  # gone meanwhile
        info = ctypes.create_string_buffer(256)
        asked = struct.pack("IIQ", descriptor, 256, ctypes.addressof(info))
        if bpf(_INFO, ctypes.create_string_buffer(asked, 120), 120) == 0:
            found.append(info.raw[_NAME].partition(b"\0")[0].decode())
        os.close(descriptor)

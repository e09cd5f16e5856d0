"""Cgroups of a node: one of its own under the root of each hierarchy, version 1 or 2.

The node's processes see that cgroup as the root (a cgroup namespace), so the kubelet, containerd
and runc need no settings for it, and removing it removes all they made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rig.errors import RigError
from rig.node.kernel import MS_NODEV, MS_NOEXEC, MS_NOSUID, mount

_FLAGS = MS_NOSUID | MS_NODEV | MS_NOEXEC
_V2_CONTROLLERS = ("cpuset", "cpu", "io", "memory", "pids")
_V1_FLAGS = {"rw", "ro", "noprefix", "clone_children", "xattr", "seclabel"}


@dataclass(frozen=True)
class Hierarchy:
    """A mounted cgroup hierarchy.

    Attributes:
        path: where it is mounted on the machine.
        options: mount options that give the same hierarchy again; empty for version 2.
    """

    path: Path
    options: str

    @property
    def unified(self) -> bool:
        """Whether it is version 2."""
        return not self.options


def hierarchies(mountinfo: str | None = None) -> list[Hierarchy]:
    """The machine's hierarchies: one of version 2, or all of version 1.

    In the hybrid layout version 2 has no controllers and is left out; see `without_controllers`.
    """
    first: dict[Path, Hierarchy] = {}
    for kind, path, fields, dash in _mounted(mountinfo):
        if kind == "cgroup2" and path == Path("/sys/fs/cgroup"):
            return [Hierarchy(path, "")]
        if kind == "cgroup":
            kept = [o for o in fields[dash + 3].split(",") if o not in _V1_FLAGS]
            named = any(o.startswith("name=") for o in kept)
            kept = [o for o in kept if not o.startswith("release_agent=")]
            options = ",".join((["none"] if named else []) + kept)
            first.setdefault(path, Hierarchy(path, options))
    return list(first.values())


def without_controllers(mountinfo: str | None = None) -> list[Hierarchy]:
    """Version 2 in the hybrid layout: nothing is limited by it, but BPF programs are attached there.

    The node needs a cgroup of its own in it: Cilium mounts version 2 itself and attaches its socket
    load balancer to the root that it sees, which would be the whole machine's.
    """
    mounted = [(kind, path) for kind, path, _, _ in _mounted(mountinfo)]
    if not any(kind == "cgroup" for kind, _ in mounted):
        return []
    return [Hierarchy(path, "") for kind, path in mounted if kind == "cgroup2"][:1]


def _mounted(mountinfo: str | None) -> Iterator[tuple[str, Path, list[str], int]]:
    """Of each mount its kind and place, and the fields of its line with where the dash is."""
    text = Path("/proc/self/mountinfo").read_text() if mountinfo is None else mountinfo
    for line in text.splitlines():
        fields = line.split()
        dash = fields.index("-")
        yield fields[dash + 1], Path(fields[4]), fields, dash


def create(name: str) -> None:
    """Make the node's cgroup in every hierarchy; one that exists is used again."""
    for hierarchy in without_controllers():
        (hierarchy.path / name).mkdir(exist_ok=True)
    for hierarchy in hierarchies():
        group = hierarchy.path / name
        if hierarchy.unified:
            _enable(hierarchy.path)
        group.mkdir(exist_ok=True)
        for setting in ("cpuset.cpus", "cpuset.mems"):
            # Version 1 starts with an empty set, which no process may enter.
            if not hierarchy.unified and (group / setting).exists():
                (group / setting).write_text((hierarchy.path / setting).read_text())


def enter(name: str) -> None:
    """Move this process into the node's cgroup in every hierarchy."""
    for hierarchy in (*hierarchies(), *without_controllers()):
        (hierarchy.path / name / "cgroup.procs").write_text(str(os.getpid()))


def leave_root(name: str) -> None:
    """In version 2, move this process to a leaf so that its cgroup may have children.

    To be called after the cgroup namespace was made, which takes the cgroup as its root.
    """
    for hierarchy in hierarchies():
        if hierarchy.unified:
            leaf = hierarchy.path / name / "supervisor"
            leaf.mkdir(exist_ok=True)
            (leaf / "cgroup.procs").write_text(str(os.getpid()))
            _enable(hierarchy.path / name)


def _enable(group: Path) -> None:
    for controller in _V2_CONTROLLERS:
        try:
            (group / "cgroup.subtree_control").write_text(f"+{controller}")
        except OSError:
            # Not offered by the parent, or the machine's own arrangement forbids it; what the
            # kubelet cannot do without, it names in its log.
            continue


def mount_into(target: Path, found: list[Hierarchy]) -> None:
    """Mount the hierarchies under ``target``, as this process's cgroup namespace shows them."""
    if any(hierarchy.unified for hierarchy in found):
        mount("cgroup2", target, "cgroup2", _FLAGS)
        return
    mount("tmpfs", target, "tmpfs", _FLAGS, "mode=755")
    for hierarchy in found:
        point = target / hierarchy.path.name
        point.mkdir()
        mount("cgroup", point, "cgroup", _FLAGS, hierarchy.options)
        for controller in hierarchy.options.split(","):
            alias = target / controller
            if "=" not in controller and controller != "none" and not alias.exists():
                alias.symlink_to(hierarchy.path.name)


def remove(name: str, timeout: float = 10.0) -> None:
    """Remove the node's cgroup and all below it from every hierarchy; absent ones are fine.

    Raises RigError where one is still in use after ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    for hierarchy in (*hierarchies(), *without_controllers()):
        group = hierarchy.path / name
        while group.is_dir():
            try:
                for below, _directories, _files in os.walk(group, topdown=False):
                    Path(below).rmdir()
            except FileNotFoundError:
                continue
            except OSError as error:
                # The kernel frees a cgroup a moment after its last process has gone.
                if time.monotonic() > deadline:
                    raise RigError(f"cgroup {group} cannot be removed: {error}") from error
                time.sleep(0.05)

"""The node's file system: the machine's, seen through an overlay, with directories of its own.

Nothing that runs in the node can change a file of the machine: every mount of the machine is the
lower layer of an overlay whose upper layer lives in memory, except the node's own directories,
which are in the rig's state directory. All mounts belong to the node's mount namespace and go
with it.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from rig.node import cgroups
from rig.node.kernel import (
    MNT_DETACH,
    MS_BIND,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_REMOUNT,
    MS_SHARED,
    mount,
    umount,
)
from rig.node.spec import NodeSpec

_OWN = ("/proc", "/sys", "/dev", "/run")
"""Made anew for the node rather than seen through."""

_GLOBAL_SYSCTLS = (
    "vm/overcommit_memory",
    "vm/panic_on_oom",
    "kernel/panic",
    "kernel/panic_on_oops",
    "kernel/keys/root_maxkeys",
    "kernel/keys/root_maxbytes",
    "kernel/unprivileged_bpf_disabled",
    "kernel/timer_migration",
)
"""Settings of the whole machine that a kubelet, or Cilium's agent (the last two), changes at its
start; here it changes copies."""


def build(spec: NodeSpec) -> None:
    """Arrange the mounts of a fresh mount namespace and make them this process's root.

    Needs the node's other namespaces to be in place, since /proc, /sys and the cgroups show
    those of the process that mounts them. Raises OSError.
    """
    found = cgroups.hierarchies()
    mount("none", "/", flags=MS_REC | MS_PRIVATE)
    scratch = Path(spec.state) / "scratch"
    scratch.mkdir(exist_ok=True)
    mount("tmpfs", scratch, "tmpfs", MS_NOSUID, "mode=755")
    root = scratch / "root"
    root.mkdir()
    for number, point in enumerate(["/", *_mounts_of_machine(spec.state)]):
        _see_through(point, root, scratch / f"layer{number}")
    _own_systems(root, found)
    _own_directories(spec, root)
    _copies_of_global_sysctls(spec, root)
    _make_root(root)


def _mounts_of_machine(state: str) -> list[str]:
    """Mount points under / that hold files of the machine, parents first."""
    points = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        point = line.split()[4].encode().decode("unicode_escape")
        below = (*_OWN, state)
        if point != "/" and not any(point == own or point.startswith(f"{own}/") for own in below):
            points.append(point)
    return sorted(set(points))


def _see_through(point: str, root: Path, layer: Path) -> None:
    target = root / point.lstrip("/")
    if Path(point).is_dir() and _overlay(point, target, layer):
        return
    # A single file, or a file system that cannot be a lower layer: reading is what is needed.
    if target.exists():
        _bind_read_only(point, target)


def _overlay(point: str, target: Path, layer: Path) -> bool:
    upper, work = layer / "upper", layer / "work"
    upper.mkdir(parents=True)
    work.mkdir()
    options = f"lowerdir={_escape(point)},upperdir={upper},workdir={work}"
    try:
        mount("overlay", target, "overlay", options=options)
    except OSError:
        return False
    return True


def _escape(path: str) -> str:
    return path.replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,")


def _bind_read_only(source: str | Path, target: Path) -> None:
    mount(source, target, flags=MS_BIND)
    # A bind takes no other flags at once, and must keep those that the source is locked to.
    mount("none", target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)


def _own_systems(root: Path, found: list[cgroups.Hierarchy]) -> None:
    mount("/dev", root / "dev", flags=MS_BIND | MS_REC)
    if (root / "dev" / "shm").is_dir():
        mount("tmpfs", root / "dev" / "shm", "tmpfs", MS_NOSUID | MS_NODEV)
    mount("proc", root / "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("sysfs", root / "sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    cgroups.mount_into(root / "sys" / "fs" / "cgroup", found)
    if (root / "sys" / "fs" / "bpf").is_dir():
        mount("bpf", root / "sys" / "fs" / "bpf", "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    mount("tmpfs", root / "run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")


def _own_directories(spec: NodeSpec, root: Path) -> None:
    state = root / spec.state.lstrip("/")
    state.mkdir(parents=True, exist_ok=True)
    mount(spec.state, state, flags=MS_BIND)
    for inside, name in spec.private.items():
        source = Path(spec.state) / name
        source.mkdir(parents=True, exist_ok=True)
        target = root / inside.lstrip("/")
        target.mkdir(parents=True, exist_ok=True)
        mount(source, target, flags=MS_BIND)


def _copies_of_global_sysctls(spec: NodeSpec, root: Path) -> None:
    copies = Path(spec.state) / "sysctl"
    copies.mkdir(exist_ok=True)
    for name in _GLOBAL_SYSCTLS:
        setting = root / "proc" / "sys" / name
        if setting.exists():
            copy = copies / name.replace("/", ".")
            copy.write_text(setting.read_text())
            mount(copy, setting, flags=MS_BIND)


def _make_root(root: Path) -> None:
    os.chdir(root)
    # The old root ends up mounted over the new one, from where it is taken off.
    subprocess.run(["pivot_root", ".", "."], check=True)
    umount(".", MNT_DETACH)
    os.chdir("/")
    # Multus's thick daemon and every pod with a propagating mount need a shared root.
    mount("none", "/", flags=MS_REC | MS_SHARED)

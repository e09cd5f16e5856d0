"""Which hierarchies a machine has, as its mount table tells it."""

from __future__ import annotations

from pathlib import Path

from rig.node.cgroups import Hierarchy, hierarchies, without_controllers

V2 = "29 22 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate"
TMPFS = "29 22 0:26 / /sys/fs/cgroup ro,nosuid - tmpfs tmpfs ro,mode=755"
CPU = "31 29 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"
MEMORY = "32 29 0:29 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory"
SYSTEMD = (
    "33 29 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup "
    "rw,xattr,release_agent=/lib/agent,name=systemd"
)
UNIFIED = "34 29 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"


def test_version_2_is_one_hierarchy() -> None:
    assert hierarchies(V2) == [Hierarchy(Path("/sys/fs/cgroup"), "")]
    assert hierarchies(V2)[0].unified


def test_version_1_is_mounted_again_with_its_controllers() -> None:
    found = hierarchies("\n".join([TMPFS, CPU, MEMORY, SYSTEMD]))
    assert [(h.path.name, h.options) for h in found] == [
        ("cpu,cpuacct", "cpu,cpuacct"),
        ("memory", "memory"),
        ("systemd", "none,name=systemd"),
    ]
    assert not any(h.unified for h in found)


def test_version_2_beside_version_1_has_no_controllers() -> None:
    table = "\n".join([TMPFS, MEMORY, UNIFIED])
    assert [h.path.name for h in hierarchies(table)] == ["memory"]
    assert [h.path.name for h in without_controllers(table)] == ["unified"]
    assert without_controllers(V2) == []
    assert without_controllers("\n".join([TMPFS, MEMORY])) == []


def test_a_mount_that_is_there_twice_counts_once() -> None:
    assert len(hierarchies("\n".join([MEMORY, MEMORY]))) == 1

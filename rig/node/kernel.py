"""The few system calls that Python 3.11 does not offer."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 0x1
MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_REMOUNT = 0x20
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MS_SHARED = 0x100000

MNT_DETACH = 0x2

_libc = ctypes.CDLL(None, use_errno=True)


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def unshare(flags: int) -> None:
    """Leave the named kinds of namespaces for new ones. Raises OSError."""
    _check(_libc.unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def setns(descriptor: int, kind: int) -> None:
    """Enter the namespace of an open descriptor. Raises OSError."""
    _check(_libc.setns(ctypes.c_int(descriptor), ctypes.c_int(kind)), f"setns({kind:#x})")


def mount(
    source: str | Path, target: str | Path, kind: str = "", flags: int = 0, options: str = ""
) -> None:
    """mount(2). Raises OSError that names source and target."""
    _check(
        _libc.mount(
            str(source).encode(),
            str(target).encode(),
            kind.encode() or None,
            ctypes.c_ulong(flags),
            options.encode() or None,
        ),
        f"mount {source} on {target} ({kind or hex(flags)}{' ' + options if options else ''})",
    )


def umount(target: str | Path, flags: int = 0) -> None:
    """umount2(2). Raises OSError that names the target."""
    _check(_libc.umount2(str(target).encode(), ctypes.c_int(flags)), f"umount {target}")


def inotify_left(count: int = 1) -> bool:
    """Whether the kernel gives this user ``count`` more inotify instances at once."""
    descriptors: list[int] = []
    try:
        while len(descriptors) < count:
            descriptor: int = _libc.inotify_init1(os.O_CLOEXEC)
            if descriptor < 0:
                return False
            descriptors.append(descriptor)
        return True
    finally:
        for descriptor in descriptors:
            os.close(descriptor)

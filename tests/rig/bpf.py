"""BPF programs, maps and links of the kernel, asked by its own call: no bpftool is needed."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

Held = frozenset[tuple[str, int]]
"""Objects by kind (prog, map, link) and number: the kernel gives no number twice."""

_CALL = {"x86_64": 321, "aarch64": 280}
_OBJ_GET = 7
_NEXT = {"prog": 11, "map": 12, "link": 31}
_ATTRIBUTES = 128
_libc = ctypes.CDLL(None, use_errno=True)


def there() -> Held:
    """All that the kernel has."""
    return frozenset((kind, number) for kind, command in _NEXT.items() for number in _ids(command))


def held_by(pids: Iterable[int], bpffs: Path) -> Held:
    """What these processes have open, and what is pinned below a directory of a BPF file system."""
    found: set[tuple[str, int]] = set()
    for pid in pids:
        for info in Path(f"/proc/{pid}/fdinfo").glob("*"):
            with contextlib.suppress(OSError):
                found |= set(_named(info.read_text()))
    for directory, _, names in os.walk(bpffs):
        for name in names:
            found |= set(_pinned(Path(directory, name)))
    return frozenset(found)


def _named(info: str) -> Iterator[tuple[str, int]]:
    for kind, number in re.findall(r"^(prog|map|link)_id:\s*(\d+)$", info, re.MULTILINE):
        yield kind, int(number)


def _pinned(path: Path) -> list[tuple[str, int]]:
    name = ctypes.create_string_buffer(os.fsencode(path))
    attributes = ctypes.addressof(name).to_bytes(8, "little").ljust(_ATTRIBUTES, b"\0")
    descriptor = _bpf(_OBJ_GET, attributes)[0]
    if descriptor < 0:
        return []
    try:
        return list(_named(Path(f"/proc/self/fdinfo/{descriptor}").read_text()))
    finally:
        os.close(descriptor)


def _ids(command: int) -> Iterator[int]:
    number = 0
    while True:
        status, answer = _bpf(command, number.to_bytes(4, "little").ljust(_ATTRIBUTES, b"\0"))
        if status < 0:
            return
        number = int.from_bytes(answer[4:8], "little")
        yield number


def _bpf(command: int, attributes: bytes) -> tuple[int, bytes]:
    buffer = ctypes.create_string_buffer(attributes, _ATTRIBUTES)
    status = _libc.syscall(_CALL[platform.machine()], command, buffer, _ATTRIBUTES)
    return status, buffer.raw

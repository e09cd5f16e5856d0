"""Whether a binary can run in an image that holds nothing but it."""

from __future__ import annotations

import struct
from pathlib import Path

from rig.errors import RigError
from rig.paths import which

_PT_INTERP = 3


def is_static(path: Path) -> bool:
    """Whether an ELF file asks for no dynamic loader; False for anything that is no ELF file."""
    with path.open("rb") as file:
        head = file.read(64)
        if len(head) < 64 or head[:4] != b"\x7fELF" or head[4] != 2:
            return False
        order = "<" if head[5] == 1 else ">"
        (table,) = struct.unpack_from(f"{order}Q", head, 32)
        size, count = struct.unpack_from(f"{order}HH", head, 54)
        file.seek(table)
        headers = file.read(size * count)
    kinds = (struct.unpack_from(f"{order}I", headers, size * n)[0] for n in range(count))
    return _PT_INTERP not in kinds


def static_on_path(program: str) -> Path | None:
    """A program that somebody has built, since no registry has it; None where it is not on PATH.

    Raises RigError where it is not a static binary.
    """
    binary = which(program)
    if binary is not None and not is_static(binary):
        raise RigError(f"{binary} is not a static binary: build it with CGO_ENABLED=0")
    return binary

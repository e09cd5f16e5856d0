"""Whether a binary can run in an image that holds nothing but it."""

from __future__ import annotations

import struct
from pathlib import Path

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

"""Which plugins the primary CNI itself lays out on every node, at its own time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OF_PRIMARY: Final[Mapping[str, frozenset[str]]] = {
    "calico": frozenset({"host-local", "loopback", "portmap", "tuning"}),
    "cilium": frozenset({"loopback"}),
    "existing": frozenset(),
}
"""Primary CNI → programs in the plugins' directory; others write them there again and again."""

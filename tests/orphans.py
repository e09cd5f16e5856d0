"""Rigs of test runs that were killed before they could take theirs down."""

from __future__ import annotations

import re
from pathlib import Path

import rig
from rig.paths import state_root

_OURS = re.compile(r"(?:tests|fresh|two|faults|rigtest)(?:-[a-z]+)*-(\d+)(?:-[a-z0-9-]+)?")
"""A name of a rig of the tests, with the process that made it."""


def take_down() -> list[str]:
    """Take down those whose process is gone; their names."""
    gone = [d.name for d in sorted(state_root().glob("*")) if _owner_is_gone(d.name)]
    for name in gone:
        rig.ControlPlane(name).down()
    return gone


def _owner_is_gone(name: str) -> bool:
    made = _OURS.fullmatch(name)
    if made is None:
        return False
    try:
        # The number may be another process's by now.
        return b"python" not in Path("/proc", made[1], "cmdline").read_bytes()
    except OSError:
        return True

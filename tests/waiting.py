"""Waiting for what happens at last, on machines of any speed."""

from __future__ import annotations

import time
from collections.abc import Callable


def at_last(what: Callable[[], bool], patience: float) -> bool:
    """Whether it is so within that many seconds."""
    deadline = time.monotonic() + patience
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True

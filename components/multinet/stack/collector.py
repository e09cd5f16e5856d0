"""Python's collector of cycles, kept out of work that makes none."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """Within, objects are freed by their reference counts alone.

    A configuration is a tree: the collector finds nothing in it, and yet walks what was made
    anew each time that there is a quarter more of it. At 10,000 networks that was a third of the
    time, and what grew faster than the networks.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()

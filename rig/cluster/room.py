"""Room for one more node, where several rigs share a machine."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rig.node.kernel import inotify_left
from rig.paths import cache_root
from rig.progress import Progress

OF_A_NODE = 24
"""inotify instances: a node takes 9 to 17, and its pods some more."""
OF_AN_API_SERVER = 8

_SECONDS = 150.0
_POLL = 0.5


@contextmanager
def room(instances: int, progress: Progress, seconds: float = _SECONDS) -> Iterator[None]:
    """Wait until the kernel has that many inotify instances left; for ``seconds`` at most.

    A containerd that gets none starts without its CRI, a kubelet ends. All rigs of a user share
    fs.inotify.max_user_instances, so one starts at a time: two that looked at once would both
    find room for one. Whoever waits in vain starts all the same, and then fails by what it lacks.
    """
    cache_root().mkdir(parents=True, exist_ok=True)
    with (cache_root() / "room.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not inotify_left(instances):
            progress.note("waiting for inotify instances, which other rigs have")
        end = time.monotonic() + seconds
        while not inotify_left(instances) and time.monotonic() < end:
            time.sleep(_POLL)
        yield

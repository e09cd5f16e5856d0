"""How a command that has pods on a cluster ends when it is asked to."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

from multinet.cli import common


@contextlib.contextmanager
def interruptible() -> Iterator[None]:
    """SIGTERM ends like Ctrl-C, with the pods removed; a second one does not stop that."""

    def ignore(number: int, frame: FrameType | None) -> None:
        # A function, since Python takes SIG_IGN for an error while a signal is on its way.
        del number, frame

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, ignore)
        common.err.print("interrupted: removing the pods")
        raise KeyboardInterrupt

    before = {s: signal.signal(s, interrupt) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

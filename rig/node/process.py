"""A process that can be told from a later one with the same id."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

_REAPED_WITHIN = 5.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class ProcessId:
    """A process id, its start time (clock ticks since boot) and the boot it belongs to.

    Process ids are reused; only all three together say that a recorded process is still the
    one that was started, so nothing else is ever killed in its place.
    """

    pid: int
    started: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> ProcessId:
        """Identify a running process; ProcessLookupError where there is none."""
        stat = _stat(pid)
        if stat is None:
            raise ProcessLookupError(pid)
        return cls(pid, stat[1], _boot())

    @classmethod
    def from_json(cls, value: dict[str, object]) -> ProcessId:
        """Read back what ``to_json`` gave; KeyError or ValueError for anything else."""
        return cls(int(str(value["pid"])), int(str(value["started"])), str(value["boot"]))

    def to_json(self) -> dict[str, object]:
        """A record of it."""
        return asdict(self)

    def alive(self) -> bool:
        """Whether this very process runs; a zombie does not."""
        stat = _stat(self.pid)
        return (
            stat is not None
            and stat == (stat[0], self.started)
            and stat[0] not in "ZX"
            and (self.boot == _boot())
        )

    def kill(self, timeout: float = 30.0) -> bool:
        """Kill it and wait until it is gone; True if it is.

        The kernel ends a process namespace's first process only after every other one in it,
        so its end means that nothing of the namespace runs any more.
        """
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return True
        try:
            # Checked after the handle was taken: the handle cannot change its meaning.
            if self.alive():
                signal.pidfd_send_signal(handle, signal.SIGKILL)
        except ProcessLookupError:
            return True
        finally:
            os.close(handle)
        if not _until(lambda: not self.alive(), timeout):
            return False
        # Its parent, usually the machine's init, takes a moment to collect it; where nobody
        # does, a zombie is all that remains and harms nobody.
        _until(lambda: _stat(self.pid) is None, _REAPED_WITHIN)
        return True


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def _boot() -> str:
    return _BOOT_ID.read_text().strip()


def _stat(pid: int) -> tuple[str, int] | None:
    """State letter and start time of a process, or None where there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The command's name, in parentheses, may itself hold spaces and parentheses.
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[19])

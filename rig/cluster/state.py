"""The state directory of a rig: its lock, its mark of completeness, its removal."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rig.errors import RigError
from rig.parts.store import digest
from rig.paths import checked_name, state_root

_MARK = "up.json"
_FURTHER = "nodes"


@dataclass(frozen=True)
class Mark:
    """Says that ``up`` came to its end.

    Attributes:
        kind: ``cluster`` or ``control-plane``.
        port: where the API server is reached on the machine's loopback interface.
        kubectl: the kubectl of the same version.
        path: PATH of commands in the node.
    """

    kind: str
    port: int
    kubectl: str
    path: str


@dataclass(frozen=True)
class State:
    """A rig's directory, which is its first node's; or that of a further node in it."""

    directory: Path

    @classmethod
    def of(cls, name: str) -> State:
        """The directory of the rig of that name; RigError for a name that cannot be one."""
        return cls(state_root() / checked_name(name))

    @property
    def cgroup(self) -> str:
        """Name of the node's cgroup: rigs of one name under two roots must not share it."""
        name, parent = self.directory.name, self.directory.parent
        whole = f"{parent.parent.name}-{name}" if parent.name == _FURTHER else name
        return f"multinet-rig-{whole}-{digest(str(self.directory))[:8]}"

    def further(self) -> list[State]:
        """The directories of the rig's further nodes, in it."""
        return [State(found) for found in sorted((self.directory / _FURTHER).glob("*"))]

    def of_node(self, name: str) -> State:
        """The directory of a further node of that name."""
        return State(self.directory / _FURTHER / name)

    @property
    def kubeconfig(self) -> Path:
        """The administrator's kubeconfig for the machine."""
        return self.directory / "kubeconfig"

    def mark(self) -> Mark | None:
        """The mark of a completed ``up``, or None."""
        try:
            return Mark(**json.loads((self.directory / _MARK).read_text()))
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
            return None

    def set_mark(self, mark: Mark) -> None:
        """Say that the rig is up."""
        (self.directory / _MARK).write_text(json.dumps(asdict(mark)))

    @contextmanager
    def locked(self, timeout: float = 300.0) -> Iterator[int]:
        """Make the directory and hold its lock; yields the lock's descriptor.

        The lock is on the directory itself, so that nothing of it remains after its removal.
        Raises RigError where another ``up`` or ``down`` holds it for ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            descriptor = self._open()
            try:
                if self._take(descriptor, deadline):
                    yield descriptor
                    return
            finally:
                os.close(descriptor)

    def _open(self) -> int:
        while True:
            # A concurrent `down` may remove the parent, or the directory, between two calls.
            with contextlib.suppress(FileNotFoundError):
                self.directory.parent.mkdir(parents=True, exist_ok=True)
                self.directory.mkdir(mode=0o700, exist_ok=True)
                return os.open(self.directory, os.O_RDONLY | os.O_DIRECTORY)

    def _take(self, descriptor: int, deadline: float) -> bool:
        """Lock it; False if the directory was removed while waiting."""
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise RigError(
                        f"another command works on {self.directory}; try again when it has ended"
                    ) from None
                time.sleep(0.1)
        try:
            return self.directory.stat().st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            return False

    def clear(self) -> None:
        """Remove what is in the directory. RigError where something is mounted there."""
        inside = f"{self.directory}/"
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            point = line.split()[4]
            if point == str(self.directory) or point.startswith(inside):
                raise RigError(f"{point} is a mount of the machine: not removing {self.directory}")
        for entry in self.directory.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def remove(self) -> None:
        """Remove the directory, and its parent where it was the last; to be called locked."""
        self.clear()
        self.directory.rmdir()
        with contextlib.suppress(OSError):
            self.directory.parent.rmdir()

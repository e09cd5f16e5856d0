"""A node's plugin directory and an image's, as directories, with the pods that keep plugins there."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from multinet.addons.cni_plugins import objects
from tests.waiting import at_last

SHELLS = [shell for shell in ("dash", "busybox") if shutil.which(shell)]
PROGRAM = Path("/bin/true").read_bytes()  # no script, and it answers no CNI runtime


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Pod:
    """One pod of the DaemonSet: the script at work."""

    def __init__(self, node: Node, uid: str, plugins: tuple[str, ...], **env: str) -> None:
        self.own = node.directory / f"own-{uid}"
        self._log = node.directory / f"log-{uid}"
        environment = {
            **os.environ,
            "PLUGINS_BIN": str(node.bin),
            "PLUGINS_IMAGE": str(node.image),
            "PLUGINS_OWN_DIR": str(self.own),
            "PLUGINS_EVERY": "0.1",
            "POD_UID": uid,
            **env,
        }
        shell = ["busybox", "sh"] if node.shell == "busybox" else [node.shell]
        with self._log.open("w") as log:
            self.process = subprocess.Popen(
                [*shell, str(node.script), *plugins],
                env=environment,
                stderr=log,
                start_new_session=True,
            )

    @property
    def ready(self) -> bool:
        return (self.own / "ready").exists()

    @property
    def why(self) -> str:
        why = self.own / "why"
        return why.read_text() if why.exists() else ""

    @property
    def log(self) -> str:
        return self._log.read_text()

    def end(self, how: int = signal.SIGTERM) -> str:
        """As a deleted pod ends, or as a node whose power is cut; what it said."""
        if self.process.poll() is None:
            if how == signal.SIGKILL:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        self.process.wait(30)
        return self.log


class Node:
    """A node's plugin directory, and an image's."""

    def __init__(self, directory: Path, shell: str) -> None:
        self.directory, self.shell = directory, shell
        self.bin, self.image = directory / "bin", directory / "image"
        self.script = directory / "lay-out.sh"
        self.script.write_text(objects.script())
        self.bin.mkdir()
        self.image.mkdir()
        for name in ("macvlan", "vlan", "host-local"):
            (self.image / name).write_bytes(PROGRAM + name.encode())
        (self.bin / "loopback").write_bytes(b"the runtime's")
        self.pods: list[Pod] = []

    def pod(self, uid: str, *plugins: str, ready: bool = True, **env: str) -> Pod:
        made = Pod(self, uid, plugins or ("host-local", "macvlan"), **env)
        self.pods.append(made)
        if ready:
            self.wait(lambda: made.ready, made)
        return made

    def wait(self, condition: Callable[[], bool], pod: Pod) -> None:
        assert at_last(condition, 30), f"{pod.log}\n{self.listing()}"

    def listing(self) -> dict[str, str]:
        """Every file's mode and content, by name."""
        return {
            path.name: f"{path.stat().st_mode:o} {digest(path.read_bytes())}"
            for path in self.bin.iterdir()
        }

    def content(self, name: str) -> bytes:
        path = self.bin / name
        return path.read_bytes() if path.exists() else b""

    def made(self, name: str) -> bytes:
        return (self.image / name).read_bytes()

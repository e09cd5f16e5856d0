"""Talking to a node from the machine: its supervisor, and commands in its namespaces."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.errors import CommandError, ComponentDiedError, NotReadyError, NotRunningError, RigError
from rig.node.process import ProcessId
from rig.node.spec import CONTROL_SOCKET, LAN_NETNS, LOGS, RECORD
from rig.parts.store import tail


@dataclass(frozen=True)
class Node:
    """A node by its state directory; ``path`` is the PATH of commands run in it."""

    state: Path
    path: str

    def first_process(self) -> ProcessId | None:
        """The recorded first process, running or not; None where none was recorded."""
        try:
            return ProcessId.from_json(json.loads((self.state / RECORD).read_text()))
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def alive(self) -> bool:
        """Whether the node's first process runs."""
        first = self.first_process()
        return first is not None and first.alive()

    def pid(self) -> int:
        """Of its first process. NotRunningError where there is none."""
        first = self.first_process()
        if first is None or not first.alive():
            raise NotRunningError(f"no rig runs in {self.state}; start one with `up`")
        return first.pid

    # --- its components -----------------------------------------------------------------

    def status(self) -> dict[str, dict[str, Any]]:
        """State of each component: ``not started``, ``running``, ``stopped`` or ``dead``.

        ``stopped`` was asked for, ``dead`` was not; both come with their exit status.
        """
        components: dict[str, dict[str, Any]] = self._ask({"do": "status"})["components"]
        return components

    def start(self, name: str) -> None:
        """Start a component; one that runs is left alone."""
        self._ask({"do": "start", "name": name})

    def stop(self, name: str, patience: float = 5.0) -> None:
        """Ask a component to end, and kill it after ``patience`` seconds."""
        for number, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
            self._ask({"do": "signal", "name": name, "signal": int(number)})
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if self.status()[name]["state"] != "running":
                    return
                time.sleep(0.05)
        raise NotReadyError(f"{name} did not end, even when killed")

    def kill(self, name: str) -> None:
        """End a component at once, as a crash would; one that does not run is left alone."""
        self._ask({"do": "signal", "name": name, "signal": int(signal.SIGKILL)})
        deadline = time.monotonic() + 10.0
        while self.status()[name]["state"] == "running":
            if time.monotonic() > deadline:
                raise NotReadyError(f"{name} did not end, even when killed")
            time.sleep(0.02)

    def check_alive(self) -> None:
        """Raise ComponentDiedError, with the tail of its log, if a component ended by itself."""
        if not self.alive():
            raise ComponentDiedError(f"the node itself has ended\n{self.log_tail('supervisor')}")
        for name, status in self.status().items():
            if status["state"] == "dead":
                raise ComponentDiedError(
                    f"{name} ended by itself with status {status['exit']}; the end of its log "
                    f"({self.log(name)}):\n{self.log_tail(name)}"
                )

    def log(self, name: str) -> Path:
        """The log file of a component, or of the ``supervisor``."""
        return self.state / LOGS / f"{name}.log"

    def log_tail(self, name: str, lines: int = 30) -> str:
        """The last lines of a component's log."""
        return tail(self.log(name), lines)

    def _ask(self, command: dict[str, object]) -> dict[str, Any]:
        self.pid()
        directory = os.open(self.state, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as control:
                control.settimeout(30)
                # By way of the descriptor, since a socket's path is limited to 107 bytes.
                control.connect(f"/proc/self/fd/{directory}/{CONTROL_SOCKET}")
                control.sendall(json.dumps(command).encode() + b"\n")
                answer: dict[str, Any] = json.loads(control.makefile("rb").readline() or b"null")
        except (OSError, ValueError) as error:
            raise RigError(f"the rig's supervisor does not answer: {error}") from error
        finally:
            os.close(directory)
        if answer.get("error"):
            raise RigError(str(answer["error"]))
        return answer

    # --- commands in it -----------------------------------------------------------------

    def command(self, argv: list[str], *, lan: bool = False) -> tuple[list[str], dict[str, str]]:
        """Command and environment that run ``argv`` in the node, for callers that start it."""
        pid = self.pid()
        net = f"--net=/proc/{pid}/root{LAN_NETNS}" if lan else "--net"
        enter = ["nsenter", "-t", str(pid), "--mount", "--uts", "--ipc", "--pid", "--cgroup"]
        # --wd without a value: the working directory of the node's first process, its root.
        environment = {"PATH": self.path, "HOME": "/root", "TERM": os.environ.get("TERM", "dumb")}
        return [*enter, net, "--wd", "--", *argv], environment

    def run(
        self,
        argv: list[str],
        *,
        lan: bool = False,
        stdin: bytes | int | None = None,
        check: bool = True,
        timeout: float | None = 120.0,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the node's namespaces, or in its LAN's network namespace.

        ``stdin`` is what it reads: bytes or a descriptor; nothing by default. Raises
        CommandError for a status other than 0 unless ``check`` is False, and NotReadyError
        after ``timeout`` seconds.
        """
        command, environment = self.command(argv, lan=lan)
        source = subprocess.DEVNULL if stdin is None else stdin
        given: dict[str, Any] = (
            {"input": source} if isinstance(source, bytes) else {"stdin": source}
        )
        try:
            ran: subprocess.CompletedProcess[bytes] = subprocess.run(
                command,
                env=environment,
                capture_output=True,
                check=False,
                timeout=timeout,
                **given,
            )
        except subprocess.TimeoutExpired as error:
            raise NotReadyError(f"`{' '.join(argv)}` did not end in {timeout} s") from error
        stdout, stderr = (raw.decode(errors="replace") for raw in (ran.stdout, ran.stderr))
        if check and ran.returncode != 0:
            raise CommandError(argv, ran.returncode, stdout, stderr)
        return subprocess.CompletedProcess(argv, ran.returncode, stdout, stderr)

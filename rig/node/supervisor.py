"""The node's first process: starts components on command, reaps, and reports what ended.

It restarts nothing: a component that ends by itself stays ended and is reported with its exit
status, so that a test or a person sees it at once instead of a flapping cluster.

Commands come over a Unix socket, one JSON object per line, one answer per line:
``{"do": "start", "name": …}``, ``{"do": "signal", "name": …, "signal": 15}``,
``{"do": "status"}``. Only root reaches the socket: the state directory has mode 0700.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rig.node.spec import CONTROL_SOCKET, LOGS, Component, NodeSpec


@dataclass
class _Running:
    """What became of a component.

    ``exit`` is its exit status, negative for a signal, None while it runs; ``asked`` says
    whether its end was asked for.
    """

    pid: int
    since: float
    exit: int | None = None
    asked: bool = False


class Supervisor:
    """The main loop of the node's first process; stdlib only, single-threaded."""

    def __init__(self, spec: NodeSpec, listener: int | None) -> None:
        self._spec = spec
        self._listener = listener
        self._components = {component.name: component for component in spec.components}
        self._running: dict[str, _Running] = {}
        self._selector = selectors.DefaultSelector()

    def open(self) -> None:
        """Open the control socket and take care of children; afterwards commands can come."""
        reads, writes = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
        self._selector.register(reads, selectors.EVENT_READ, self._on_child)
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        # Relative to the state directory, since a socket's path is limited to 107 bytes.
        os.chdir(self._spec.state)
        Path(CONTROL_SOCKET).unlink(missing_ok=True)
        server.bind(CONTROL_SOCKET)
        os.chdir("/")
        server.listen(64)
        server.setblocking(False)
        self._selector.register(server, selectors.EVENT_READ, self._on_connect)

    def run(self) -> None:
        """Serve until killed."""
        while True:
            for key, _events in self._selector.select():
                key.data(key.fileobj)

    def _on_child(self, reads: int) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(reads, 4096)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for running in self._running.values():
                if running.pid == pid and running.exit is None:
                    running.exit = os.waitstatus_to_exitcode(status)
                    running.since = time.time()

    def _on_connect(self, server: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):
            connection, _address = server.accept()
            # Clients are ours and send one short line at once; a stuck one is dropped.
            connection.settimeout(5)
            with connection, contextlib.suppress(OSError, ValueError):
                line = connection.makefile("rb").readline()
                answer = self._answer(json.loads(line))
                connection.sendall(json.dumps(answer).encode() + b"\n")

    def _answer(self, command: dict[str, Any]) -> dict[str, Any]:
        try:
            if command["do"] == "status":
                return {"components": self._status()}
            component = self._components[command["name"]]
            if command["do"] == "start":
                self._start(component)
            elif command["do"] == "signal":
                self._signal(component, int(command["signal"]))
            else:
                return {"error": f"no such command: {command['do']}"}
        except KeyError as error:
            return {"error": f"unknown: {error}; components: {', '.join(self._components)}"}
        except OSError as error:
            return {"error": str(error)}
        return {}

    def _status(self) -> dict[str, dict[str, Any]]:
        status: dict[str, dict[str, Any]] = {}
        for name in self._components:
            running = self._running.get(name)
            if running is None:
                status[name] = {"state": "not started"}
            elif running.exit is None:
                status[name] = {"state": "running", "pid": running.pid, "since": running.since}
            else:
                state = "stopped" if running.asked else "dead"
                status[name] = {"state": state, "exit": running.exit, "since": running.since}
        return status

    def _start(self, component: Component) -> None:
        running = self._running.get(component.name)
        if running and running.exit is None:
            return
        log = Path(self._spec.state) / LOGS / f"{component.name}.log"
        with log.open("ab") as output:
            child = subprocess.Popen(
                component.argv,
                # Memory for time: the API server alone takes a fifth less of it, and 100 MB more.
                env={"PATH": self._spec.path, "HOME": "/root", "GOGC": "400", **component.env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,
                pass_fds=[self._listener] if component.listener and self._listener else [],
            )
        # Reaped by _on_child like every other process; Popen must not do it a second time.
        child.returncode = 0
        self._running[component.name] = _Running(child.pid, time.time())

    def _signal(self, component: Component, number: int) -> None:
        running = self._running.get(component.name)
        if running and running.exit is None:
            # Not yet reaped, so the id is still this process's.
            running.asked = True
            os.kill(running.pid, number)

"""Machines to test on: namespaces with a real sshd, a file system and links of their own.

They hang on a LAN of the test's own, which has no way out; the machine's own links stay as they
are. Connections come in through sockets that the machine's loopback listens on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rig.paths import IMPORT_ROOT
from tests.ssh import sshd

_HERE = Path(__file__).parent
_SETTLE_SECONDS = 15.0


@dataclasses.dataclass
class Machine:
    """A machine with sshd; `port` on 127.0.0.1 leads to it."""

    name: str
    pid: int
    address: str
    port: int
    scratch: Path

    def run(self, *argv: str, check: bool = True, stdin: str = "") -> str:
        """Run a command on the machine, not over SSH."""
        inside = ["nsenter", "-t", str(self.pid), "-a", "-r", "-w", "--", *argv]
        ran = subprocess.run(inside, input=stdin, capture_output=True, text=True, check=False)
        assert not check or ran.returncode == 0, f"{argv}: {ran.stdout}{ran.stderr}"
        return ran.stdout

    def sh(self, script: str, *, check: bool = True) -> str:
        return self.run("sh", "-c", script, check=check)

    def snapshot(self) -> dict[str, object]:
        """Links, every file that differs from the machine's, and kernel settings."""
        return {
            "files": self._files(),
            "run": self.sh("cd /run && find . ! -type d ! -name '*.pid' | sort"),
            "links": self._links(),
            "addresses": self.sh("ip -o address show | grep -v 'inet6 fe80' | sort"),
            "settings": self.sh("grep -r . /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/conf"),
        }

    def _links(self) -> list[dict[str, object]]:
        """What lasts of each link; a bridge's timers, for instance, do not."""
        keys = ("ifname", "mtu", "master", "address", "promiscuity", "link")
        links = json.loads(self.run("ip", "-d", "-j", "link", "show"))
        known = [{key: link.get(key) for key in keys} for link in links]
        for link, raw in zip(known, links, strict=True):
            link["kind"] = raw.get("linkinfo", {}).get("info_kind")
            link["flags"] = sorted(f for f in raw["flags"] if f in ("UP", "PROMISC"))
        return known

    def _files(self) -> list[str]:
        """The overlay's upper layer; a directory counts where the lower one has none."""
        script = (
            f'cd {self.scratch}/upper && find . ! -type d -printf "%p %y %m " '
            '\\( -type f -exec sha256sum {} \\; -o -printf "%l\\n" \\) ; '
            'find . -type d | while read -r d; do [ -d "/$d" ] || echo "$d"; done'
        )
        inside = ["nsenter", "-t", str(self.pid), "-m", "--", "sh", "-c", script]
        ran = subprocess.run(inside, capture_output=True, text=True, check=True)
        return sorted(ran.stdout.splitlines())


class Lan:
    """A network of machines, gone with `close`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.processes: list[subprocess.Popen[bytes]] = []
        self.machines: dict[str, Machine] = {}
        self.sockets: list[socket.socket] = []
        self.key = directory / "client"
        self.host_key = directory / "host"
        for key in (self.key, self.host_key):
            argv = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(key)]
            subprocess.run(argv, check=True)
        self.lan = _child_of(
            self._start(["unshare", "--net", "--fork", "--kill-child", "sleep", "infinity"])
        )
        self.in_lan("ip", "link", "add", "lan0", "type", "bridge")
        self.in_lan("ip", "address", "add", "10.99.0.1/24", "dev", "lan0")
        self.in_lan("ip", "link", "set", "lan0", "up")
        self.in_lan("ip", "link", "set", "lo", "up")

    def in_lan(self, *argv: str) -> str:
        return _run("nsenter", "-t", str(self.lan), "-n", "--", *argv)

    def add(self, name: str, *links: str) -> Machine:
        """A machine with eth0 on the LAN, and further links whose other ends are up."""
        number = len(self.machines) + 11
        scratch = self.directory / name
        scratch.mkdir()
        command, environment = sshd.command()
        Path(f"{scratch}.sshd").write_text(
            f"HostKey {self.host_key}\nAuthorizedKeysFile {self.key}.pub\nUsePAM no\n"
            "StrictModes no\nPermitRootLogin yes\nPasswordAuthentication no\n"
            "Subsystem sftp internal-sftp\nPidFile none\nListenAddress 0.0.0.0\nMaxStartups 1000\n"
        )
        shutil.copy(_HERE / "systemctl.sh", f"{scratch}.systemctl")
        ready = self.directory / f"{name}.ready"
        os.mkfifo(ready)
        # The namespaces first; their links are put in before the machine's script runs.
        wait = 'read -r _ <"$4"; exec sh "$0" "$1" "$2" "$3"'
        argv = [
            "unshare",
            "--mount",
            "--net",
            "--pid",
            "--uts",
            "--fork",
            "--kill-child",
            "sh",
            "-c",
        ]
        argv += [wait, str(_HERE / "machine.sh"), str(scratch), name, str(command), str(ready)]
        pid = _child_of(self._start(argv, environment))
        for i, link in enumerate(("eth0", *links)):
            far = f"v{number}x{i}"
            self.in_lan(
                "ip", "link", "add", far, "type", "veth", "peer", "name", link, "netns", str(pid)
            )
            # Only eth0 is on the LAN: a second link there would answer for its addresses.
            self.in_lan("ip", "link", "set", far, *(["master", "lan0"] if i == 0 else []), "up")
            _run("nsenter", "-t", str(pid), "-n", "--", "ip", "link", "set", link, "up")
        address = f"10.99.0.{number}"
        _run(
            "nsenter",
            "-t",
            str(pid),
            "-n",
            "--",
            "ip",
            "address",
            "add",
            f"{address}/24",
            "dev",
            "eth0",
        )
        ready.write_text("go\n")
        machine = Machine(name, pid, address, self._forward(address), scratch)
        self.machines[name] = machine
        _until_ssh(machine.port)
        time.sleep(0.2)
        return machine

    def serve(self, directory: Path, port: int) -> None:
        """An HTTP server on the LAN, at 10.99.0.1."""
        argv = ["nsenter", "-t", str(self.lan), "-n", "--", sys.executable, "-m", "http.server"]
        self._start([*argv, "--bind", "10.99.0.1", "--directory", str(directory), str(port)])

    def dead_port(self) -> int:
        """A port of the machine's where nobody listens."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            return int(free.getsockname()[1])

    def kill(self, name: str) -> None:
        """A machine goes down; its port answers no more."""
        os.kill(self.machines[name].pid, signal.SIGKILL)

    def close(self) -> None:
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
        for listener in self.sockets:
            listener.close()

    def _forward(self, address: str) -> int:
        listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.sockets.append(listener)
        argv = [
            "nsenter",
            "-t",
            str(self.lan),
            "-n",
            "--",
            sys.executable,
            "-m",
            "rig.node.forwarder",
        ]
        argv += [str(listener.fileno()), address, "22"]
        os.set_inheritable(listener.fileno(), True)
        environment = {"PYTHONPATH": str(IMPORT_ROOT)}
        self._start(argv, environment, descriptors=(listener.fileno(),))
        return int(listener.getsockname()[1])

    def _start(
        self,
        argv: list[str],
        environment: dict[str, str] | None = None,
        descriptors: tuple[int, ...] = (),
    ) -> subprocess.Popen[bytes]:
        log = (self.directory / f"{len(self.processes)}.log").open("wb")
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **(environment or {})},
            pass_fds=descriptors,
        )
        log.close()
        self.processes.append(process)
        return process


@contextlib.contextmanager
def lan(directory: Path) -> Iterator[Lan]:
    network = Lan(directory)
    try:
        yield network
    finally:
        network.close()


def _child_of(process: subprocess.Popen[bytes]) -> int:
    """The process inside the namespaces that `unshare --fork` made."""
    for _ in range(500):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children:
            return int(children[0])
        time.sleep(0.01)
    raise AssertionError("the namespaces did not come up")


def _until_ssh(port: int) -> None:
    end = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as s:
            s.settimeout(1)
            if s.recv(4) == b"SSH-":
                return
        time.sleep(0.05)
    raise AssertionError("sshd did not answer")


def _run(*argv: str) -> str:
    ran = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{argv}: {ran.stdout}{ran.stderr}"
    return ran.stdout

"""The script that runs thick's daemon, with a stand-in for the daemon and files in place of a node."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from multinet.multus import pods

SHELLS = [shell for shell in ("dash", "busybox") if shutil.which(shell)]
WRITES = '{"type":"multus-shim","clusterNetwork":"/host/x","name":"multus"}'
PRIMARY = '{"cniVersion": "1.0.0",\n "name": "it\'s $(a) \\\\ \\"primary\\" %s", "plugins": []}\n'

# Listens, writes its configuration, and again when told to; removes its socket when it ends.
DAEMON = """\
import os, signal, socket, sys, time
path, written, content = sys.argv[1:]
if os.path.exists(path):
    os.unlink(path)
server = socket.socket(socket.AF_UNIX)
server.bind(path)
server.listen()
def write(*_):
    with open(written, "w") as file:
        file.write(content)
def end(*_):
    if os.path.exists(path):
        os.unlink(path)
    sys.exit(0)
signal.signal(signal.SIGUSR1, write)
signal.signal(signal.SIGTERM, end)
write()
while True:
    time.sleep(0.05)
"""


class Node:
    """A node's directories, and the script at work on them."""

    def __init__(self, directory: Path, shell: str) -> None:
        self.conf = directory / "net.d" / "00-multus.conf"
        self.primary = directory / "net.d" / "10-x.conflist"
        self.socket = directory / "multus.sock"
        self.shell, self._directory = shell, directory
        self.running: list[subprocess.Popen[str]] = []
        for name in ("net.d", "state/results", "netns"):
            (directory / name).mkdir(parents=True)
        (directory / "daemon.py").write_text(DAEMON)
        (directory / "daemon.sh").write_text(pods.daemon_script())

    def start(self) -> subprocess.Popen[str]:
        own = self._directory / f"own{len(self.running)}"
        own.mkdir()
        daemon = self._directory / f"daemon{len(self.running)}"
        python = shutil.which("python3")
        script = self._directory / "daemon.py"
        daemon.write_text(
            f"#!/bin/sh\nexec {python} {script} {self.socket} {own}/00-multus.conf '{WRITES}'\n"
        )
        daemon.chmod(0o755)
        environment = {
            **os.environ,
            "MULTUS_CONF_DIR": str(self.conf.parent),
            "MULTUS_SOCKET": str(self.socket),
            "MULTUS_DAEMON": str(daemon),
            "MULTUS_OWN_DIR": str(own),
            "MULTUS_STATE": str(self._directory / "state"),
            "MULTUS_NETNS": str(self._directory / "netns"),
            "MULTUS_SHIM": str(self._directory / "shim"),
        }
        shell = ["busybox", "sh"] if self.shell == "busybox" else [self.shell]
        argv = [*shell, str(self._directory / "daemon.sh"), self.primary.name]
        process = subprocess.Popen(
            argv, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self.running.append(process)
        return process

    def serving(self, number: int) -> bool:
        return (self._directory / f"own{number}" / "serving").exists()

    def remember(self, container: str, pod: str, *uid: str) -> None:
        """What Multus keeps about a pod whose network namespace is gone."""
        state = self._directory / "state"
        (state / container).write_text("[]")
        cached = {
            "netns": "/var/run/netns/cni-gone",
            "cniArgs": [
                ["IgnoreUnknown", "1"],
                ["K8S_POD_NAMESPACE", "default"],
                ["K8S_POD_NAME", pod],
                *(["K8S_POD_UID", u] for u in uid),
            ],
        }
        text = json.dumps(cached, separators=(",", ":"))
        (state / "results" / f"rig-{container}-eth0").write_text(text)


@pytest.fixture(params=SHELLS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    made = Node(tmp_path, request.param)
    yield made
    for process in made.running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def within(seconds: float, condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    assert process.wait(timeout=10) == 0


def test_it_waits_for_the_primary_and_puts_it_into_the_configuration_whatever_is_in_it(
    node: Node,
) -> None:
    process = node.start()
    time.sleep(0.5)
    assert not node.conf.exists()
    assert process.poll() is None
    node.primary.write_text(PRIMARY)
    within(10, lambda: node.serving(0), "not serving")
    found = json.loads(node.conf.read_text())
    assert found["delegates"] == [json.loads(PRIMARY)]
    assert "clusterNetwork" not in found
    assert (found["type"], found["name"]) == ("multus-shim", "multus")
    assert node.conf.stat().st_mode & 0o777 == 0o600


def test_it_says_which_file_it_waits_for_and_which_are_there(node: Node) -> None:
    process = node.start()
    time.sleep(0.6)
    (node.primary.parent / "10-flannel.conflist").write_text(PRIMARY)
    (node.primary.parent / "notes.txt").write_text("not a configuration")
    time.sleep(0.6)
    node.primary.write_text(PRIMARY)
    within(10, lambda: node.serving(0), "not serving")
    end(process)
    assert process.stderr is not None
    waiting = [line for line in process.stderr.read().splitlines() if "waiting" in line]
    at = "multinet: waiting for 10-x.conflist; in the node's CNI directory: "
    assert [line.strip() for line in waiting] == [f"{at}nothing", f"{at}10-flannel.conflist"]


def test_it_counts_as_started_only_when_its_configuration_has_held_for_a_while(node: Node) -> None:
    node.primary.write_text(PRIMARY)
    node.start()
    within(5, node.conf.exists, "no configuration")
    assert not node.serving(0)
    node.conf.write_text("{}")
    within(10, lambda: node.serving(0), "not serving")
    assert json.loads(node.conf.read_text()) != {}, "broken before it counted as started"


@pytest.mark.parametrize("renamed", [True, False], ids=["as Cilium does", "removed"])
def test_it_does_not_count_as_started_while_another_program_takes_its_configuration_away(
    node: Node, renamed: bool
) -> None:
    node.primary.write_text(PRIMARY)
    process = node.start()
    taken, until = 0, time.monotonic() + 60
    while taken < 8 and time.monotonic() < until:
        # An exclusive agent is told by the kernel, and has it within milliseconds.
        if node.conf.exists():
            node.conf.rename(f"{node.conf}.cilium_bak") if renamed else node.conf.unlink()
            taken += 1
        time.sleep(0.005)
    assert not node.serving(0), "pods would start without their networks"
    within(10, lambda: node.serving(0), "it counts when nobody takes it any more")
    end(process)
    assert process.stderr is not None
    said = process.stderr.read().splitlines()
    whom = " by a Cilium with cni.exclusive: true" if renamed else ""
    losing = "multinet: losing 00-multus.conf: restored 5 times in a row, and taken away each time"
    assert f"{losing}{whom}" in said
    assert sum("was removed or changed" in line for line in said) == 1


def test_it_takes_its_configuration_away_when_it_is_asked_to_end(node: Node) -> None:
    node.primary.write_text(PRIMARY)
    process = node.start()
    within(10, lambda: node.serving(0), "not serving")
    end(process)
    assert not node.conf.exists()
    assert not node.socket.exists()


@pytest.mark.parametrize("how", ["removed", "edited", "emptied"])
def test_it_restores_what_a_hand_has_broken_and_follows_the_daemon(node: Node, how: str) -> None:
    node.primary.write_text(PRIMARY)
    node.start()
    within(10, lambda: node.serving(0), "not serving")
    good = node.conf.read_text()
    if how == "removed":
        node.conf.unlink()
    else:
        node.conf.write_text("" if how == "emptied" else "{}")
    within(5, lambda: node.conf.exists() and node.conf.read_text() == good, "not restored")

    node.primary.write_text('{"name": "newer"}')
    (daemon,) = (int(line) for line in _children(node.running[0].pid, "daemon.py"))
    os.kill(daemon, signal.SIGUSR1)
    within(5, lambda: '"newer"' in node.conf.read_text(), "the daemon was not followed")


def _children(pid: int, command: str) -> list[str]:
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(pid)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [line.split()[0] for line in found.splitlines() if command in line]


def test_a_successor_takes_over_and_the_first_one_ends_without_taking_anything_away(
    node: Node,
) -> None:
    node.primary.write_text(PRIMARY)
    first = node.start()
    within(10, lambda: node.serving(0), "not serving")
    second = node.start()
    within(10, lambda: node.serving(1), "the second one does not serve")
    end(first)
    assert node.conf.exists()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(node.socket))
    end(second)
    assert not node.conf.exists()


def test_it_starts_anew_when_its_socket_is_gone_and_nobody_has_replaced_it(node: Node) -> None:
    node.primary.write_text(PRIMARY)
    process = node.start()
    within(10, lambda: node.serving(0), "not serving")
    node.socket.unlink()
    assert process.wait(timeout=10) == 1
    assert node.conf.exists(), "pods wait meanwhile"


@pytest.mark.parametrize(("uid", "handed"), [(("1f-e",), "1f-e"), ((), "gone")])
def test_it_frees_what_pods_without_a_network_namespace_had(
    node: Node, tmp_path: Path, uid: tuple[str, ...], handed: str
) -> None:
    node.primary.write_text(PRIMARY)
    shim = tmp_path / "shim"
    seen = tmp_path / "seen"
    shim.write_text(
        f'#!/bin/sh\necho "$CNI_COMMAND $CNI_CONTAINERID $CNI_ARGS" >> {seen}\ncat >> {seen}\n'
    )
    shim.chmod(0o755)
    node.remember("c0ffee", "gone-1", *uid)
    node.remember("beef", "alive-1")
    result = tmp_path / "state" / "results" / "rig-beef-eth0"
    result.write_text(result.read_text().replace("cni-gone", "cni-alive"))
    (tmp_path / "netns" / "cni-alive").touch()
    node.start()
    within(5, lambda: seen.exists() and "\n" in seen.read_text(), "nothing was freed")
    time.sleep(0.5)
    said, _, config = seen.read_text().partition("\n")
    named = "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=gone-1"
    # Without a UID the daemon asks the API server, where the pod is gone.
    assert said == f"DEL c0ffee {named};K8S_POD_UID={handed}"
    assert "beef" not in config
    assert json.loads(config)["daemonSocketDir"] == f"{node.socket.parent}/"


def test_shellcheck_has_nothing_to_say() -> None:
    shellcheck = Path(sys.executable).with_name("shellcheck")
    ran = subprocess.run(
        [str(shellcheck), "-"],
        input=pods.daemon_script(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == ""
    assert ran.returncode == 0

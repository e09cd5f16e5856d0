"""The script of whereabouts' agent, with directories in place of a node and of the image."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from multinet.addons.whereabouts import pods
from tests.waiting import at_last

SHELLS = [shell for shell in ("dash", "busybox") if shutil.which(shell)]
PATIENCE = 20.0
PLUGIN = '#!/bin/sh\n[ "$CNI_COMMAND" != VERSION ] || echo \'{"supportedVersions":["1.0.0"]}\'\n'
OTHERS = PLUGIN + "# of others\n"


class Node:
    """A node's directories, and agents at work on them, each a pod."""

    def __init__(self, directory: Path, shell: str) -> None:
        self.bin, self.home = directory / "bin", directory / "net.d" / "whereabouts.d"
        self.plugin = self.bin / "whereabouts"
        self.account = directory / "account"
        self._directory, self.shell = directory, shell
        self.agents: list[subprocess.Popen[str]] = []
        for made in (self.bin, self.home.parent, self.account):
            made.mkdir(parents=True)
        self.token("first")
        (self.account / "ca.crt").write_text("certificate\n")
        (directory / "agent.sh").write_text(pods.script(pods.AGENT_SCRIPT))

    def token(self, text: str) -> None:
        (self.account / "token").write_text(text)

    def start(
        self, pod: str, plugin: str = PLUGIN, loop: str = "exec sleep 600", take_away: str = "no"
    ) -> None:
        own = self._directory / f"own-{pod}"
        image = self._directory / f"image-{pod}"
        image.write_text(plugin)
        image.chmod(0o755)
        control_loop = self._directory / f"loop-{pod}"
        control_loop.write_text(f"#!/bin/sh\n{loop}\n")
        control_loop.chmod(0o755)
        environment = {
            **os.environ,
            "MULTINET_HOME_DIR": str(self.home),
            "MULTINET_BIN_DIR": str(self.bin),
            "MULTINET_PLUGIN": str(image),
            "MULTINET_CONTROL_LOOP": str(control_loop),
            "MULTINET_ACCOUNT_DIR": str(self.account),
            "MULTINET_OWN_DIR": str(own),
            "KUBERNETES_SERVICE_HOST": "fd00::1",
            "KUBERNETES_SERVICE_PORT": "443",
            "NODENAME": "worker-1.example.org",
            "POD_UID": pod,
            "TAKE_AWAY": take_away,
            "WHEREABOUTS_NAMESPACE": "kube-system",
        }
        shell = ["busybox", "sh"] if self.shell == "busybox" else [self.shell]
        with (self._directory / f"log-{pod}").open("w") as log:
            agent = subprocess.Popen(
                [*shell, str(self._directory / "agent.sh")],
                env=environment,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        self.agents.append(agent)

    def said(self, pod: str) -> str:
        return (self._directory / f"log-{pod}").read_text()

    def ready(self, pod: str) -> bool:
        return (self._directory / f"own-{pod}" / "ready").exists()

    def kubeconfig(self) -> str:
        return (self.home / "whereabouts.kubeconfig").read_text()

    def files(self) -> set[str]:
        parents = (self.bin, self.home.parent)
        return {str(p.relative_to(self._directory)) for d in parents for p in d.rglob("*")}


@pytest.fixture(params=SHELLS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    made = Node(tmp_path, request.param)
    yield made
    for agent in made.agents:
        if agent.poll() is None:
            os.killpg(agent.pid, signal.SIGKILL)
        agent.wait()


def soon(condition: Callable[[], bool]) -> bool:
    return at_last(condition, PATIENCE)


def end(agent: subprocess.Popen[str]) -> int:
    agent.send_signal(signal.SIGTERM)
    return agent.wait(timeout=PATIENCE)


def test_the_plugin_finds_all_that_it_needs_and_nobody_else_can_read_the_credential(
    node: Node,
) -> None:
    node.start("one")
    assert soon(lambda: node.ready("one")), node.said("one")

    assert node.plugin.read_text() == PLUGIN
    assert stat.S_IMODE(node.plugin.stat().st_mode) == 0o755
    read = YAML(typ="safe").load(node.kubeconfig())
    (cluster,) = read["clusters"]
    assert cluster["cluster"]["server"] == "https://[fd00::1]:443"
    ca = cluster["cluster"]["certificate-authority-data"]
    assert base64.b64decode(ca).decode() == "certificate\n"
    assert read["users"][0]["user"] == {"token": "first"}
    assert read["contexts"][0]["context"]["namespace"] == "kube-system"
    assert read["current-context"] == read["contexts"][0]["name"]
    said = json.loads((node.home / "whereabouts.conf").read_text())
    # The directory, where it looks for the node's name; and never a schedule, which nothing reads.
    assert said["configuration_path"] == str(node.home)
    assert said["kubernetes"]["kubeconfig"] == str(node.home / "whereabouts.kubeconfig")
    assert (node.home / "nodename").read_text().strip() == "worker-1.example.org"
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (node.home, *node.home.iterdir())}
    assert modes.pop(node.home.name) == 0o700
    assert set(modes.values()) == {0o600}


def test_a_renewed_token_reaches_the_file_and_no_reader_meets_half_of_one(node: Node) -> None:
    node.start("one")
    assert soon(lambda: node.ready("one"))
    before = (node.home / "whereabouts.kubeconfig").stat().st_ino

    node.token("second")

    assert soon(lambda: "token: second" in node.kubeconfig())
    assert (node.home / "whereabouts.kubeconfig").stat().st_ino != before, "renamed, not rewritten"


def test_it_leaves_as_it_came(node: Node) -> None:
    node.start("one")
    assert soon(lambda: node.ready("one"))

    assert end(node.agents[0]) == 0

    assert node.files() == set()


def test_killed_it_leaves_all_and_the_next_one_goes_on(node: Node) -> None:
    node.start("one")
    assert soon(lambda: node.ready("one"))
    os.killpg(node.agents[0].pid, signal.SIGKILL)
    assert node.plugin.exists()

    node.start("two")
    assert soon(lambda: node.ready("two")), node.said("two")

    assert end(node.agents[1]) == 0
    assert node.files() == set()


@pytest.mark.parametrize("there", ["nothing", "ours", "others"])
def test_asked_to_take_it_away_it_is_ready_when_that_is_done(node: Node, there: str) -> None:
    """Also what a pod laid out on a node that then went off."""
    if there == "ours":
        node.start("before")
        assert soon(lambda: node.ready("before"))
        os.killpg(node.agents[0].pid, signal.SIGKILL)
    elif there == "others":
        node.plugin.write_text(OTHERS)

    node.start("last", take_away="yes")

    assert soon(lambda: node.ready("last")), node.said("last")
    assert node.files() == ({"bin/whereabouts"} if there == "others" else set())
    assert end(node.agents[-1]) == 0


def test_a_successor_takes_over_and_the_one_before_leaves_its_files(node: Node) -> None:
    node.start("old")
    assert soon(lambda: node.ready("old"))
    newer = PLUGIN + "# newer\n"
    node.start("new", newer)
    assert soon(lambda: node.ready("new")), node.said("new")
    assert node.plugin.read_text() == newer

    assert end(node.agents[0]) == 0

    assert node.plugin.read_text() == newer
    assert soon((node.home / "whereabouts.kubeconfig").exists)
    assert end(node.agents[1]) == 0
    assert node.files() == set()


def test_a_rollout_that_is_taken_back_gives_the_node_back(node: Node) -> None:
    node.start("old")
    assert soon(lambda: node.ready("old"))
    node.start("new")
    assert soon(lambda: node.ready("new"))

    assert end(node.agents[1]) == 0

    assert soon(lambda: node.plugin.exists() and (node.home / "nodename").exists())
    assert (node.home / "served-by").read_text().strip() == "old"


@pytest.mark.parametrize("there", ["plugin", "directory"])
def test_what_others_laid_out_is_left_alone_and_told(node: Node, there: str) -> None:
    if there == "plugin":
        node.plugin.write_text(OTHERS)
        named = str(node.plugin)
    else:
        node.home.mkdir()
        (node.home / "whereabouts.conf").write_text("{}")
        named = str(node.home)
    before = node.files()

    node.start("one")

    assert soon(lambda: f"{named} is there already" in node.said("one")), node.said("one")
    assert "addons.whereabouts: false" in node.said("one")
    assert not node.ready("one")
    assert end(node.agents[0]) == 0
    assert node.files() == before
    assert not node.plugin.exists() or node.plugin.read_text() == OTHERS


def test_when_the_others_are_gone_it_goes_on_by_itself(node: Node) -> None:
    node.plugin.write_text(OTHERS)
    node.start("one")
    assert soon(lambda: "is there already" in node.said("one"))

    node.plugin.unlink()

    assert soon(lambda: node.ready("one")), node.said("one")
    assert node.plugin.read_text() == PLUGIN


def test_damage_is_repaired(node: Node) -> None:
    node.start("one")
    assert soon(lambda: node.ready("one"))

    node.plugin.unlink()
    assert soon(lambda: node.plugin.exists() and node.plugin.read_text() == PLUGIN)
    node.plugin.write_text("")
    assert soon(lambda: node.plugin.read_text() == PLUGIN)
    harm = node.bin / "harm"  # a shell runs what the kernel does not, line by line
    node.plugin.write_text(f"echo supportedVersions; : >{harm}\n")
    assert soon(lambda: node.plugin.read_text() == PLUGIN)
    assert not harm.exists()
    (node.home / "whereabouts.conf").write_text("{")
    assert soon(lambda: "kubeconfig" in (node.home / "whereabouts.conf").read_text())


def test_a_foreign_writer_of_the_same_plugin_is_not_fought(node: Node) -> None:
    node.start("one")
    assert soon(lambda: node.ready("one"))
    other = node.bin / "other"
    other.write_text(OTHERS)
    other.chmod(0o755)

    other.rename(node.plugin)

    assert soon(lambda: not node.ready("one"))
    assert "somebody else put another" in node.said("one")
    assert end(node.agents[0]) == 0
    assert node.plugin.read_text() == OTHERS
    assert not node.home.exists(), "the credential is ours, and goes"


def test_a_control_loop_that_ends_ends_the_container(node: Node) -> None:
    node.start("one", loop="exit 3")

    assert node.agents[0].wait(timeout=PATIENCE) == 1

    assert "ip-control-loop has ended with status 3" in node.said("one")
    assert node.plugin.exists(), "pods go on being attached meanwhile"


def test_the_beat_that_the_probe_looks_at_goes_on_and_stops_with_it(node: Node) -> None:
    node.start("one")
    beat = node._directory / "own-one" / "beat"
    assert soon(beat.exists)
    first = beat.stat().st_mtime_ns
    assert soon(lambda: beat.stat().st_mtime_ns > first)

"""Pods that are deleted on two nodes while Multus is on neither, and are gone from the API server."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from tests.cluster.reliability.site import (
    DAEMON_SET,
    NAMESPACE,
    PRIMARY_NETWORK,
    RESERVATIONS,
    Site,
)
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PAGE = Path(__file__).resolve().parents[3] / "docs/how-to/troubleshoot.md"
NODES = ("rig", "rig-2")
PATIENCE = 120.0
NOWHERE = {"multinet.test/away": "yes"}


class Pair:
    """Multus on two nodes, and what host-local holds on each."""

    def __init__(self, site: Site, second: rig.FurtherNode) -> None:
        self.site, self.second = site, second

    def held(self, network: str = "wide") -> dict[str, set[str]]:
        """Node → addresses of a network that host-local holds there."""
        listed = self.second.run(["sh", "-c", f"ls {RESERVATIONS}/{network}"], check=False).stdout
        there = {name for name in listed.split() if name[:1].isdigit()}
        return {"rig": self.site.reserved(network), "rig-2": there}

    def sandboxes(self) -> set[str]:
        """The tests' pods that the runtimes of both nodes know, dead ones too, by their sandboxes."""
        ours = 'labels."io.kubernetes.pod.name"~="^on-"'
        ask = ["ctr", "--namespace", "k8s.io", "containers", "list", ours]
        kept = self.site.cluster.node_run(ask).stdout + self.second.run(ask).stdout
        return {line.split()[0] for line in kept.splitlines() if "/pause:" in line}

    def configured(self) -> list[str]:
        """Multus's configuration files on both nodes."""
        listed = self.second.run(["sh", "-c", "ls /etc/cni/net.d"]).stdout.split()
        return [*self.site.configured(), *(name for name in listed if name.startswith("00-multus"))]

    def send_away(self, *, back: bool = False) -> None:
        """Take Multus from both nodes, as `kubectl delete` or a drained DaemonSet would; or bring it back."""
        selector = dict.fromkeys(NOWHERE) if back else NOWHERE
        patch = {"spec": {"template": {"spec": {"nodeSelector": selector}}}}
        target = ("-n", NAMESPACE, f"daemonset/{DAEMON_SET}")
        self.site.kubectl("patch", *target, "--type=merge", "-p", json.dumps(patch))
        if back:
            self.site.rolled_out()
            self.site.multus_pods(2)
        else:
            self.site.multus_pods(0)
            assert self.configured() == []


@pytest.fixture(scope="module")
def pair(
    two_nodes: tuple[rig.Cluster, rig.FurtherNode], tmp_path_factory: pytest.TempPathFactory
) -> Pair:
    first, second = two_nodes
    return Pair(Site(first, tmp_path_factory.mktemp("away")), second)


def _left(pair: Pair, mode: str) -> set[str]:
    """Multus in that mode went from both nodes, then a pod of each was deleted: their sandboxes."""
    pair.site.deploy(mode)
    pair.site.multus_pods(2)
    pods = {f"on-{node}": node for node in NODES}
    for name, node in pods.items():
        pair.site.create([name], nodeName=node)
    pair.site.ready(list(pods))
    assert pair.site.attached() == set(pods)
    assert [len(held) for held in pair.held().values()] == [1, 1]
    pair.send_away()
    sandboxes = pair.sandboxes()
    assert len(sandboxes) == 2
    pair.site.delete(pods)
    return sandboxes


@pytest.fixture(params=["thick", "thin"])
def returned(request: pytest.FixtureRequest, pair: Pair) -> Iterator[tuple[str, Pair]]:
    """The mode; Multus was away until nothing was left of the pods, and is back."""
    dead = _left(pair, request.param)
    # Until the kubelet clears a dead sandbox away, the runtime deletes its networks once more.
    assert at_last(lambda: not dead & pair.sandboxes(), PATIENCE), "the sandboxes are still there"
    assert [len(held) for held in pair.held().values()] == [1, 1], "nobody was there to free them"
    pair.send_away(back=True)
    yield request.param, pair
    pair.site.remove()


def _of_the_page() -> list[str]:
    """The commands of docs/how-to/troubleshoot.md that list what is booked for nobody."""
    text = PAGE.read_text().partition("## An address that nobody has")[2]
    block = text.partition("```console\n")[2].partition("```")[0]
    return ["sh", "-c", "\n".join(line.removeprefix("$ ") for line in block.splitlines())]


def test_what_they_had_is_freed_when_thick_is_back_and_stays_in_thin_until_thick_is(
    returned: tuple[str, Pair],
) -> None:
    mode, pair = returned
    nothing: dict[str, set[str]] = {node: set() for node in NODES}
    if mode == "thin":
        # Its image has no shell that could look; docs/reliability.md says so.
        assert [len(held) for held in pair.held().values()] == [1, 1]
        lists = _of_the_page()
        for found in (pair.site.cluster.node_run(lists).stdout, pair.second.run(lists).stdout):
            assert re.fullmatch(rf"{RESERVATIONS}/wide/172\.30\.0\.\d+\n", found), found
        pair.site.deploy("thick")
        pair.site.multus_pods(2)
    assert at_last(lambda: pair.held() == nothing, PATIENCE), pair.held()
    assert pair.held(PRIMARY_NETWORK) == nothing
    log = pair.site.multus_log()
    assert log.count("freeing what pod default/on-rig") == 2, log
    assert "missing pod UID" not in log


def test_thin_that_is_back_before_the_kubelet_clears_up_frees_what_they_had(pair: Pair) -> None:
    nothing: dict[str, set[str]] = {node: set() for node in NODES}
    dead = _left(pair, "thin")
    pair.send_away(back=True)
    back = time.monotonic()
    if not dead <= pair.sandboxes():
        pytest.skip("the kubelet had cleared the sandboxes away before thin was back")

    freed = at_last(lambda: pair.held() == nothing, PATIENCE)

    print(f"{pair.held()} {time.monotonic() - back:.0f} s after thin was back")
    assert freed
    assert pair.held(PRIMARY_NETWORK) == nothing
    pair.site.remove()

"""The dhcp daemon by its add-on: only where a network uses dhcp, and never restarted by itself."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.addons.dhcp_daemon import objects
from multinet.addons.dhcp_daemon.settings import DhcpDaemonAddonSettings
from multinet.addons.site import SiteSettings
from multinet.findings.model import check
from multinet.preflight.beside_addons import beside_addons
from multinet.preflight.look import Seen
from multinet.stack.needs import node_needs
from tests.unit.addons.test_whereabouts import PRIMARY, of, planned, pod_of, validated
from tests.unit.preflight.test_ownership import ME, stack
from tests.waiting import at_last

SHELLS = [shell for shell in ("dash", "busybox") if shutil.which(shell)]
PATIENCE = 20.0
DHCP = {"config": {"cniVersion": "1.0.0", "type": "macvlan", "ipam": {"type": "dhcp"}}}
OTHER = {
    "config": {
        "cniVersion": "1.0.0",
        "type": "macvlan",
        "master": "eth1",
        "ipam": {"type": "dhcp", "daemonSocketPath": "/run/other/dhcp.sock"},
    }
}
STATIC = {
    "config": {
        "cniVersion": "1.0.0",
        "type": "macvlan",
        "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/24"}]},
    }
}


def config(*networks: dict[str, Any], given: object = True) -> dict[str, Any]:
    named = {f"n{i}": network for i, network in enumerate(networks)}
    return {"primaryCni": PRIMARY, "networks": named, "addons": {"dhcpDaemon": given}}


def test_it_runs_while_a_network_uses_dhcp_and_on_each_socket(project: Path) -> None:
    found = planned(project, config(DHCP, OTHER))
    (container,) = pod_of(found["dhcp-daemon-daemonset"])["containers"]
    assert container["command"][2:] == ["/run/cni/dhcp.sock", "/run/other/dhcp.sock"]
    mounts = {m["mountPath"]: m.get("mountPropagation") for m in container["volumeMounts"]}
    assert {"/host/run/cni", "/host/run/other"} <= mounts.keys()
    # Namespaces of pods that start later have to come in.
    assert mounts["/host/run/netns"] == mounts["/host/var/run/netns"] == "HostToContainer"


@pytest.mark.parametrize("networks", [[], [STATIC]])
def test_without_such_a_network_there_is_nothing_of_it(
    project: Path, networks: list[dict[str, Any]]
) -> None:
    assert [n for n in planned(project, config(*networks)) if n.startswith("dhcp-daemon")] == []


def test_no_change_restarts_it(project: Path) -> None:
    daemon_set = planned(project, config(DHCP))["dhcp-daemon-daemonset"]
    assert daemon_set["spec"]["updateStrategy"] == {"type": "OnDelete"}


def test_a_network_that_nobody_runs_a_daemon_for_is_told(tmp_path: Path) -> None:
    declared = {**config(DHCP), "addons": {}}
    (told,) = of(validated(tmp_path, declared), "dhcp-daemon-not-brought")
    assert told["severity"] == "warning"
    assert "`dhcpDaemon: true` to multinet:addons" in told["wayOut"]
    for given in (True, False):
        assert of(validated(tmp_path, config(DHCP, given=given)), told["code"]) == []
    nodes = {"nodes": {"worker-1": {"host": "192.0.2.1"}}}
    assert of(validated(tmp_path, {**declared, **nodes}), told["code"]) == []


@pytest.mark.parametrize("on", [True, False])
def test_on_a_declared_node_the_add_on_is_in_charge(on: bool) -> None:
    """Two daemons cannot listen on one socket."""
    nodes = {"worker-1": {"host": "192.0.2.1"}}
    addons = {"dhcpDaemon": True} if on else {}
    declared = stack(networks={"lan": DHCP}, nodes=nodes, addons=addons)
    needs = node_needs("worker-1", declared.nodes["worker-1"], declared)
    assert bool(needs.dhcp_sockets) is not on


def live(image: str, owner: str = ME) -> dict[str, Any]:
    site, _ = check(SiteSettings, {"networks": {"lan": DHCP}})
    assert site is not None
    made = objects.daemon_set(DhcpDaemonAddonSettings(), site)
    made["metadata"]["annotations"] = {"multinet.dev/owner": owner}
    if image:
        made["spec"]["template"]["spec"]["containers"][0]["image"] = image
    return made


@pytest.mark.parametrize(("image", "told"), [("", 0), ("registry.example.org/older:v1", 1)])
def test_what_a_change_costs_is_told_before_it_is_made(image: str, told: int) -> None:
    declared = stack(networks={"lan": DHCP}, addons={"dhcpDaemon": True})
    found = [*beside_addons(declared, ME, Seen(daemon_sets=[live(image)]))]
    assert [f.code for f in found] == ["dhcp-daemon-waits"] * told
    for finding in found:
        assert "loses the leases" in finding.rule
        assert "--field-selector spec.nodeName=NODE" in finding.way_out


# --- another whereabouts ------------------------------------------------------------------


def others(image: str) -> dict[str, Any]:
    template = {"spec": {"containers": [{"name": "whereabouts", "image": image}]}}
    metadata = {"name": "whereabouts", "namespace": "kube-system"}
    return {"metadata": metadata, "spec": {"template": template}}


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("ghcr.io/k8snetworkplumbingwg/whereabouts:latest", True),
        ("rancher/hardened-whereabouts:v0.9.4-build20260819", True),
        ("registry.example.org/whereabouts@sha256:0", True),
        ("registry.example.org/whereabouts-exporter:v1", False),
    ],
)
@pytest.mark.parametrize("given", [True, False])
def test_a_second_whereabouts_is_refused_before_anything_is_made(
    image: str, told: bool, given: bool
) -> None:
    declared = stack(addons={"whereabouts": given})
    found = [*beside_addons(declared, ME, Seen(daemon_sets=[others(image)]))]
    assert [f.code for f in found] == ["another-whereabouts"] * (told and given)


# --- the script ---------------------------------------------------------------------------

DAEMON = """#!/bin/sh
exec {python} - "$@" <<'END'
import signal, socket, sys
prefix, path = sys.argv[3], sys.argv[5]
server = socket.socket(socket.AF_UNIX)
server.bind(prefix + path)
server.listen()
signal.pause()
END
"""


class Serving:
    """The script, with a daemon that only listens."""

    def __init__(self, directory: Path, shell: str) -> None:
        self.host = directory / "h"
        self.own = directory / "own"
        self.socket = f"{directory.name}/s"
        (self.host / directory.name).mkdir(parents=True)
        (directory / "serve.sh").write_text(objects.script())
        program = directory / "dhcp"
        program.write_text(DAEMON.format(python=sys.executable))
        program.chmod(0o755)
        self._directory = directory
        self._shell = ["busybox", "sh"] if shell == "busybox" else [shell]
        self.process: subprocess.Popen[str] | None = None

    @property
    def path(self) -> Path:
        return self.host / self.socket

    def start(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "DHCP_HOST_PREFIX": str(self.host),
            "DHCP_PROGRAM": str(self._directory / "dhcp"),
            "DHCP_OWN_DIR": str(self.own),
        }
        with (self._directory / "log").open("w") as log:
            self.process = subprocess.Popen(
                [*self._shell, str(self._directory / "serve.sh"), f"/{self.socket}"],
                env=environment,
                stderr=log,
                text=True,
                start_new_session=True,
            )
        return self.process

    def said(self) -> str:
        return (self._directory / "log").read_text()

    def ready(self) -> bool:
        return (self.own / "ready").exists()


@pytest.fixture(params=SHELLS)
def serving(request: pytest.FixtureRequest) -> Iterator[Serving]:
    # Not pytest's directory: a socket's path has a limit of some hundred characters.
    with tempfile.TemporaryDirectory(prefix="dhcp") as directory:
        made = Serving(Path(directory), request.param)
        yield made
        if made.process is not None:
            if made.process.poll() is None:
                os.killpg(made.process.pid, signal.SIGKILL)
            made.process.wait()


def test_a_socket_that_a_killed_daemon_left_is_taken_away(serving: Serving) -> None:
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(serving.path))
    serving.start()
    assert at_last(serving.ready, PATIENCE), serving.said()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(serving.path))


def test_one_that_somebody_listens_on_is_not_and_it_waits(serving: Serving) -> None:
    with socket.socket(socket.AF_UNIX) as others_daemon:
        others_daemon.bind(str(serving.path))
        others_daemon.listen()
        serving.start()
        assert at_last(lambda: "somebody else's dhcp daemon listens" in serving.said(), PATIENCE)
        assert not serving.ready()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(serving.path))
    assert at_last(serving.ready, PATIENCE), serving.said()


def test_a_daemon_that_ends_ends_the_container(serving: Serving) -> None:
    started = serving.start()
    assert at_last(serving.ready, PATIENCE), serving.said()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                f"{serving.host}" in (process / "cmdline").read_text()
                and str(started.pid) != process.name
            ):
                os.kill(int(process.name), signal.SIGKILL)
    assert started.wait(timeout=PATIENCE) == 1
    assert "a daemon has ended" in serving.said()

"""From the add-on that lays plugins out to nodes that are brought them over SSH, and back."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from multinet.addons.cni_plugins import objects
from multinet.preflight.ask import ask
from multinet.preflight.ssh import SshSession
from tests.ssh.conftest import Declare, apply_script, macvlan, plugins_archive
from tests.ssh.machines import Lan, Machine
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

HOST_LOCAL = {"ipam": {"type": "host-local", "subnet": "10.1.2.0/24"}}
NETWORKS = {"blue": macvlan("eth0", **HOST_LOCAL)}
BRINGS = ("macvlan", "host-local")


@contextlib.contextmanager
def pod(machine: Machine) -> Iterator[subprocess.Popen[bytes]]:
    """The add-on's pod on the machine: its script, and an image with plugins of another build."""
    script = machine.scratch.parent / "lay-out.sh"
    script.write_text(objects.script())
    machine.run("sh", "-c", "cat >/lay-out.sh", stdin=objects.script())
    machine.sh(
        "mkdir -p /image; for p in macvlan host-local; do"
        " { cat /bin/true; echo of the image; } >/image/$p; done"
    )
    environment = (
        "PLUGINS_BIN=/opt/cni/bin PLUGINS_IMAGE=/image PLUGINS_OWN_DIR=/run/pod PLUGINS_EVERY=0.2"
        " POD_UID=one"
    )
    inside = ["nsenter", "-t", str(machine.pid), "-m", "-r", "-w", "--"]
    argv = ["env", *environment.split(), "sh", "/lay-out.sh", *BRINGS]
    process = subprocess.Popen([*inside, *argv], stderr=subprocess.DEVNULL)
    try:
        assert at_last(lambda: bool(machine.sh("ls /run/pod/ready", check=False)), 30)
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Asked to end, as when its DaemonSet is deleted."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def by_ssh(lan: Lan) -> dict[str, Any]:
    archive, checksum = plugins_archive(BRINGS, "of the archive")
    (lan.directory / "plugins.tgz").write_bytes(archive)
    mirror = lan.directory / "mirror"
    mirror.mkdir()
    (mirror / "cni-plugins-linux-amd64-v1.9.1.tgz").write_bytes(archive)
    lan.serve(mirror, 8080)
    return {"source": "mirror", "url": "http://10.99.0.1:8080", "sha256": {"amd64": checksum}}


def plugins(machine: Machine) -> list[str]:
    return machine.sh("ls -A /opt/cni/bin").split()


def test_a_node_over_ssh_takes_over_what_the_add_on_laid_out_without_a_moment_without(
    lan: Lan, declare: Declare
) -> None:
    machine = lan.add("n1")
    source = by_ssh(lan)
    before = plugins(machine)
    stack = declare({"n1": {"cniPlugins": source}}, NETWORKS)
    text = apply_script(stack, "n1")
    with pod(machine) as addon, SshSession(stack.nodes) as session:
        assert session.change("n1", text, "apply").status == 0
        assert "of the archive" in machine.sh("cat /opt/cni/bin/macvlan")
        end(addon)  # the engine deletes it after the nodes are as declared
        assert plugins(machine) == sorted(BRINGS)
        assert "of the archive" in machine.sh("cat /opt/cni/bin/host-local")
        assert ask(stack)["n1"].findings == []
        assert session.change("n1", text, "apply").stdout.endswith("0 changes\n")
        assert session.change("n1", text, "undo").status == 0
    assert plugins(machine) == before


def test_the_add_on_lays_out_what_the_node_over_ssh_took_away(lan: Lan, declare: Declare) -> None:
    machine = lan.add("n1")
    source = by_ssh(lan)
    before = plugins(machine)
    stack = declare({"n1": {"cniPlugins": source}}, NETWORKS)
    # With the add-on a node's own preflight does not miss them.
    without = stack.model_copy(update={"nodes": declare({"n1": {}}, NETWORKS).nodes})
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        assert session.change("n1", apply_script(without, "n1"), "apply").status == 0
        assert plugins(machine) == before
        with pod(machine):
            assert plugins(machine) == sorted([".multinet-plugins", *BRINGS])
        assert plugins(machine) == before
        assert session.change("n1", apply_script(without, "n1"), "undo").status == 0


def test_whoever_was_first_keeps_its_plugins_where_both_run(lan: Lan, declare: Declare) -> None:
    """Refused in one environment; two of them may do so all the same."""
    machine = lan.add("n1")
    stack = declare({"n1": {"cniPlugins": by_ssh(lan)}}, NETWORKS)
    with SshSession(stack.nodes) as session:
        assert session.change("n1", apply_script(stack, "n1"), "apply").status == 0
        with pod(machine):
            assert "of the archive" in machine.sh("cat /opt/cni/bin/macvlan")
        assert plugins(machine) == sorted(BRINGS)

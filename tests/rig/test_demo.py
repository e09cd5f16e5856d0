"""`make demo` and `make demo-down` as they are typed: what is shown, and a machine as it was."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from rig.demo import engine
from rig.demo.clusters import NAME, docker_answers
from tests.rig import bpf
from tests.rig.machine import look, namespace_of, processes_in, traces_of, within

pytestmark = [pytest.mark.cluster, pytest.mark.long]

POD_NETWORK = r"inet 10\.233\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+/\d+ .*scope global eth0"
RANGE = r"inet 192\.168\.1\.2(0\d|1[0-6])/24 .* net1"


@dataclasses.dataclass(frozen=True)
class Checkout:
    """A copy of what is committed, or would be: the demo of this one, if any, is left alone."""

    path: Path

    def make(self, *arguments: str) -> tuple[int, str]:
        # Its .venv is there already, this one's; `setup` in a copy would turn that to the copy.
        command = ["make", "-o", "setup", *arguments, f"PY={sys.executable}"]
        # As from a shell, also where these tests are run by make.
        environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
        ran = subprocess.run(
            command, cwd=self.path, env=environment, capture_output=True, text=True, check=False
        )
        said = ran.stdout + ran.stderr
        print(f"$ make {' '.join(arguments)}\n{said}")
        return ran.returncode, said


@pytest.fixture
def checkout(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkout]:
    if docker_answers():
        pytest.skip("a Docker engine answers here: the demo is kind's")
    monkeypatch.setenv("MULTINET_STATE", str(tmp_path / "state"))
    copy = tmp_path / "checkout"
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listed, cwd=project, capture_output=True, check=True).stdout
    for name in filter(None, os.fsdecode(names).split("\0")):
        if (project / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((project / name).read_bytes())
    (copy / ".venv").symlink_to(project / ".venv")
    found = Checkout(copy)
    try:
        yield found
    finally:
        found.make("demo-down")


@pytest.mark.parametrize("primary", ["bridge", "cilium"])
def test_the_demo_shows_both_interfaces_and_leaves_the_machine_as_it_was(
    checkout: Checkout, primary: str
) -> None:
    before = look()
    status, said = checkout.make("demo", f"PRIMARY={primary}")
    assert status == 0, said
    assert re.search(POD_NETWORK, said), "eth0 of the primary"
    assert re.search(RANGE, said), "net1 of macvlan-conf"
    way = "deploying the rendered manifests" if engine.lacking() else "deploying with pulumi up"
    assert way in said
    assert look() == before, "a running demo shows on the machine"

    node = rig.Cluster(NAME).node_pid
    with namespace_of(node) as namespace:
        held = bpf.held_by(processes_in(namespace), Path(f"/proc/{node}/root/sys/fs/bpf"))
        kinds = {kind for kind, _ in held}
        assert kinds == (set() if primary == "bridge" else {"prog", "map", "link"})
        print(f"{len(held)} BPF objects")

        status, said = checkout.make("demo-down")
        gone = "the demo is gone: its cluster, links, mounts and files"
        assert (status, said.strip()) == (0, gone)
        assert processes_in(namespace) == []
    assert traces_of(NAME) == []
    assert look() == before
    # The kernel frees them a moment after the last of what held them.
    within(60, lambda: not held & bpf.there(), "BPF programs, maps or links are left")
    assert not Path(os.environ["MULTINET_STATE"]).exists()
    assert not (checkout.path / "build" / "demo").exists()

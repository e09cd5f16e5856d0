"""An engine that is killed, and what somebody deleted: the next run converges."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rig.demo import sample
from tests.engine.conftest import Deployed

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

ROOT = Path(__file__).resolve().parents[2]
_RUN = (
    "import sys; from pathlib import Path; from rig.demo import engine;"
    "stack = engine.stack("
    "Path(sys.argv[2]), Path(sys.argv[3]), checkpoints=sys.argv[4] == 'True');"
    "getattr(stack, sys.argv[1])(on_output=print)"
)


def killed(deployed: Deployed, operation: str, after: float, checkpoints: bool = True) -> bool:
    """Start `up` or `destroy`, and kill all of it after some seconds; whether it still ran."""
    arguments = [operation, str(deployed.project), str(deployed.cluster.kubeconfig)]
    arguments.append(str(checkpoints))
    running = subprocess.Popen(
        [sys.executable, "-c", _RUN, *arguments],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'components'}"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    went_on = running.poll() is None
    # Plugins have process groups of their own, and outlive an engine that is killed.
    for pid in _session(running.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    running.wait()
    deployed.stack.cancel()
    return went_on


def _session(leader: int) -> Iterator[int]:
    """Every process of a session."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # After the command's name: state, parent, group, session.
            if int(status.read_text().rpartition(")")[2].split()[3]) == leader:
                yield int(status.parent.name)


@pytest.mark.parametrize("checkpoints", [*[True] * 5, *[False] * 3])
def test_up_and_destroy_killed_at_random_points_are_finished_by_the_next_one(
    deployed: Deployed, checkpoints: bool
) -> None:
    """Also where the engine keeps no state on the way: what it finds is ours, and is taken over."""
    up_after, destroy_after = random.uniform(1.0, 9.0), random.uniform(1.0, 6.0)
    print(f"up is killed after {up_after:.2f} s, destroy after {destroy_after:.2f} s")
    killed(deployed, "up", up_after, checkpoints)
    deployed.up()
    assert set(deployed.up()) == {"same"}
    kubectl = deployed.cluster.kubectl
    proof = sample.run(kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []
    kubectl("delete", "pod", sample.NAME, "--wait")
    killed(deployed, "destroy", destroy_after, checkpoints)
    deployed.destroy()
    assert deployed.objects() == []
    assert deployed.resources() == 0


def test_an_account_that_was_deleted_comes_back_with_pods_that_it_lets_in(
    deployed: Deployed,
) -> None:
    """A token is of one account: pods of before are refused by the API server for up to an hour."""
    deployed.up()
    kubectl = deployed.cluster.kubectl
    multus = ("get", "pods", "-n=kube-system", "-l=app.kubernetes.io/name=multus", "-o=name")
    first = kubectl(*multus)
    kubectl("delete", "serviceaccount", "multinet-multus", "-n=kube-system", "--wait")
    deployed.refresh()
    done = deployed.up()
    assert {operation: count for operation, count in done.items() if operation != "same"} == {
        "create": 1,
        "update": 1,
    }
    assert kubectl(*multus) != first
    proof = sample.run(kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []
    kubectl("delete", "pod", sample.NAME, "--wait")
    assert set(deployed.up()) == {"same"}

"""The demo's apply of rendered manifests: killed at random points, or after something was deleted."""

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
from typing import Any

import pytest

import rig
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

pytestmark = pytest.mark.cluster

ROOT = Path(__file__).resolve().parents[2]
KILLS = 10
_APPLY = (
    "import sys; from pathlib import Path; import rig; from rig.demo import manifests;"
    "manifests.apply(Path(sys.argv[1]), rig.Cluster(sys.argv[2]))"
)


def killed(rendered: Path, cluster: rig.Cluster, after: float) -> None:
    """Apply, and kill kubectl and its caller after some seconds."""
    running = subprocess.Popen(
        [sys.executable, "-c", _APPLY, str(rendered), cluster.name],
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'components'}"},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(after)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()


@contextlib.contextmanager
def rendered(cluster: rig.Cluster, to: Path, **sections: Any) -> Iterator[tuple[Path, list[Path]]]:
    """The demo's environment, rendered, and its manifests in order; whatever was applied goes."""
    manifests.render_environment(
        write_stack_file(to, {**RigCluster().overrides(), **sections}), to / "out"
    )
    files = sorted((to / "out" / "manifests").glob("[0-9]*.yaml"))
    try:
        yield to / "out", files
    finally:
        cluster.kubectl("delete", "pod", sample.NAME, "--ignore-not-found", "--wait")
        for file in reversed(files):
            _delete(cluster, file, "--wait")


def test_an_apply_killed_at_random_points_is_finished_by_the_next_one(
    cluster: rig.Cluster, tmp_path: Path
) -> None:
    with rendered(cluster, tmp_path) as (out, files):
        for _ in range(KILLS):
            killed(out, cluster, random.uniform(0.7, 3.0))
            # Something is missing again, so that the next apply has work wherever it is killed.
            gone = random.choice(files)
            _delete(cluster, gone, "--wait=false")
        # What was deleted may still be going.
        for file in files:
            if "deletionTimestamp" in _read(cluster, file):
                cluster.kubectl("wait", "--for=delete", "--timeout=180s", "-f", str(file))
        manifests.apply(out, cluster)
        proof = sample.run(cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
        assert proof.mismatches == []
        before = [_version(cluster, file) for file in files]
        manifests.apply(out, cluster)
        assert [_version(cluster, file) for file in files] == before


@pytest.mark.parametrize("mode", ["thick", "thin"])
def test_pods_start_when_the_account_was_deleted_and_made_anew(
    cluster: rig.Cluster, tmp_path: Path, mode: str
) -> None:
    """Multus's token is of the account that is no more, and nobody tells its pods."""
    multus = ("get", "pods", "-n=kube-system", "-l=app.kubernetes.io/name=multus", "-o=name")
    with rendered(cluster, tmp_path, multus={"mode": mode}) as (out, files):
        (account,) = [file for file in files if "-serviceaccount-" in file.name]
        manifests.apply(out, cluster)
        first = cluster.kubectl(*multus)
        _delete(cluster, account, "--wait")
        time.sleep(1.0)  # the API server's times are whole seconds
        manifests.apply(out, cluster)
        second = cluster.kubectl(*multus)
        assert second != first
        proof = sample.run(cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
        assert proof.mismatches == []
        manifests.apply(out, cluster)
        assert cluster.kubectl(*multus) == second, "a second run changes nothing"


def _delete(cluster: rig.Cluster, file: Path, how: str) -> None:
    """Delete what is there. Without its CRD a network is gone, which kubectl calls an error."""
    ran = cluster.kubectl_run("delete", "--ignore-not-found", how, "-f", str(file))
    assert ran.returncode == 0 or "ensure CRDs are installed first" in ran.stderr, ran.stderr


def _read(cluster: rig.Cluster, file: Path) -> str:
    return cluster.kubectl("get", "-f", str(file), "-o", "json", check=False)


def _version(cluster: rig.Cluster, file: Path) -> str:
    """Generation, where the kind has one: status changes by itself."""
    path = "jsonpath={.kind}/{.metadata.name} {.metadata.generation}"
    return cluster.kubectl("get", "-f", str(file), "-o", path)

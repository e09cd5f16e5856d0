"""From a cluster without Multus to a pod with net1: the engine, kubectl apply, and who else is had."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rig
from bench.report import Report
from rig.demo import engine, manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.progress import Progress


def run(rounds: int, progress: Progress) -> Report:
    """The same environment by each way in turn; removed in between, which is not counted."""
    ways: dict[str, Callable[[rig.Cluster], float]] = {"kubectl apply of the rendered": _kubectl}
    if not engine.missing():
        ways = {"pulumi up": _engine} | ways
    seconds: dict[str, list[float]] = {}
    cluster = rig.Cluster("bench")
    try:
        cluster.up(progress=progress)
        for i in range(rounds):
            with progress.step(f"start: round {i + 1} of {rounds}"):
                for way, measure in ways.items():
                    seconds.setdefault(way, []).append(measure(cluster))
    finally:
        cluster.down()
    return _report(seconds)


def _engine(cluster: rig.Cluster) -> float:
    with tempfile.TemporaryDirectory() as scratch:
        project = engine.workspace(Path(scratch))
        write_stack_file(project, RigCluster().overrides())
        stack = engine.stack(project, cluster.kubeconfig)
        started = time.monotonic()
        engine.up(stack, lambda _line: None)
        took = _pod(cluster, started)
        stack.destroy(suppress_progress=True)
        return took


def _kubectl(cluster: rig.Cluster) -> float:
    """Rendering is counted: an engine also runs the program."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        file = write_stack_file(Path(scratch), RigCluster().overrides())
        started = time.monotonic()
        manifests.render_environment(file, out)
        manifests.apply(out, cluster.kubectl)
        took = _pod(cluster, started)
        for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
            cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))
        return took


def _pod(cluster: rig.Cluster, started: float) -> float:
    """Seconds since `started` when the sample pod has its net1; the pod is deleted again."""
    proof = sample.run(cluster.kubectl, "192.168.1.200", "192.168.1.216", RigCluster.pod_cidr)
    took = time.monotonic() - started
    if proof.mismatches:
        raise rig.RigError("; ".join(proof.mismatches))
    cluster.kubectl("delete", "pod", sample.NAME, "--wait")
    return took


def _report(seconds: dict[str, list[float]]) -> Report:
    rows = [
        [way, f"{statistics.median(figures):.1f}", f"{min(figures):.1f} - {max(figures):.1f}"]
        for way, figures in seconds.items()
    ]

    def draw(axes: Any) -> None:
        axes.boxplot(list(seconds.values()), tick_labels=list(seconds))
        axes.set_ylabel("seconds")
        axes.set_ylim(bottom=0)

    title = "From no Multus to a pod with net1"
    notes = ["Both wait until Multus is rolled out and counts as ready for 5 s (minReadySeconds)."]
    return Report("start", title, ["way", "median s", "min - max"], rows, seconds, notes, draw)

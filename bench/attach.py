"""How long pods take to be Ready, created at once: without Multus, thick, thin; 1 and 4 networks."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import rig
from bench.report import Report
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.progress import Progress

PODS = 15
NETWORKS = (1, 4)
PROMISED = {1: 1.25, 4: 1.4}
MODES = ("thick", "thin")


def run(rounds: int, progress: Progress) -> Report:
    """Measure every case `rounds` times, in turn, on a cluster of its own."""
    seconds: dict[str, list[float]] = {}
    cluster = rig.Cluster("bench")
    try:
        cluster.up(progress=progress)
        _pods(cluster, 0)  # the first pods also fill caches: not counted
        for i in range(rounds):
            with progress.step(f"round {i + 1} of {rounds}"):
                _round(cluster, seconds)
    finally:
        cluster.down()
    return _report(seconds)


def _round(cluster: rig.Cluster, seconds: dict[str, list[float]]) -> None:
    """Each mode right after a time without Multus: the machine's speed drifts."""
    for mode in MODES:
        seconds.setdefault(f"none before {mode}", []).append(_pods(cluster, 0))
        with tempfile.TemporaryDirectory() as scratch:
            out = _deploy(cluster, mode, Path(scratch))
            _pods(cluster, 1)  # the daemon has just started: not counted
            for count in NETWORKS:
                seconds.setdefault(f"{mode}-{count}", []).append(_pods(cluster, count))
            for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
                cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def _deploy(cluster: rig.Cluster, mode: str, scratch: Path) -> Path:
    """The dev environment with as many networks as are needed, wide enough for every round."""
    networks = {f"bench-{i}": {"config": _config(i)} for i in range(1, max(NETWORKS) + 1)}
    overrides: dict[str, Any] = {
        **RigCluster().overrides(),
        "multus": {"mode": mode},
        "networks": networks,
    }
    out = scratch / "out"
    manifests.render_environment(write_stack_file(scratch, overrides), out)
    manifests.apply(out, cluster.kubectl)
    return out


def _config(i: int) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": f"172.20.{i}.0/24"}
    return {
        "cniVersion": "0.4.0",
        "type": "macvlan",
        "master": "eth0",
        "mode": "bridge",
        "ipam": ipam,
    }


def _pods(cluster: rig.Cluster, networks: int) -> float:
    """Seconds from the first create until the last of PODS pods is Ready; then deletes them."""
    annotation = ",".join(f"bench-{i}" for i in range(1, networks + 1))
    pods = [sample.pod(f"bench-{i}", annotation) for i in range(PODS)]
    for pod in pods:
        pod["metadata"]["labels"] = {"bench": "yes"}
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": pods})
    started = time.monotonic()
    cluster.kubectl("create", "-f", "-", input=listed)
    cluster.kubectl("wait", "--for=condition=Ready", "pods", "-l", "bench=yes", "--timeout=300s")
    took = time.monotonic() - started
    cluster.kubectl("delete", "pods", "-l", "bench=yes", "--wait", "--timeout=300s")
    return took


def _report(seconds: dict[str, list[float]]) -> Report:
    rows, notes = [], []
    for case, figures in seconds.items():
        mode, _, count = case.rpartition("-")
        base = seconds[f"none before {mode}"] if mode else figures
        ratio = statistics.median(a / b for a, b in zip(figures, base, strict=True))
        spread = f"{min(figures):.1f} - {max(figures):.1f}"
        rows.append([case, f"{statistics.median(figures):.1f}", spread, f"{ratio:.2f}"])
        if mode:
            promised = PROMISED[int(count)]
            verdict = "within" if ratio <= promised else "ABOVE"
            notes.append(f"{case}: {ratio:.2f} x the time without Multus, {verdict} {promised} x")

    def draw(axes: Any) -> None:
        axes.boxplot(list(seconds.values()), tick_labels=list(seconds), orientation="vertical")
        axes.set_ylabel("seconds until all are Ready")
        axes.set_ylim(bottom=0)

    title = f"{PODS} pods created at once until Ready (mode-networks)"
    columns = ["case", "median s", "min - max", "ratio to none (median of rounds)"]
    return Report("attach", title, columns, rows, seconds, notes, draw)

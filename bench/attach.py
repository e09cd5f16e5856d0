"""How long 15 pods take to be Ready, created at once: without Multus, thick, thin; 1 to 8 networks."""

from __future__ import annotations

import statistics
from typing import Any

import rig
from bench.pods import deployed, started
from bench.report import Report
from rig.progress import Progress

PODS = 15
NETWORKS = (1, 2, 4, 8)
PROMISED = {1: 1.25, 4: 1.4}
MODES = ("thick", "thin")


def run(rounds: int, progress: Progress) -> Report:
    """Measure every case `rounds` times, in turn, on a cluster of its own."""
    seconds: dict[str, list[float]] = {}
    cluster = rig.Cluster("bench")
    try:
        cluster.up(progress=progress)
        started(cluster, PODS, 0)  # the first pods also fill caches: not counted
        for i in range(rounds):
            with progress.step(f"attach: round {i + 1} of {rounds}"):
                _round(cluster, seconds)
    finally:
        cluster.down()
    return _report(seconds)


def _round(cluster: rig.Cluster, seconds: dict[str, list[float]]) -> None:
    """Each mode right after a time without Multus: the machine's speed drifts."""
    for mode in MODES:
        seconds.setdefault(f"none before {mode}", []).append(started(cluster, PODS, 0))
        with deployed(cluster, max(NETWORKS), mode=mode):
            started(cluster, PODS, 1)  # the daemon has just started: not counted
            for count in NETWORKS:
                seconds.setdefault(f"{mode}-{count}", []).append(started(cluster, PODS, count))


def _report(seconds: dict[str, list[float]]) -> Report:
    rows, notes = [], []
    for case, figures in seconds.items():
        mode, _, count = case.rpartition("-")
        base = seconds[f"none before {mode}"] if mode else figures
        ratio = statistics.median(a / b for a, b in zip(figures, base, strict=True))
        spread = f"{min(figures):.1f} - {max(figures):.1f}"
        rows.append([case, f"{statistics.median(figures):.1f}", spread, f"{ratio:.2f}"])
        promised = PROMISED.get(int(count)) if mode else None
        if promised:
            verdict = "within" if ratio <= promised else "ABOVE"
            notes.append(f"{case}: {ratio:.2f} x the time without Multus, {verdict} {promised} x")

    def draw(axes: Any) -> None:
        axes.boxplot(list(seconds.values()), tick_labels=list(seconds), orientation="vertical")
        axes.tick_params(axis="x", labelrotation=30)
        axes.set_ylabel("seconds until all are Ready")
        axes.set_ylim(bottom=0)

    title = f"{PODS} pods created at once until Ready (mode-networks)"
    columns = ["case", "median s", "min - max", "ratio to none (median of rounds)"]
    return Report("attach", title, columns, rows, seconds, notes, draw)

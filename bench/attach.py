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


def measure(rounds: int, progress: Progress) -> dict[str, list[float]]:
    """Seconds of every case, `rounds` times in turn, on a cluster of its own."""
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
    return seconds


def _round(cluster: rig.Cluster, seconds: dict[str, list[float]]) -> None:
    """Each mode between two times without Multus: the machine's speed drifts."""
    before = started(cluster, PODS, 0)
    for mode in MODES:
        with deployed(cluster, max(NETWORKS), mode=mode):
            started(cluster, PODS, 1)  # the daemon has just started: not counted
            for count in NETWORKS:
                seconds.setdefault(f"{mode}-{count}", []).append(started(cluster, PODS, count))
        after = started(cluster, PODS, 0)
        seconds.setdefault(f"none around {mode}", []).append((before + after) / 2)
        before = after


def report(seconds: dict[str, list[float]]) -> Report:
    """Medians, and ratios to the time without Multus round by round."""
    rows, notes = [], []
    for case, figures in sorted(seconds.items(), key=lambda item: "none" not in item[0]):
        mode, _, count = case.rpartition("-")
        base = seconds[f"none around {mode}"] if mode else figures
        ratio = statistics.median(a / b for a, b in zip(figures, base, strict=True))
        spread = f"{min(figures):.1f} - {max(figures):.1f}"
        rows.append([case, f"{statistics.median(figures):.1f}", spread, f"{ratio:.2f}"])
        promised = PROMISED.get(int(count)) if mode else None
        if promised:
            verdict = "within" if ratio <= promised else "ABOVE"
            notes.append(f"{case}: {ratio:.2f} x the time without Multus, {verdict} {promised} x")

    def draw(axes: Any) -> None:
        for mode, shift in zip(MODES, (-0.04, 0.04), strict=True):
            cases = {0: f"none around {mode}", **{n: f"{mode}-{n}" for n in NETWORKS}}
            of_mode = [seconds[case] for case in cases.values()]
            medians = [statistics.median(figures) for figures in of_mode]
            below = [m - min(figures) for m, figures in zip(medians, of_mode, strict=True)]
            above = [max(figures) - m for m, figures in zip(medians, of_mode, strict=True)]
            # Beside each other, so that one's spread does not hide the other's.
            at = [count + shift for count in cases]
            axes.errorbar(at, medians, (below, above), fmt="o-", capsize=3, label=mode)
        axes.set_xticks([0, *NETWORKS])
        axes.set_xlabel("networks of each pod (0: without Multus); median, least and most")
        axes.set_ylabel("seconds until all are Ready")
        axes.set_ylim(bottom=0)
        axes.legend()

    title = f"{PODS} pods created at once, until all are Ready"
    columns = ["mode-networks", "median s", "min - max", "ratio to none (median of rounds)"]
    return Report("attach", title, columns, rows, notes, draw)

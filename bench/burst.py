"""One pod, 15, and as many as the node holds: without Multus, shipped, and under upstream's limits.

Upstream's DaemonSet limits the daemon to 100m of a CPU and 50 MiB; thick runs the plugins inside
that container (multus-cni v4.3.0, deployments/multus-daemonset-thick.yml).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rig
from bench.pods import deployed, started
from bench.report import Report, plain_scale
from rig.node.cgroups import hierarchies
from rig.progress import Progress

COUNTS = (1, 15, 100)
UPSTREAM = {
    "requests": {"cpu": "100m", "memory": "50Mi"},
    "limits": {"cpu": "100m", "memory": "50Mi"},
}
CASES: dict[str, dict[str, Any]] = {
    "thick": {"mode": "thick"},
    "thin": {"mode": "thin"},
    "thick, upstream's limits": {"mode": "thick", "resources": UPSTREAM},
    "thin, upstream's limits": {"mode": "thin", "resources": UPSTREAM},
}
# Throttled, a hundred pods would take minutes and say no more than fifteen do.
_ONLY_SMALL = "thick, upstream's limits"


def measure(_rounds: int, progress: Progress) -> dict[str, Any]:
    """One network for each pod; each case once, on a cluster of its own."""
    seconds: dict[str, dict[str, float]] = {}
    memory: dict[str, float] = {}
    cluster = rig.Cluster("bench")
    try:
        cluster.up(progress=progress)
        started(cluster, 15, 0)
        with progress.step("burst: without Multus"):
            seconds["no Multus"] = {str(n): started(cluster, n, 0) for n in COUNTS}
        for case, multus in CASES.items():
            counts = COUNTS[:2] if case == _ONLY_SMALL else COUNTS
            with progress.step(f"burst: {case}"), deployed(cluster, 1, **multus):
                seconds[case] = {str(n): started(cluster, n, 1) for n in counts}
                memory[case] = _peak(cluster)
    finally:
        cluster.down()
    return {"seconds": seconds, "memory": memory}


def _peak(cluster: rig.Cluster) -> float:
    """Most memory that Multus's container had at once, in MiB, as its cgroup counted."""
    pods = json.loads(
        cluster.kubectl("get", "pods", "-A", "-l", "app.kubernetes.io/name=multus", "-o", "json")
    )
    (pod,) = pods["items"]
    container = pod["status"]["containerStatuses"][0]["containerID"].rpartition("/")[2]
    for hierarchy in hierarchies():
        for name in ("memory.peak", "memory.max_usage_in_bytes"):
            for found in Path(hierarchy.path).glob(f"**/{container}/{name}"):
                return int(found.read_text()) / 2**20
    return float("nan")


def report(data: dict[str, Any]) -> Report:
    """Seconds by case and number of pods, and the most memory of Multus's container."""
    seconds: dict[str, dict[str, float]] = data["seconds"]
    memory: dict[str, float] = data["memory"]
    rows = []
    for case, figures in seconds.items():
        cells = [f"{figures[str(n)]:.1f}" if str(n) in figures else "-" for n in COUNTS]
        rows.append([case, *cells, f"{memory[case]:.0f}" if case in memory else "-"])

    def draw(axes: Any) -> None:
        for case, figures in seconds.items():
            axes.plot([int(n) for n in figures], list(figures.values()), "o-", label=case)
        plain_scale(axes, COUNTS)
        axes.set_xlabel("pods created at once")
        axes.set_ylabel("seconds until all are Ready")
        axes.legend()

    columns = ["case", *(f"{count} pod{'s' * (count > 1)}, s" for count in COUNTS), "peak MiB"]
    notes = ["Peak: of Multus's container, page cache included; thick's plugins run inside it."]
    return Report("burst", "Pods with one network, created at once", columns, rows, notes, draw)

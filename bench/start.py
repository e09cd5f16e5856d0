"""From a cluster without Multus to a pod with net1, again with nothing new, and off again.

By the engine, by kubectl, and by Kubespray's role where it is at hand (`bench.kubespray`).
"""

from __future__ import annotations

import dataclasses
import functools
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rig
from bench import kubespray, traces
from bench.report import Report
from bench.ways import Engine, Kubectl, Way
from rig.demo import engine, sample
from rig.demo.clusters import RigCluster
from rig.progress import Progress

MODES = ("thick", "thin")
COLUMNS = ["way", "first s", "min - max", "second s", "changes", "left", "pods start"]

_ALONE = "alone"
_MULTUS_IS_FIRST = "until ls /etc/cni/net.d/00-multus.conf*; do sleep 0.1; done"

Make = Callable[[rig.Cluster, Path], Way]


@dataclasses.dataclass
class Figures:
    """Of one way, a value for each round.

    Attributes:
        first: seconds from no Multus to a pod with net1.
        second: seconds of the same once more, without a pod.
        changed: objects and files that the second run changed.
        said: what the tool said that its second run changed.
        left: files on the node after the removal that were not there before.
        alone: whether, with these left, a pod that asks for no network starts.
    """

    first: list[float] = dataclasses.field(default_factory=list)
    second: list[float] = dataclasses.field(default_factory=list)
    changed: list[list[str]] = dataclasses.field(default_factory=list)
    said: list[str] = dataclasses.field(default_factory=list)
    left: list[list[str]] = dataclasses.field(default_factory=list)
    alone: list[bool] = dataclasses.field(default_factory=list)


def ways() -> dict[str, Make]:
    """Every way that this machine has. Kubespray's Multus is thin, so both of ours are measured."""
    found: dict[str, Make] = {}
    for mode in MODES:
        if not engine.lacking():
            found[f"pulumi up, {mode}"] = functools.partial(_ours, Engine, mode)
        found[f"kubectl apply, {mode}"] = functools.partial(_ours, Kubectl, mode)
    if not kubespray.lacking():
        found["Kubespray, thin"] = kubespray.Kubespray
    return found


def measure(rounds: int, progress: Progress) -> dict[str, Any]:
    """The same environment by each way in turn; each begins on a node without a trace of Multus."""
    figures: dict[str, Figures] = {}
    cluster = rig.Cluster("bench")
    try:
        cluster.up(progress=progress)
        for i in range(rounds):
            for name, make in ways().items():
                with progress.step(f"start: round {i + 1} of {rounds}, {name}"):
                    _measure(cluster, make, figures.setdefault(name, Figures()))
    finally:
        cluster.down()
    return {
        "ways": {way: dataclasses.asdict(seen) for way, seen in figures.items()},
        "kubespray": {"lacking": kubespray.lacking(), "release": kubespray.release()},
    }


def _ours(kind: type[Engine] | type[Kubectl], mode: str, cluster: rig.Cluster, at: Path) -> Way:
    return kind(cluster, mode, at)


def _measure(cluster: rig.Cluster, make: Make, figures: Figures) -> None:
    """One round of one way. Its files are in the rig's state, which the node sees as well."""
    with tempfile.TemporaryDirectory(dir=cluster.state_dir) as scratch:
        way = make(cluster, Path(scratch))
        before = traces.files(cluster)
        started = time.monotonic()
        way.up()
        figures.first.append(_pod(cluster, started))
        seen = traces.objects(cluster) | traces.files(cluster)
        started = time.monotonic()
        figures.said.append(way.up())
        figures.second.append(time.monotonic() - started)
        now = traces.objects(cluster) | traces.files(cluster)
        figures.changed.append(traces.differing(seen, now))
        way.down()
    left = sorted(traces.files(cluster).keys() - before.keys())
    figures.left.append(left)
    figures.alone.append(_starts_alone(cluster))
    if left:
        cluster.node_run(["rm", "-rf", "--", *left])
    cluster.kubectl("delete", "pod", _ALONE, "--wait")


def _pod(cluster: rig.Cluster, started: float) -> float:
    """Seconds since `started` when the sample pod has its net1; the pod is deleted again.

    Rolled out is not yet in force: a pod that starts before Multus has written its configuration
    gets no net1 at all.
    """
    cluster.node_run(["timeout", "120", "sh", "-c", _MULTUS_IS_FIRST])
    proof = sample.run(cluster.kubectl, "192.168.1.200", "192.168.1.216", RigCluster.pod_cidr)
    took = time.monotonic() - started
    if proof.mismatches:
        raise rig.RigError("; ".join(proof.mismatches))
    cluster.kubectl("delete", "pod", sample.NAME, "--wait")
    return took


def _starts_alone(cluster: rig.Cluster) -> bool:
    """Whether a pod without further networks is Ready in 20 s; it is left there."""
    cluster.kubectl("apply", "-f", "-", input=json.dumps(sample.pod(_ALONE, networks="")))
    wait = ("wait", f"pod/{_ALONE}", "--for=condition=Ready", "--timeout=20s")
    return cluster.kubectl_run(*wait).returncode == 0


def report(data: dict[str, Any]) -> Report:
    """The table: seconds as medians of the rounds, changes and leavings as the last round had."""
    figures = {way: Figures(**seen) for way, seen in data["ways"].items()}
    rows = [
        [
            way,
            f"{statistics.median(seen.first):.1f}",
            f"{min(seen.first):.1f} - {max(seen.first):.1f}",
            f"{statistics.median(seen.second):.1f}",
            str(len(seen.changed[-1])),
            str(len(seen.left[-1])),
            "yes" if all(seen.alone) else "NO",
        ]
        for way, seen in figures.items()
    ]

    def draw(axes: Any) -> None:
        axes.boxplot([seen.first for seen in figures.values()], tick_labels=list(figures))
        axes.tick_params(axis="x", labelrotation=20)
        axes.set_ylabel("seconds until net1")
        axes.set_ylim(bottom=0)

    title = "From no Multus to a pod with net1, again unchanged, and off again"
    return Report("start", title, COLUMNS, rows, _notes(figures, **data["kubespray"]), draw)


def _notes(figures: dict[str, Figures], lacking: list[str], release: str) -> list[str]:
    notes = [
        "First: median seconds until net1. Second: the same again, given nothing new; how many "
        "objects and files that changes. Left: files on the node after removal; whether pods start "
        "with them.",
        "Ours wait until Multus is rolled out and has held for a while: thick 2 s, thin 5 s.",
        "pulumi up with the node's steps, which take back what Multus leaves. Some 3 s of each run"
        " are the engine's, its plugins' and Python's: a bare program takes them too (pulumi up of"
        " many networks, 10).",
        "kubectl apply of the rendered manifests, deleted again, without the node's steps.",
    ]
    if lacking:
        notes.append(f"Kubespray's role is left out: {'; '.join(lacking)}.")
    else:
        notes.append(
            f"Kubespray {release}: its role {kubespray.ROLE} alone, which also unpacks "
            "the reference plugins; all its manifests deleted, since it has no removal."
        )
    for way, seen in figures.items():
        notes.append(f"{way}: the second run said: {seen.said[-1]}")
        notes += [f"{way}: {len(x)} changed: {', '.join(x)}" for x in seen.changed[-1:] if x]
        notes += [f"{way}: {len(x)} left: {', '.join(x)}" for x in seen.left[-1:] if x]
    return notes

"""100 pods on two nodes, created at once: a block for each node, plain host-local, whereabouts.

All on macvlan on one link, in one environment, in turn; those without Multus before it came. Plain
host-local gives the same addresses on both nodes, so it is what handing out costs and no way out.
whereabouts is the add-on's, plain and with node slices, which let each node hand out a part.
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

import rig
from bench.pods import applied, timed
from bench.report import Report
from multinet.versions import KUBECTL, KUBECTL_IMAGE
from rig import parts
from rig.demo import sample
from rig.images import whereabouts
from rig.images.catalog import kubectl
from rig.images.oci import write_archive
from rig.progress import Progress

PODS = 100
NETWORKS = (1, 4, 8)
NONE = "no Multus"
PLAIN, BLOCKS, WHEREABOUTS, SLICES = "host-local", "blocks", "whereabouts", "whereabouts, slices"
WAYS = {PLAIN: "plain", BLOCKS: "blocks", WHEREABOUTS: "whereabouts", SLICES: "slices"}
"""Ways of handing out → how their networks are called."""
_SLICES_IN = "kube-system"
PROMISED = 1.1
"""Times plain host-local, of blocks."""


def measure(rounds: int, progress: Progress) -> dict[str, list[float]]:
    """Seconds of every way and number of networks, `rounds` times in turn."""
    seconds: dict[str, list[float]] = {}
    cluster = rig.Cluster("bench")
    try:
        cluster.up(progress=progress)
        second = cluster.join(progress=progress)
        _load(cluster)
        nodes = ("rig", second.name)
        timed(cluster, _pods("", 0, nodes, 15))  # fills caches: not counted
        with progress.step("ipam: without Multus"):
            seconds[f"{NONE}-0"] = [
                timed(cluster, _pods("", 0, nodes, PODS)) for _ in range(rounds)
            ]
        sections = {"networks": _networks(), "addons": {"whereabouts": True}}
        with applied(cluster, sections):
            for way in WAYS:  # as well; and slices are cut by then
                timed(cluster, _pods(way, max(NETWORKS), nodes, 4))
            for i in range(rounds):
                with progress.step(f"ipam: round {i + 1} of {rounds}"):
                    for count in NETWORKS:
                        for way in WAYS:
                            took = timed(cluster, _pods(way, count, nodes, PODS))
                            seconds.setdefault(f"{way}-{count}", []).append(took)
    finally:
        cluster.down()
    return seconds


def _load(cluster: rig.Cluster) -> None:
    """Images that a registry would have."""
    cluster.load_image(whereabouts.archive(Progress(quiet=True)))
    with tempfile.TemporaryDirectory() as scratch:
        archive = Path(scratch) / "kubectl.tar"
        write_archive(archive, KUBECTL_IMAGE.at(KUBECTL), kubectl(parts.ensure("kubernetes")))
        cluster.load_image(archive)


def _networks() -> dict[str, Any]:
    """Of each way as many as a pod is on; each network with a range of its own."""
    return {
        f"{called}-{i}": _network(way, f"{called}-{i}", f"172.{20 + w}.{16 * (i - 1)}.0/20")
        for w, (way, called) in enumerate(WAYS.items())
        for i in range(1, max(NETWORKS) + 1)
    }


def _network(way: str, name: str, subnet: str) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": subnet}
    more: dict[str, Any] = {"perNode": {"blockSize": 24}} if way == BLOCKS else {}
    if way in (WHEREABOUTS, SLICES):
        ipam = {"type": "whereabouts", "range": subnet}
    if way == SLICES:
        # In whereabouts' own namespace: elsewhere the garbage collector deletes the slices.
        ipam |= {"node_slice_size": "/24", "network_name": name}
        more = {"namespace": _SLICES_IN}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam}
    return {"config": config, **more}


def _pods(way: str, networks: int, nodes: tuple[str, ...], count: int) -> list[dict[str, Any]]:
    within = f"{_SLICES_IN}/" if way == SLICES else ""
    annotation = ",".join(f"{within}{WAYS[way]}-{i}" for i in range(1, networks + 1))
    made = [sample.pod(f"bench-{i}", annotation) for i in range(count)]
    for i, pod in enumerate(made):
        pod["spec"]["nodeName"] = nodes[i % len(nodes)]
    return made


def report(seconds: dict[str, list[float]]) -> Report:
    """Medians, and ratios to plain host-local round by round."""
    rows, notes = [], []
    for case, figures in seconds.items():
        way, _, count = case.rpartition("-")
        base = seconds.get(f"{PLAIN}-{count}", seconds[f"{PLAIN}-{min(NETWORKS)}"])
        ratio = statistics.median(a / b for a, b in zip(figures, base, strict=True))
        spread = f"{min(figures):.1f} - {max(figures):.1f}"
        rows.append([way, count, f"{statistics.median(figures):.1f}", spread, f"{ratio:.2f}"])
        if way == BLOCKS:
            verdict = "within" if ratio <= PROMISED else "ABOVE"
            notes.append(
                f"networks {count}: {ratio:.2f} x plain host-local, {verdict} {PROMISED} x"
            )

    def draw(axes: Any) -> None:
        width = 0.2
        for w, way in enumerate(WAYS):
            medians = [statistics.median(seconds[f"{way}-{count}"]) for count in NETWORKS]
            axes.bar(
                [i + (w - 1.5) * width for i in range(len(NETWORKS))], medians, width, label=way
            )
        axes.set_xticks(range(len(NETWORKS)), [str(count) for count in NETWORKS])
        axes.set_xlabel("networks of each pod")
        axes.set_ylabel("seconds until all are Ready")
        axes.legend()

    notes += [_of_whereabouts(seconds, way) for way in (WHEREABOUTS, SLICES)]
    columns = ["IPAM", "networks", "median s", "min - max", "ratio to host-local (of rounds)"]
    title = f"{PODS} pods on two nodes, by who hands out addresses"
    return Report("ipam", title, columns, rows, notes, draw)


def _of_whereabouts(seconds: dict[str, list[float]], way: str) -> str:
    """What it means for users: how many addresses a minute the cluster hands out."""
    count = max(NETWORKS)
    took = statistics.median(seconds[f"{way}-{count}"])
    rate = PODS * count / took * 60
    return f"{way}: {rate:.0f} addresses a minute in the whole cluster, with {count} networks"

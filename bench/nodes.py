"""Validation, checks and rendering of up to 1,000 nodes with 100 networks of blocks.

Every network gives each node a block of its own; on one node in a hundred its parent has another
name. The nodes are declared, so each has a step of its own.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.report import Report, plain_scale
from rig.progress import Progress

ROOT = Path(__file__).resolve().parents[1]
NETWORKS = 100
NODES = (10, 100, 1_000)
WORK = ("validate", "checks", "render")

Figures = dict[str, dict[str, float]]
"""Nodes → piece of work → seconds of processor time."""


def environment(nodes: int, networks: int = NETWORKS) -> dict[str, Any]:
    """A configuration of that many nodes and networks, which overlap nowhere."""
    names = [f"worker-{i}" for i in range(nodes)]
    other = {name: {"master": "ens5"} for name in names[::100]}
    made = {
        f"net-{i}": {
            "config": {
                "cniVersion": "1.0.0",
                "type": "macvlan",
                "master": f"eth{i}",
                "ipam": {"type": "host-local", "subnet": f"11.{i}.0.0/16"},
            },
            # The last link that is called otherwise is shared by none.
            "perNode": {"blockSize": 26, "nodes": other if i == 0 else {}},
        }
        for i in range(networks)
    }
    return {
        "primaryCni": {"plugin": "existing", "confFile": "10-x.conflist"},
        "networks": made,
        "nodes": {
            name: {"host": f"192.0.{i // 250}.{i % 250 + 1}"} for i, name in enumerate(names)
        },
    }


def measure(_rounds: int, progress: Progress) -> Figures:
    """Each figure in a process of its own: processor seconds without imports."""
    figures: Figures = {}
    for size in NODES:
        with progress.step(f"{size} nodes"):
            figures[str(size)] = {work: _measured(work, size) for work in WORK}
    return figures


def _measured(work: str, size: int) -> float:
    command = [sys.executable, "-m", "bench.nodes", work, str(size)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(ran.stdout.splitlines()[-1])


def seconds(work: str, nodes: int, networks: int = NETWORKS) -> float:
    """In this process: processor seconds of one piece of work."""
    do = _prepared(work, environment(nodes, networks))
    started = time.process_time()
    do()
    return time.process_time() - started


def _prepared(work: str, config: dict[str, Any]) -> Callable[[], object]:
    import multinet.environment  # noqa: F401 (imports are not what is measured)
    from multinet import render
    from multinet.names import PROJECT
    from multinet.stack.across import check_across
    from multinet.stack.load import check_config
    from multinet.stack.settings import StackSettings

    if work == "validate":
        return lambda: check_config(config)
    if work == "checks":
        settings = StackSettings.model_validate(config, by_alias=True, by_name=False)
        return lambda: check_across(settings, [])
    return lambda: render.run(ROOT / "__main__.py", PROJECT, "bench", config)


def report(figures: Figures) -> Report:
    """Times, and how each grows."""
    rows = [[size, *(f"{of[work]:.2f}" for work in WORK)] for size, of in figures.items()]
    notes = [
        f"{NETWORKS} networks, a block of each for every node.",
        "validate: types and checks. checks: those across networks alone. render: the whole program.",
        *(
            f"{work} grows as n^{_exponent(figures, work):.2f} from 100 nodes to 1,000"
            for work in WORK
        ),
    ]

    def draw(axes: Any) -> None:
        for work in WORK:
            axes.plot(NODES, [figures[str(n)][work] for n in NODES], "o-", label=work)
        plain_scale(axes, NODES)
        axes.set_xlabel("nodes")
        axes.set_ylabel("seconds")
        axes.legend()

    columns = ["nodes", *(f"{work} s" for work in WORK)]
    return Report("nodes", "Environments of many nodes with blocks", columns, rows, notes, draw)


def _exponent(figures: Figures, work: str) -> float:
    return math.log10(figures["1000"][work] / figures["100"][work])


if __name__ == "__main__":
    print(json.dumps(seconds(sys.argv[1], int(sys.argv[2]))))

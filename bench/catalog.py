"""The benchmarks by name, in the order in which they run and are shown."""

from __future__ import annotations

from typing import Any, Protocol

import rig
from bench import attach, burst, engine, ipam, nodes, scale, start
from bench.report import Report
from rig.demo import engine as deploy


class Benchmark(Protocol):
    """A module that measures something, and shows what it measured."""

    def measure(self, rounds: int, progress: rig.Progress, /) -> Any:
        """The figures, JSON-able; `rounds` where a median is shown."""
        ...

    def report(self, data: Any, /) -> Report:
        """Table, notes and plot of what `measure` returned."""
        ...


BENCHMARKS: dict[str, Benchmark] = {
    "scale": scale,
    "nodes": nodes,
    "start": start,
    "attach": attach,
    "burst": burst,
    "ipam": ipam,
    "engine": engine,
}


def lacking(name: str) -> list[str]:
    """What this machine lacks for a benchmark; empty where it can run."""
    if name in ("scale", "nodes"):
        return []
    plugins = deploy.lacking()
    return rig.can_run() + (plugins if name == "engine" else [])

"""The tiers: which tests this machine can run, and what is said about those it cannot."""

from __future__ import annotations

import contextlib
import functools
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

import rig
from rig.demo import engine
from tests import orphans

# How long a case takes says how busy the machine is.
hypothesis.settings.register_profile("multinet", deadline=None)
hypothesis.settings.load_profile("multinet")

_WORKER = "PYTEST_XDIST_WORKER"
_Rig = TypeVar("_Rig", bound=rig.ControlPlane)

ROOT = Path(__file__).resolve().parents[1]
TIERS = ("unit", "cluster", "engine")
_SHARES = "shared_cluster"
ONE_WORKER = ("/shared_node", "/ssh")
"""Directories whose tests are not spread over workers."""


@functools.cache
def _lacking(tier: str) -> list[str]:
    """What this machine lacks for a tier; empty where it can run."""
    cluster = rig.can_run() if tier in ("cluster", "engine") else []
    plugins = engine.lacking() if tier == "engine" else []
    return cluster + plugins


def tier_of(item: pytest.Item) -> str:
    """A test's tier, by its markers: the most demanding one."""
    marked = {mark.name for mark in item.iter_markers()}
    return "engine" if "engine" in marked else "cluster" if "cluster" in marked else "unit"


def scope_of(nodeid: str) -> str:
    """What stays with one worker, in its order, where several share the work.

    A module, or a directory whose modules share a node, or look at the same machine.
    """
    module = nodeid.partition("::")[0]
    directory = module.rpartition("/")[0]
    return directory if directory.endswith(ONE_WORKER) else module


class ByNode(LoadScopeScheduling):
    """Hands out tests by their scope."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Ours for `--dist loadscope`; for others xdist's own."""
    return ByNode(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what cannot run here, with the reason; quick tiers first, in each its long scopes, and
    last those that share a node.

    What takes many minutes is left out, unless `-m long` or the like asks for it.
    """
    long = [item for item in items if item.get_closest_marker("long")]
    if long and "long" not in (config.option.markexpr or ""):
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    first = {scope_of(item.nodeid) for item in long}
    # Nodes are started least often where those who share one come together.
    share = {
        scope_of(item.nodeid) for item in items if _SHARES in getattr(item, "fixturenames", ())
    }
    items.sort(
        key=lambda item: (
            TIERS.index(tier_of(item)),
            scope_of(item.nodeid) not in first,
            scope_of(item.nodeid) in share,
        )
    )
    for item in items:
        if lacking := _lacking(tier_of(item)):
            item.add_marker(pytest.mark.skip(reason="; ".join(lacking)))
    rigs = any(tier_of(item) != "unit" for item in items)
    # One of the workers that share a run.
    if rigs and not config.option.collectonly and os.environ.get(_WORKER, "gw0") == "gw0":
        orphans.take_down()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say per tier how many tests ran, and why one was left out."""
    counts = {tier: Counter[str]() for tier in TIERS}
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminalreporter.stats.get(outcome, []):
            tier = next(
                (t for t in ("engine", "cluster") if t in getattr(report, "keywords", ())), "unit"
            )
            counts[tier][outcome] += 1
    terminalreporter.section("tiers")
    for tier, outcomes in counts.items():
        if not outcomes:
            terminalreporter.line(f"{tier}: not selected")
        elif lacking := _lacking(tier):
            terminalreporter.line(f"{tier}: LEFT OUT, {'; '.join(lacking)}")
        else:
            said = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
            terminalreporter.line(f"{tier}: ran, {said}")


@pytest.fixture(scope="session")
def project() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture
def no_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unit tests render no charts: whether helm is on the machine must not matter."""
    monkeypatch.setenv("MULTINET_HELM", "/nonexistent/helm")


def _name(kind: str) -> str:
    """A rig of this run alone: several runs may go on at once on one machine."""
    return f"{kind}-{os.getpid()}"


@contextlib.contextmanager
def _started(kind: str, make: Callable[[str], _Rig]) -> Iterator[_Rig]:
    """A rig while it is needed; nothing of it is left."""
    node = make(_name(kind))
    try:
        node.up(progress=rig.Progress())
        yield node
    finally:
        node.down()


_shared: list[rig.Cluster] = []
"""This worker's shared cluster, while it has one."""


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Without this worker's shared cluster, which starts anew for the next module that needs it.

    A node takes some fifteen inotify instances, a machine has 128 for all its workers, and a
    containerd that gets none starts without its CRI.
    """
    for node in _shared:
        node.down()
    yield


@pytest.fixture(scope="session")
def shared_cluster() -> Iterator[rig.Cluster]:
    """It may rest: ask for `cluster`, or bring it up."""
    with _started("tests", rig.Cluster) as node:
        _shared.append(node)
        yield node
        _shared.clear()


@pytest.fixture(scope="module")
def cluster(shared_cluster: rig.Cluster) -> rig.Cluster:
    """A real cluster of one node, shared by the tests of a run."""
    shared_cluster.up(progress=rig.Progress())
    return shared_cluster


@pytest.fixture(scope="module")
def fresh_cluster() -> Iterator[rig.Cluster]:
    """A real cluster of one node for one module's tests: nothing was ever installed on its node."""
    with alone(), _started("fresh", rig.Cluster) as node:
        yield node


@pytest.fixture(scope="module")
def two_nodes() -> Iterator[tuple[rig.Cluster, rig.FurtherNode]]:
    """A real cluster of two nodes on one LAN, for one module's tests; the first, the second."""
    with alone(), _started("two", rig.Cluster) as first:
        yield first, first.join(progress=rig.Progress())


@pytest.fixture(scope="session")
def api_server() -> Iterator[rig.ControlPlane]:
    """A real, bare API server, shared by the tests of a run."""
    with _started("tests-api", rig.ControlPlane) as control_plane:
        yield control_plane


@pytest.fixture
def fresh_api_server() -> Iterator[rig.ControlPlane]:
    """The same for one test, where cleaning up would take longer than starting."""
    with _started("fresh-api", rig.ControlPlane) as control_plane:
        yield control_plane

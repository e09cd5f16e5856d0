"""Rigs of these tests' own: they stop, kill and restart what other tests share.

Names hold the id of the test process, so that two runs on one machine never meet; what a killed
run left is removed by the next one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from rig.paths import state_root
from tests.conftest import alone

_PREFIX = "rigtest"


@pytest.fixture(scope="session", autouse=True)
def _leftovers() -> None:
    """Take down what runs that are gone have left."""
    for path in state_root().glob(f"{_PREFIX}-*"):
        found = re.match(rf"{_PREFIX}-(\d+)-", path.name)
        if found and not Path(f"/proc/{found.group(1)}").exists():
            rig.Cluster(path.name).down()


@pytest.fixture(scope="module", autouse=True)
def _alone() -> Iterator[None]:
    """These start many nodes of their own."""
    with alone():
        yield


def own_name(purpose: str) -> str:
    """A name that no other run uses."""
    return f"{_PREFIX}-{os.getpid()}-{purpose}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[rig.Cluster]:
    """A running cluster, shared by a module's tests."""
    node = rig.Cluster(own_name("shared"))
    try:
        node.up(progress=rig.Progress())
        yield node
    finally:
        node.down()


@pytest.fixture
def own() -> Iterator[rig.Cluster]:
    """A cluster that the test starts and may break."""
    node = rig.Cluster(own_name("own"))
    yield node
    node.down()


@pytest.fixture
def own_api() -> Iterator[rig.ControlPlane]:
    """The same, of a bare API server."""
    control_plane = rig.ControlPlane(own_name("api"))
    yield control_plane
    control_plane.down()

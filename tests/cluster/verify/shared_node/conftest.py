"""The dev environment, deployed once for all of these modules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import rig
from tests.cluster import verifying
from tests.cluster.verifying import Environment


@pytest.fixture(scope="package")
def dev(
    shared_cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Environment]:
    """The dev environment on the node."""
    shared_cluster.up(progress=rig.Progress())
    with verifying.deployed(shared_cluster, tmp_path_factory.mktemp("verify")) as found:
        yield found

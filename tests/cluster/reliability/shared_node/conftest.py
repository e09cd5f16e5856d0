"""One node for all of these modules, which break nothing for good, and Multus on it in each mode."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

import rig
from tests.cluster.reliability.site import LEAVINGS, RUNNING, Site


@pytest.fixture(scope="package")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A node for the modules that break nothing for good; no other tests have used it."""
    node = rig.Cluster(f"faults-{os.getpid()}")
    try:
        node.up(progress=rig.Progress())
        yield Site(node, tmp_path_factory.mktemp("shared"))
    finally:
        node.down()


@pytest.fixture(scope="package", params=["thick", "thin"])
def deployed(request: pytest.FixtureRequest, shared_site: Site) -> Iterator[Site]:
    """Multus in each mode, deployed once for every test that asks, and pods that keep running."""
    site = shared_site
    site.cluster.node_run(["rm", "-rf", *LEAVINGS])
    site.mode = request.param
    site.deploy(site.mode)
    assert site.start(RUNNING) == set(RUNNING)
    yield site
    site.clear()
    site.remove()

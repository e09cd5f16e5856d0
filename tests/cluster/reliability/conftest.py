"""The node that faults are tried on, Multus on it, and an older Multus to upgrade from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from rig.images import MULTUS_REPOSITORY, multus_thick, multus_thin, write_archive
from rig.parts import Parts, ensure, version_of
from tests.cluster.reliability.site import LEAVINGS, RUNNING, Site

PREVIOUS = "multus-previous"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes many minutes, unless `-m long` or the like asks for it."""
    if "long" in (config.option.markexpr or ""):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="module")
def site(fresh_cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A node of the module's own."""
    return Site(fresh_cluster, tmp_path_factory.mktemp("site"))


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


@pytest.fixture(scope="module")
def previous(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An older release of Multus on the node: mode → its image."""
    older = Parts({"multus": ensure(PREVIOUS).directory(PREVIOUS)})
    tag = f"{MULTUS_REPOSITORY}:{version_of(PREVIOUS)}"
    images = {"thin": (tag, multus_thin), "thick": (f"{tag}-thick", multus_thick)}
    directory: Path = tmp_path_factory.mktemp("previous")
    for mode, (reference, recipe) in images.items():
        write_archive(directory / f"{mode}.tar", reference, recipe(older))
        site.cluster.load_image(directory / f"{mode}.tar")
    return {mode: reference for mode, (reference, _recipe) in images.items()}

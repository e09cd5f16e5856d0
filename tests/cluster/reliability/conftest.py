"""A node of a module's own that faults are tried on, and an older Multus to upgrade from."""

from __future__ import annotations

from pathlib import Path

import pytest

import rig
from rig.images import MULTUS_REPOSITORY, multus_thick, multus_thin, write_archive
from rig.parts import Parts, ensure, version_of
from tests.cluster.reliability.site import Site

PREVIOUS = "multus-previous"


@pytest.fixture(scope="module")
def site(fresh_cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A node of the module's own."""
    return Site(fresh_cluster, tmp_path_factory.mktemp("site"))


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

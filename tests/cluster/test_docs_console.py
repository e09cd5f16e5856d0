"""What the pages show of a cluster is what a real one shows, page by page from top to bottom."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from docs import console, transcripts
from rig.demo import manifests
from rig.demo.clusters import RigCluster
from rig.demo.environment import ACCEPTED, write_stack_file

pytestmark = pytest.mark.cluster

ID = {"ids": lambda page: str(page.relative_to(console.PROJECT))}


def _pages(*, on_dev: bool) -> list[Path]:
    """The pages with blocks of a cluster, with or without the dev environment on it."""
    return [
        page
        for page in console.PAGES
        if any(b.kind == "cluster" and b.on_dev is on_dev for b in transcripts.blocks(page))
    ]


@pytest.fixture(scope="module")
def dev(fresh_cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dev environment on the rig, taken off again; its stack file's text."""
    directory = tmp_path_factory.mktemp("dev")
    file = write_stack_file(directory, {**RigCluster().overrides(), **ACCEPTED})
    manifests.render_environment(file, directory / "out")
    manifests.apply(directory / "out", fresh_cluster)
    yield file.read_text(encoding="utf-8")
    for path in sorted((directory / "out" / "manifests").glob("[0-9]*.yaml"), reverse=True):
        fresh_cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def _differences(page: Path, cluster: rig.Cluster, **files: str) -> str:
    kubectl = rig.parts.ensure("kubernetes").binary("kubectl")
    environment = {
        "KUBECONFIG": str(cluster.kubeconfig),
        "PATH": f"{Path(sys.executable).parent}:{kubectl.parent}:{os.environ['PATH']}",
    }
    found = console.differences(page, ("cluster",), environment, console.ON_RIG, files)
    return "\n\n".join(map(str, found))


# Without it first: a page that brings up an environment takes it down again.
@pytest.mark.parametrize("page", _pages(on_dev=False), **ID)
def test_a_page_shows_what_a_cluster_shows(fresh_cluster: rig.Cluster, page: Path) -> None:
    assert not _differences(page, fresh_cluster)


@pytest.mark.parametrize("page", _pages(on_dev=True), **ID)
def test_a_page_shows_what_the_dev_environment_shows(
    fresh_cluster: rig.Cluster, dev: str, page: Path
) -> None:
    assert not _differences(page, fresh_cluster, **{"Pulumi.dev.yaml": dev})


def test_there_are_pages_of_both() -> None:
    assert "tutorial" in {page.stem for page in _pages(on_dev=False)}
    assert "verify" in {page.stem for page in _pages(on_dev=True)}

"""What the pages show of a cluster is what a real one shows, page by page from top to bottom."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import rig
from docs import console

pytestmark = pytest.mark.cluster

PAGES = [p for p in console.PAGES if any(b.kind == "cluster" for b in console.blocks(p))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_a_cluster_shows(fresh_cluster: rig.Cluster, page: Path) -> None:
    kubectl = rig.parts.ensure("kubernetes").binary("kubectl")
    environment = {
        "KUBECONFIG": str(fresh_cluster.kubeconfig),
        "PATH": f"{kubectl.parent}:{os.environ['PATH']}",
    }

    found = list(console.differences(page, ("cluster",), environment, console.ON_RIG))

    assert not found, "\n\n".join(map(str, found))


def test_there_are_pages_of_a_cluster() -> None:
    assert "tutorial" in {page.stem for page in PAGES}

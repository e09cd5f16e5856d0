"""Clusters that `multinet verify` is called on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.verify import pods
from tests.unit.live.recorded import serving
from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, Working

NODES = ("n1", "n2")


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe that does not pass is not waited for."""
    monkeypatch.setattr(pods, "_PROBED_WITHIN", 0.2)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serve]:
    """A cluster with these networks, and the stack file that declares them."""
    with contextlib.ExitStack() as stack:

        def serve(
            networks: dict[str, Any], *nodes: dict[str, Any], **sections: Any
        ) -> tuple[Working, str]:
            there = nodes or tuple(c.node(name) for name in NODES)
            cluster = Working(*there, networks=networks)
            stack.enter_context(serving(cluster, tmp_path))
            return cluster, str(c.stack_file(tmp_path, networks, **sections))

        yield serve

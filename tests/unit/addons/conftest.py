"""What tests of more than one add-on share."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.addons.nodes import SHELLS, Node


@pytest.fixture(params=SHELLS)
def node(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Node]:
    made = Node(tmp_path, request.param)
    yield made
    for pod in made.pods:
        if pod.process.poll() is None:
            pod.end(signal.SIGKILL)

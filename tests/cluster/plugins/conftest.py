"""The node that the tests of real plugins share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cluster.plugins.node import Node


@pytest.fixture(scope="session")
def node() -> Iterator[Node]:
    """A node with the real plugins, in namespaces of its own."""
    with Node() as started:
        yield started

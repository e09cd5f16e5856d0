"""A browser for the map's page, and pages to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import browser
from tests.unit.map import environments as e


@pytest.fixture(scope="package")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """Left out, with the reason, where there is none and it cannot be installed."""
    if lacking := browser.lacking():
        pytest.skip(lacking)
    with browser.running(tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture(scope="package")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of three networks, live."""
    directory = tmp_path_factory.mktemp("few")
    out = directory / "map.html"
    with e.few_live(directory) as (cluster, file):
        assert cluster.run("map", "-f", file, "-o", str(out)).exit_code == 0
    return out


@pytest.fixture(scope="package")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The map of a thousand, live."""
    directory = tmp_path_factory.mktemp("thousand")
    out = directory / "map.html"
    with e.thousand_live(directory) as (cluster, file):
        assert cluster.run("map", "-f", file, "-o", str(out)).exit_code == 0
    return out

"""Tokens of ten minutes, and Multus at work after the first one has ended. Takes eleven minutes."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from tests.cluster.reliability.shared_node.test_outage import (
    LIFETIME,
    claims,
    short_lived,
    token_on_node,
)
from tests.cluster.reliability.site import Site

pytestmark = [pytest.mark.cluster, pytest.mark.long]


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[dict[str, Site]]:
    """Both modes, each on a node of its own, so that the time passes once."""
    with contextlib.ExitStack() as stack:
        found = {}
        for mode in ("thick", "thin"):
            cluster = rig.Cluster(f"tests-token-{mode}-{os.getpid()}")
            stack.callback(cluster.down)
            cluster.up()
            found[mode] = Site(cluster, tmp_path / mode)
            found[mode].mode = mode
            found[mode].deploy(mode, edit=short_lived)
        yield found


def test_pods_get_their_networks_when_the_first_token_has_ended(sites: dict[str, Site]) -> None:
    first = claims(token_on_node(sites["thin"]))
    assert first["exp"] - first["iat"] == LIFETIME
    for site in sites.values():
        assert site.start(["before"]) == {"before"}
    # The informers of thick's daemon have used it, too, and 60 s are what a clock may be off.
    time.sleep(LIFETIME + 75)
    second = claims(token_on_node(sites["thin"]))
    print(f"thin: renewed {second['iat'] - first['iat']} s after the first one was given")
    assert time.time() > first["exp"]
    assert second["exp"] > time.time()
    for site in sites.values():
        assert site.start(["after"]) == {"after"}
        (multus,) = site.multus()
        assert multus["status"]["containerStatuses"][0]["restartCount"] == 0
        site.clear()
        site.until(lambda site=site: site.reserved() == set(), "addresses were not freed")

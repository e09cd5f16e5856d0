"""Tokens of ten minutes, and what works with them after the first one has ended: Multus in both
modes, and whereabouts by its add-on. Takes twelve minutes."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rig
from tests.cluster.reliability.shared_node.test_outage import (
    LIFETIME,
    claims,
    short_lived,
    token_on_node,
)
from tests.cluster.reliability.site import Site
from tests.cluster.wide import RECONCILER, Wide, macvlan

pytestmark = [pytest.mark.cluster, pytest.mark.long]


WHEREABOUTS = "/etc/cni/net.d/whereabouts.d/whereabouts.kubeconfig"


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


def of_whereabouts(manifest: dict[str, Any]) -> None:
    """Its agent's and its reconciler's tokens, too, are of the shortest lifetime."""
    if "whereabouts" in manifest["metadata"]["name"] and "template" in manifest.get("spec", {}):
        short_lived(manifest["spec"]["template"]["spec"])


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[Wide]:
    cluster = rig.Cluster(f"tests-token-whereabouts-{os.getpid()}")
    try:
        cluster.up()
        found = Wide(cluster, scratch=tmp_path)
        every_minute = {"whereabouts": {"schedule": "* * * * *"}}
        found.deploy({"lan": macvlan()}, every_minute, edit=of_whereabouts)
        yield found
    finally:
        cluster.down()


def runs_that_went_well(wide: Wide) -> int:
    return wide.log(RECONCILER).count("a run went well")


def agents_token(wide: Wide) -> str:
    """The credential that whereabouts' plugin uses."""
    text = wide.cluster.node_run(["cat", WHEREABOUTS]).stdout
    token = YAML(typ="safe").load(text)["users"][0]["user"]["token"]
    assert isinstance(token, str)
    return token


def test_pods_get_their_networks_when_the_first_token_has_ended(
    sites: dict[str, Site], wide: Wide
) -> None:
    first = claims(token_on_node(sites["thin"]))
    assert first["exp"] - first["iat"] == LIFETIME
    of_agent = claims(agents_token(wide))
    assert of_agent["exp"] - of_agent["iat"] == LIFETIME
    for site in sites.values():
        assert site.start(["before"]) == {"before"}
    wide.create(["before"])
    wide.ready("before")
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
    assert claims(agents_token(wide))["exp"] > time.time() > of_agent["exp"]
    wide.create(["after"])
    wide.ready("after")
    assert (len(wide.booked()), wide.lost()) == (2, set())
    before = runs_that_went_well(wide)
    wide.until(lambda: runs_that_went_well(wide) > before, lambda: wide.log(RECONCILER))
    assert len(wide.booked()) == 2, "the reconciler freed what is in use"
    (agent,) = wide.agents()
    assert agent["status"]["containerStatuses"][0]["restartCount"] == 0
    wide.delete()
    wide.until(lambda: wide.booked() == [], lambda: f"still booked: {wide.booked()}")

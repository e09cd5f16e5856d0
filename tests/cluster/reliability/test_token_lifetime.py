"""Tokens of ten minutes, and what works with them after the first one has ended: Multus in both
modes, and whereabouts by its add-on. Takes twelve minutes."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rig
from multinet.multus.running import is_multus
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
EVERY_MINUTE = {"whereabouts": {"schedule": "* * * * *"}}


def with_short_lived(manifest: dict[str, Any]) -> None:
    """Of thick's pods, whereabouts' agents and its reconciler."""
    if manifest["kind"] in ("DaemonSet", "Deployment"):
        assert is_multus(manifest) or "whereabouts" in manifest["metadata"]["name"]
        short_lived(manifest["spec"]["template"]["spec"])


# Each mode on a node of its own, so that the time passes once.
@pytest.fixture
def thin(tmp_path: Path) -> Iterator[Site]:
    cluster = rig.Cluster(f"tests-token-thin-{os.getpid()}")
    try:
        cluster.up()
        found = Site(cluster, tmp_path / "thin")
        found.mode = "thin"
        found.deploy("thin", edit=short_lived)
        yield found
    finally:
        cluster.down()


@pytest.fixture
def thick(tmp_path: Path) -> Iterator[Wide]:
    """With whereabouts, which both modes call alike."""
    cluster = rig.Cluster(f"tests-token-thick-{os.getpid()}")
    try:
        cluster.up()
        found = Wide(cluster, scratch=tmp_path / "thick")
        found.deploy({"lan": macvlan()}, EVERY_MINUTE, edit=with_short_lived)
        yield found
    finally:
        cluster.down()


def token_of_whereabouts(site: Wide) -> str:
    """The credential that its plugin uses."""
    text = site.cluster.node_run(["cat", WHEREABOUTS]).stdout
    token = YAML(typ="safe").load(text)["users"][0]["user"]["token"]
    assert isinstance(token, str)
    return token


def restarts(site: Wide) -> dict[str, int]:
    """Pod of the system → how often its containers were restarted."""
    pods = json.loads(site.kubectl("get", "pods", "-n=kube-system", "-o=json"))["items"]
    return {
        pod["metadata"]["name"]: sum(s["restartCount"] for s in pod["status"]["containerStatuses"])
        for pod in pods
    }


def test_pods_get_their_networks_when_the_first_token_has_ended(thin: Site, thick: Wide) -> None:
    first = {"thin": claims(token_on_node(thin)), "thick": claims(token_of_whereabouts(thick))}
    assert {each["exp"] - each["iat"] for each in first.values()} == {LIFETIME}
    assert thin.start(["before"]) == {"before"}
    thick.create(["before"])
    thick.ready("before")
    before = restarts(thick)
    # The informers of thick's daemon have used it, too, and 60 s are what a clock may be off.
    time.sleep(LIFETIME + 75)
    second = {"thin": claims(token_on_node(thin)), "thick": claims(token_of_whereabouts(thick))}
    for mode, was in first.items():
        print(f"{mode}: renewed {second[mode]['iat'] - was['iat']} s after the first one was given")
        assert was["exp"] < time.time() < second[mode]["exp"]

    assert thin.start(["after"]) == {"after"}
    (multus,) = thin.multus()
    assert multus["status"]["containerStatuses"][0]["restartCount"] == 0
    thin.clear()
    thin.until(lambda: thin.reserved() == set(), "addresses were not freed")

    thick.create(["after"])
    thick.ready("after")
    assert (len(thick.booked()), thick.lost()) == (2, set())
    runs = lambda: thick.log(RECONCILER).count("a run went well")  # noqa: E731
    so_far = runs()
    thick.until(lambda: runs() > so_far, lambda: thick.log(RECONCILER))
    assert len(thick.booked()) == 2, "the reconciler freed what is in use"
    assert restarts(thick) == before
    thick.delete()
    thick.until(lambda: thick.booked() == [], lambda: f"still booked: {thick.booked()}")

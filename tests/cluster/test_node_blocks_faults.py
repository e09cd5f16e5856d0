"""Blocks of each node's own under faults: 200 pods that come and go, with a power cut among them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import rig
from tests.cluster.blocks import NETWORKS, PATIENCE, Site, deployed, within
from tests.cluster.reliability.shared_node.test_boot import POWER_CUT
from tests.waiting import at_last

pytestmark = [pytest.mark.cluster, pytest.mark.long]

WAVES, WAVE = 8, 25


@pytest.fixture(scope="module", params=["thick", "thin"])
def site(
    request: pytest.FixtureRequest,
    two_nodes: tuple[rig.Cluster, rig.FurtherNode],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    with deployed(two_nodes, tmp_path_factory.mktemp("blocks"), request.param) as found:
        yield found


def sound(site: Site, wave: str) -> None:
    """Each of its pods has an address of its node's block on either family, no two the same."""
    attached, numbers = site.attached(wave), site.numbers()
    every = [ip for _, ips in attached.values() for ip in ips]
    assert (len(attached), len(set(every))) == (WAVE, len(every)), attached
    for node, ips in attached.values():
        assert within(numbers, "lan", node, ips[:1]), attached
        assert within(numbers, "dual", node, ips[1:]), attached


def containers(site: Site, wave: str) -> dict[str, str]:
    """Pod → its container as it runs now; none where it is not ready."""
    pods = json.loads(site.kubectl("get", "pods", "-l", f"blocks={wave}", "-o=json"))["items"]
    found = {}
    for pod in pods:
        (status,) = pod["status"].get("containerStatuses") or [{}]
        found[pod["metadata"]["name"]] = status["containerID"] if status.get("ready") else ""
    return found


def cut_power(site: Site, wave: str) -> None:
    """Of the first node: what lives in memory is lost there. All of its pods come back."""
    on_it = {pod for pod, (node, _) in site.attached(wave).items() if node == "rig"}
    before = containers(site, wave)
    for component in ("kubelet", "containerd"):
        site.cluster.kill_component(component)
    site.cluster.node_run(["sh", "-c", POWER_CUT])
    for component in ("containerd", "kubelet"):
        site.cluster.start_component(component)

    def back() -> bool:
        now = containers(site, wave)
        return all(now[pod] not in ("", before[pod]) for pod in on_it)

    assert at_last(back, PATIENCE), site.kubectl("get", "events")


def test_of_two_hundred_pods_that_come_and_go_no_address_is_lost_or_doubled(site: Site) -> None:
    numbers = site.numbers()
    for number in range(WAVES):
        wave = f"wave{number}"
        site.start(WAVE, "lan,dual", wave)
        if number == 2:
            site.cluster.restart("containerd")
            site.cluster.restart("kubelet")
        site.ready(wave)
        sound(site, wave)
        if number == 4:
            cut_power(site, wave)
            sound(site, wave)
        force = ("--force", "--grace-period=0") if number % 2 else ("--grace-period=1",)
        site.kubectl("delete", "pods", "-l", f"blocks={wave}", "--wait=false", *force)
    assert site.numbers() == numbers
    for node in ("rig", "rig-2"):
        for network in NETWORKS:
            free = lambda n=node, w=network: site.held(n, w) == set()  # noqa: E731
            assert at_last(free, PATIENCE), f"lost on {node}: {site.held(node, network)}"
    print(f"{WAVES * WAVE} pods, a power cut: 0 lost, 0 doubled")

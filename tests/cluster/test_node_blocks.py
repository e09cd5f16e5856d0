"""A block of each node's own, on real nodes: two, and a third that joins by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import rig
from multinet.blocks import objects
from rig.demo import manifests
from tests.cluster.blocks import NETWORKS, PATIENCE, Site, deployed, within
from tests.cluster.verifying import by_network, codes
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PODS = 60


@pytest.fixture(scope="module", params=["thick", "thin"])
def site(
    request: pytest.FixtureRequest,
    two_nodes: tuple[rig.Cluster, rig.FurtherNode],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    with deployed(two_nodes, tmp_path_factory.mktemp("blocks"), request.param) as found:
        yield found


def test_sixty_pods_have_sixty_addresses_each_of_its_nodes_block(site: Site) -> None:
    numbers = site.numbers()
    assert sorted(numbers.values()) == [*range(len(numbers))]
    site.start(PODS, "lan")
    try:
        site.ready()
        attached = site.attached()
        assert len(attached) == PODS
        assert len({ip for _, ips in attached.values() for ip in ips}) == PODS
        for node, ips in attached.values():
            assert within(numbers, "lan", node, ips)
        # From each node to the other, over the LAN.
        first, second = attached["pod-0"][1][0], attached["pod-1"][1][0]
        site.kubectl("exec", "pod-0", "--", "ping", "-c", "1", "-W", "5", second)
        site.kubectl("exec", "pod-1", "--", "ping", "-c", "1", "-W", "5", first)
    finally:
        site.clear()
    for node in ("rig", "rig-2"):
        assert at_last(lambda node=node: site.held(node, "lan") == set(), PATIENCE), (
            "an address is lost"
        )


def test_verify_finds_each_node_as_it_is(site: Site) -> None:
    code, document = site.environment.document(site.file)
    assert code == 0, document
    rows, numbers = by_network(document), site.numbers()
    for network in NETWORKS:
        assert {row["node"] for row in rows[network]} == {"rig", "rig-2"}
        for row in rows[network]:
            ips = [a.partition("/")[0] for a in row["addresses"] if not a.startswith("fe80")]
            assert within(numbers, network, row["node"], ips)


def of_node(site: Site, node: str, name: str) -> list[dict[str, Any]]:
    """The pods of a DaemonSet on a node."""
    where = (f"-l=app.kubernetes.io/name={name}", f"--field-selector=spec.nodeName={node}")
    found: list[dict[str, Any]] = json.loads(
        site.kubectl("get", "pods", "-n=kube-system", *where, "-o=json")
    )["items"]
    return found


def runs(site: Site, node: str, name: str) -> bool:
    conditions = [c for pod in of_node(site, node, name) for c in pod["status"]["conditions"]]
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def test_a_node_that_joins_takes_a_number_by_itself_and_its_pods_wait_till_then(
    site: Site, request: pytest.FixtureRequest
) -> None:
    if "thin" in request.node.name:
        pytest.skip("joined with thick")
    third = site.cluster.join(progress=rig.Progress())
    assert at_last(lambda: runs(site, third.name, "multus"), PATIENCE)
    # The image that asks for a number is not there yet: until then pods wait.
    site.start(2, "lan", "late", third.name)
    assert at_last(lambda: "No networks found" in site.kubectl("get", "events"), PATIENCE)
    code, document = site.environment.document(site.file, "--node", third.name, "--timeout", "20")
    assert code == 1
    row = by_network(document)["lan"][0]
    assert codes(row, "causes") == ["live-no-block"], row
    assert all(not ips for _, ips in site.attached("late").values())
    site.cluster.load_image(site.image[0])
    (pod,) = of_node(site, third.name, objects.NAME)
    site.kubectl("delete", "pod", "-n=kube-system", pod["metadata"]["name"])
    site.ready("late")
    numbers = site.numbers()
    assert numbers[third.name] == 2
    for node, ips in site.attached("late").values():
        assert within(numbers, "lan", node, ips)
    site.clear()


def test_pods_that_come_and_go_while_all_restarts_lose_and_double_nothing(
    site: Site, request: pytest.FixtureRequest
) -> None:
    """Kubelet, runtime, Multus and what lays files out, while pods come and go."""
    if "thin" in request.node.name:
        pytest.skip("thin: a pod that starts while its file is away is on the primary alone")
    numbers = site.numbers()
    for turn in range(4):
        site.start(25, "lan,dual", f"turn{turn}")
        if turn == 1:
            site.kubectl("rollout", "restart", "-n=kube-system", f"daemonset/{objects.NAME}")
            site.kubectl("rollout", "restart", "-n=kube-system", "daemonset/multinet-multus")
        if turn == 2:
            site.cluster.restart("containerd")
            site.cluster.restart("kubelet")
        site.ready(f"turn{turn}")
        attached = site.attached(f"turn{turn}")
        every = [ip for _, ips in attached.values() for ip in ips]
        assert len(every) == len(set(every)) == 75
        for node, ips in attached.values():
            assert within(numbers, "lan", node, ips[:1])
            assert within(numbers, "dual", node, ips[1:])
        if turn % 2:
            site.clear()
    site.clear()
    assert site.numbers() == numbers
    for node in ("rig", "rig-2"):
        for network in NETWORKS:
            assert at_last(lambda n=node, w=network: site.held(n, w) == set(), PATIENCE)


def test_pods_that_live_through_the_networks_end_are_deleted_cleanly(site: Site) -> None:
    site.start(4, "lan", "living")
    site.ready("living")
    site.kubectl("delete", "daemonset", "-n=kube-system", objects.NAME, "--wait")
    assert at_last(lambda: site.files("rig") == site.files("rig-2") == set(), PATIENCE)
    site.clear()
    for node in ("rig", "rig-2"):
        assert at_last(lambda n=node: site.held(n, "lan") == set(), PATIENCE)
    manifests.apply(site.out, site.cluster)

"""whereabouts for real: pods on a real node, its books in a real API server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import rig
from multinet.cni.config import parse
from multinet.typed import Macvlan, Whereabouts
from multinet.verify.causes import Facts, causes
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from tests.cluster import whereabouts
from tests.cluster.whereabouts import books
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PATIENCE = 180.0


def on_eth0(**keys: Any) -> Macvlan:
    return Macvlan(cni_version="1.0.0", master="eth0", ipam=Whereabouts(**keys))


# The excluded address lies between others, and three are left.
NARROW = on_eth0(
    range="10.66.0.0/24",
    range_start="10.66.0.10",
    range_end="10.66.0.13",
    exclude=["10.66.0.11/32"],
)
# Of another network, and around the first one's range.
AROUND = on_eth0(range="10.66.0.10-10.66.0.20/16")
NETWORKS = {"narrow": NARROW, "around": AROUND}


@pytest.fixture(scope="module")
def deployed(
    cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[rig.Cluster]:
    """The networks, with Multus thick, by their rendered manifests; taken off again."""
    directory = tmp_path_factory.mktemp("whereabouts")
    networks = {name: {"config": typed.tree()} for name, typed in NETWORKS.items()}
    overrides = {**RigCluster().overrides(), "networks": networks}
    manifests.render_environment(write_stack_file(directory, overrides), directory / "out")
    manifests.apply(directory / "out", cluster)
    try:
        with whereabouts.installed(cluster):
            yield cluster
    finally:
        for path in sorted((directory / "out" / "manifests").glob("[0-9]*.yaml"), reverse=True):
            cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


@pytest.fixture
def node(deployed: rig.Cluster) -> Iterator[rig.Cluster]:
    """The same, without the pods of the test before."""
    yield deployed
    deployed.kubectl("delete", "pods", "--selector=test=whereabouts", "--wait")
    assert at_last(lambda: books(deployed) == {}, PATIENCE), "deleted pods' addresses are free"


def start(node: rig.Cluster, *names: str, network: str = "narrow") -> None:
    for name in names:
        pod = sample.pod(name, networks=network)
        pod["metadata"]["labels"] = {"test": "whereabouts"}
        node.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(pod))


def addresses(node: rig.Cluster, *names: str) -> dict[str, str]:
    """What network-status says of the pods' net1, once they are ready."""
    return {name: dict(interfaces(node, name))["net1"] for name in names}


def interfaces(node: rig.Cluster, pod: str) -> Iterator[tuple[str, str]]:
    """A ready pod's secondary interfaces, and the one address of each."""
    ready = ("--for=condition=Ready", f"--timeout={PATIENCE:.0f}s")
    node.kubectl("wait", *ready, f"pod/{pod}", timeout=2 * PATIENCE)
    seen = json.loads(node.kubectl("get", "pod", pod, "--output", "json"))
    for status in manifests.network_status(seen):
        if not status.get("default"):
            (address,) = status["ips"]
            yield status["interface"], address


def handed_out(typed: Macvlan) -> list[str]:
    """The addresses that our model says the network has."""
    config, findings = parse(typed.tree())
    assert config is not None, findings
    assert findings == []
    ranges = config.address_ranges()
    return [str(r.first + i) for r in ranges for i in range(int(r.last) - int(r.first) + 1)]


def test_two_pods_have_different_addresses_and_the_books_say_whose(node: rig.Cluster) -> None:
    start(node, "first", "second")

    given = addresses(node, "first", "second")

    assert set(given.values()) < set(handed_out(NARROW))
    assert books(node) == {ip: f"default/{name}" for name, ip in given.items()}
    assert len(books(node)) == 2
    for name, ip in given.items():
        seen = node.kubectl("exec", name, "--", "ip", "address", "show", "net1")
        assert f"inet {ip}/24 " in seen

    node.kubectl("delete", "pod", "first", "second", "--wait")
    assert at_last(lambda: books(node) == {}, PATIENCE)


def test_all_of_the_range_but_the_exclusion_is_handed_out_and_then_a_pod_waits(
    node: rig.Cluster,
) -> None:
    names = [f"pod{i}" for i in range(len(handed_out(NARROW)))]
    start(node, *names)
    given = addresses(node, *names)
    assert sorted(given.values()) == handed_out(NARROW) == [f"10.66.0.{n}" for n in (10, 12, 13)]

    start(node, "late")
    assert at_last(lambda: "live-range-exhausted" in codes(node, "late"), PATIENCE)

    node.kubectl("delete", "pod", names[1], "--wait")
    assert addresses(node, "late") == {"late": given[names[1]]}


def codes(node: rig.Cluster, pod: str) -> set[str]:
    """What `multinet verify` makes of a pod's events."""
    failed = f"involvedObject.name={pod},reason=FailedCreatePodSandBox"
    events = json.loads(node.kubectl("get", "events", f"--field-selector={failed}", "-o=json"))
    return {f.code for f in causes("n", [e["message"] for e in events["items"]], Facts())}


def test_networks_whose_ranges_overlap_do_not_give_an_address_twice(node: rig.Cluster) -> None:
    start(node, "inner")
    inner = addresses(node, "inner")
    start(node, "outer", network="around")

    assert {**inner, **addresses(node, "outer")} == {"inner": "10.66.0.10", "outer": "10.66.0.11"}


def test_but_one_pod_on_both_of_them_has_its_address_twice(node: rig.Cluster) -> None:
    start(node, "both", network="narrow,around")

    assert set(interfaces(node, "both")) == {("net1", "10.66.0.10"), ("net2", "10.66.0.10")}

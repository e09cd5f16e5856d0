"""whereabouts by its add-on, for real: two nodes and a third, its real programs, and pods on all of them."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import rig
from multinet.addons.whereabouts import books
from tests.cluster.verifying import environment
from tests.cluster.wide import GROUP, NAMESPACE, RECONCILER, Wide, macvlan

pytestmark = pytest.mark.cluster

NETWORKS = {"lan": macvlan()}


@pytest.fixture(scope="module")
def wide(
    two_nodes: tuple[rig.Cluster, rig.FurtherNode], tmp_path_factory: pytest.TempPathFactory
) -> Wide:
    first, second = two_nodes
    return Wide(first, second, scratch=tmp_path_factory.mktemp("wide"))


@pytest.fixture(scope="module")
def before(wide: Wide) -> dict[str, list[str]]:
    """The nodes' CNI directories with Multus, without the add-on."""
    wide.deploy(NETWORKS, addons={})
    return wide.files()


@pytest.fixture(scope="module")
def deployed(wide: Wide, before: dict[str, list[str]]) -> Wide:
    """The environment with its one more line, and twenty pods."""
    del before
    wide.deploy(NETWORKS)
    wide.deployment("many", 20)
    return wide


def verify(wide: Wide, *options: str) -> subprocess.CompletedProcess[str]:
    start = "from multinet.cli import main; main()"
    config = ("--kubeconfig", str(wide.cluster.kubeconfig))
    return subprocess.run(
        [sys.executable, "-c", start, "verify", "-f", str(wide.file), *config, *options],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_twenty_pods_on_two_nodes_have_twenty_addresses_and_reach_each_other(
    deployed: Wide,
) -> None:
    given = deployed.given()

    assert len(given) == 20
    assert len({ip for ips in given.values() for ip in ips}) == 20
    nodes = {pod["spec"]["nodeName"] for pod in deployed.pods()}
    assert nodes == {"rig", "rig-2"}
    assert deployed.lost() == set()
    assert deployed.unreached() == []


def test_verify_finds_all_as_declared(deployed: Wide) -> None:
    ran = verify(deployed)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_reconciler_has_run_and_goes_by_its_schedule(deployed: Wide) -> None:
    """At once, that is within a minute; its account may do what it needs."""
    deployed.until(
        lambda: (
            "a run went well; the next one by the schedule: 17 * * * *" in deployed.log(RECONCILER)
        ),
        lambda: deployed.log(RECONCILER),
    )


def test_what_is_deleted_is_free_again(deployed: Wide) -> None:
    deployed.deployment("many", 4)
    deployed.until(lambda: deployed.lost() == set(), lambda: f"lost: {deployed.lost()}")
    assert len(deployed.booked()) == 4
    deployed.deployment("many", 20)
    assert deployed.doubled() == []


def test_a_node_that_joins_later_serves_pods_without_another_up(deployed: Wide) -> None:
    third = deployed.join()
    # Where Multus is not up yet, pods start on the primary alone, whoever brings addresses.
    multus = (f"-n={NAMESPACE}", "daemonset/multinet-multus", "--timeout=300s")
    deployed.kubectl("rollout", "status", *multus)

    deployed.deployment("more", 6)
    deployed.create(["there"], nodeName=third.name)
    deployed.ready("there")

    given = deployed.given()
    assert all(given.values()), "none started without its network"
    assert deployed.doubled() == []
    assert len(given["there"]) == 1


def _removed(wide: Wide) -> str:
    """What the script says that is run when the agents are gone."""
    (kubectl,), variables = wide.cluster.kubectl_command()
    directory = kubectl.rpartition("/")[0]
    ran = subprocess.run(
        ["sh", "-c", books.script()],
        env={
            **variables,
            "PATH": f"{directory}:/usr/bin:/bin",
            "MULTINET_KUBECONFIG": str(wide.cluster.kubeconfig),
            "MULTINET_NAMESPACE": NAMESPACE,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_off_again_it_leaves_the_nodes_as_they_were_and_the_books_of_pods_that_run(
    deployed: Wide, before: dict[str, list[str]]
) -> None:
    """Pods of then keep their addresses, and whoever comes next must know of them."""
    on = deployed.rendered(NETWORKS, {"whereabouts": True})
    given = deployed.given()
    whereabouts = [
        path
        for path in sorted((on / "manifests").glob("[0-9]*.yaml"), reverse=True)
        if "whereabouts" in path.name and "customresourcedefinition" not in path.name
    ]
    assert len(whereabouts) == 13
    for path in whereabouts:
        deployed.kubectl("delete", "--wait", "-f", str(path))
    deployed.until(lambda: deployed.agents() == [], "the agents are still there")

    left = deployed.files()
    for node, files in before.items():
        assert [f for f in left[node] if f not in files] == []
        assert [f for f in files if f not in left[node]] == []
    assert [f for f in left["rig-3"] if "whereabouts" in f] == []
    assert deployed.given() == given

    said = _removed(deployed)
    assert "pods that still run have addresses of theirs" in said
    assert {pod for _, pod in deployed.booked()} == {f"default/{name}" for name in given}
    leases = deployed.kubectl("get", "leases", f"-n={NAMESPACE}", "-o=name")
    assert "lease.coordination.k8s.io/whereabouts\n" not in leases

    # Brought back it goes on with them.
    deployed.deploy(NETWORKS)
    deployed.create(["later"])
    deployed.ready("later")
    assert deployed.doubled() == []


def test_without_pods_nothing_of_it_is_left_in_the_cluster(deployed: Wide) -> None:
    deployed.delete()
    deployed.until(lambda: deployed.booked() == [], lambda: f"booked: {deployed.booked()}")
    on = deployed.rendered(NETWORKS, {"whereabouts": True})
    for path in sorted((on / "manifests").glob("[0-9]*.yaml"), reverse=True):
        if "whereabouts" in path.name and "customresourcedefinition" not in path.name:
            deployed.kubectl("delete", "--wait", "-f", str(path))

    assert "removed whereabouts' CRDs" in _removed(deployed)

    assert GROUP not in deployed.kubectl("get", "crds", "-o=name")
    kinds = (
        "all,configmaps,serviceaccounts,roles,rolebindings,leases,clusterroles,clusterrolebindings"
    )

    def left() -> list[str]:
        there = json.loads(deployed.kubectl("get", kinds, "--all-namespaces", "-o=json"))["items"]
        names = [found["metadata"]["name"] for found in there]
        return [name for name in names if "whereabouts" in name]

    # A DaemonSet is gone before its pods have ended.
    deployed.until(lambda: left() == [], lambda: f"left: {left()}")

"""`multinet status` and `multinet restart` on a real cluster, with whereabouts' real books."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.demo import sample
from tests.cluster import verifying, whereabouts
from tests.cluster.verifying import Environment, bridge
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

BOOKS = {"type": "whereabouts", "range": "10.7.40.0/24"}
KEEPING = {"pool": {"config": bridge(40, ipam=BOOKS)}}


@pytest.fixture(scope="module")
def dev(cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    with (
        verifying.deployed(cluster, tmp_path_factory.mktemp("status")) as found,
        whereabouts.installed(cluster),
    ):
        yield found


def status(dev: Environment, file: Path, *options: str) -> tuple[int, dict[str, Any]]:
    ran = dev.call("status", file, "--json", *options)
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def deployment(name: str, network: str, replicas: int) -> dict[str, Any]:
    pod = sample.pod(name, networks=network)
    annotations = pod["metadata"]["annotations"]
    template = {"metadata": {"labels": {"app": name}, "annotations": annotations}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "default"},
        "spec": spec | {"template": template | {"spec": pod["spec"]}},
    }


def run(dev: Environment, *objects: dict[str, Any]) -> None:
    for made in objects:
        dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(made))
    for made in objects:
        if made["kind"] == "Deployment":
            name = made["metadata"]["name"]
            dev.cluster.kubectl("rollout", "status", f"deployment/{name}", "--timeout=180s")
        else:
            name = made["metadata"]["name"]
            dev.cluster.kubectl("wait", "--for=condition=Ready", f"pod/{name}", "--timeout=180s")


def ippool(dev: Environment) -> dict[str, Any]:
    text = dev.cluster.kubectl("get", "ippools", "10.7.40.0-24", "-n", "kube-system", "-o", "json")
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_dev_environment_is_well_and_its_pods_are_counted(dev: Environment) -> None:
    run(dev, sample.pod("here", networks="macvlan-conf"))
    try:
        code, document = status(dev, dev.file)
        (network,) = document["networks"]
        assert code == 0, document
        assert [(p["pod"], p["node"], p["interface"]) for p in network["pods"]] == [
            ("here", "rig", "net1")
        ]
        (use,) = network["ranges"]
        assert (use["range"], use["node"], use["size"], use["used"]) == (
            "192.168.1.200-192.168.1.216",
            "rig",
            17,
            1,
        )
        assert document["nodes"][0]["multus"] == "ready"
        # The map shows what status tells.
        ran = dev.call("map", dev.file, "--json", "-o", str(dev.directory / "map.html"))
        assert (ran.returncode, ran.stderr) == (0, "")
        shown = json.loads(ran.stdout)
        (drawn,), (node,) = shown["networks"], shown["nodes"]
        assert drawn["pods"] == network["pods"]
        assert drawn["ranges"] == network["ranges"]
        assert (node["name"], node["unable"], drawn["able"]) == ("rig", "", 1)
        assert '"pod":"here"' in (dev.directory / "map.html").read_text()
    finally:
        dev.cluster.kubectl("delete", "pod", "here", "--wait=true")


def test_what_the_books_keep_for_a_pod_that_is_gone_is_freed_and_nothing_else(
    dev: Environment,
) -> None:
    file = dev.declare("books", KEEPING)
    run(dev, deployment("keeper", "pool", 2))
    try:
        code, document = status(dev, file)
        assert (code, document["networks"][0]["ranges"][0]["used"]) == (0, 2), document
        # What a DEL that never came leaves: an entry, and the one for overlapping ranges.
        entry = {"id": "0123", "podref": "default/gone", "ifname": "net1"}
        patch = json.dumps({"spec": {"allocations": {"77": entry}}})
        dev.cluster.kubectl(
            "patch", "ippools", "10.7.40.0-24", "-n", "kube-system", "--type=merge", "-p", patch
        )
        reservation = {
            "apiVersion": f"{whereabouts.GROUP}/v1alpha1",
            "kind": "OverlappingRangeIPReservation",
            "metadata": {"name": "10.7.40.77", "namespace": "kube-system"},
            "spec": {"containerid": "0123", "podref": "default/gone", "ifname": "net1"},
        }
        dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(reservation))
        before = ippool(dev)["spec"]["allocations"]
        code, document = status(dev, file)
        (network,) = document["networks"]
        assert (code, [f["code"] for f in network["findings"]]) == (1, ["live-address-leaked"])
        assert network["ranges"][0]["leaked"] == [
            {"address": "10.7.40.77", "pod": "default/gone", "pool": "10.7.40.0-24"}
        ]
        code, document = status(dev, file, "--free")
        assert (code, document.get("freed")) == (0, ["10.7.40.77"]), document
        after = ippool(dev)["spec"]["allocations"]
        assert after == {key: value for key, value in before.items() if key != "77"}
        kind = f"overlappingrangeipreservations.{whereabouts.GROUP}"
        left = dev.cluster.kubectl("get", kind, "-n", "kube-system", "-o", "name")
        assert "10.7.40.77" not in left
        assert len(left.split()) == 2, "those of the running pods"
        ran = dev.call("status", file, "--free")
        assert (ran.returncode, "nothing to free" in ran.stdout) == (0, True), ran
    finally:
        dev.cluster.kubectl("delete", "deployment", "keeper", "--wait=true")
        dev.cluster.kubectl("wait", "--for=delete", "pod", "-l", "app=keeper", "--timeout=120s")
        dev.drop(*KEEPING)


def test_what_a_nodes_books_keep_and_nobody_has_is_freed_and_nothing_else(dev: Environment) -> None:
    """host-local's, on the node's disk: what a DEL that never came leaves there."""
    file = dev.declare("disk", {"disk": {"config": bridge(43)}})
    run(dev, deployment("writer", "disk", 2))
    books = "/var/lib/cni/networks/disk"

    def on_node(line: str) -> list[str]:
        return dev.cluster.node_run(["sh", "-c", line]).stdout.split()

    try:
        code, document = status(dev, file, "--nodes")
        (use,) = document["networks"][0]["ranges"]
        assert (code, use["used"], use["leaked"]) == (0, 2, []), document
        mine = sorted(on_node(f"ls -d {books}/10.*"))
        # Of a sandbox that is no more; of one that runs, though no pod says so; and a young one.
        on_node(
            f"cd {books} && printf 'gone\\r\\nnet1' >10.7.43.90 && cp {mine[0]} 10.7.43.91 &&"
            " cp 10.7.43.90 10.7.43.92 && touch -d '9 minutes ago' 10.7.43.90 10.7.43.91"
        )
        code, document = status(dev, file, "--nodes")
        (network,) = document["networks"]
        (use,) = network["ranges"]
        assert (code, [f["code"] for f in network["findings"]]) == (1, ["live-address-leaked"])
        assert use["leaked"] == [{"address": "10.7.43.90", "node": "rig", "sandbox": "gone"}]
        assert use["used"] == 5
        code, document = status(dev, file, "--nodes", "--free")
        assert (code, document["freed"]) == (0, ["10.7.43.90"]), document
        kept = [f"{books}/10.7.43.91", f"{books}/10.7.43.92"]
        assert sorted(on_node(f"ls -d {books}/10.*")) == sorted([*mine, *kept])
        pods = dev.cluster.kubectl("get", "pods", "-A", "-l", "app.kubernetes.io/part-of=multinet")
        assert "preflight" not in pods, "no pod that looked is left"
    finally:
        dev.cluster.kubectl("delete", "deployment", "writer", "--wait=true")
        dev.cluster.kubectl("wait", "--for=delete", "pod", "-l", "app=writer", "--timeout=120s")
        on_node(f"rm -f {books}/10.7.43.9*")
        dev.drop("disk")


def test_restart_rolls_what_is_stale_and_names_what_it_cannot(dev: Environment) -> None:
    file = dev.declare("rolled", {"moving": {"config": bridge(41)}})
    run(dev, deployment("web", "moving", 2), sample.pod("alone", networks="moving"))
    try:
        ran = dev.call("restart", file, "--yes")
        assert (ran.returncode, ran.stderr) == (0, ""), ran
        time.sleep(1.1)  # the API server's times are in whole seconds
        dev.nad("moving", "default", json.dumps({"name": "moving", **bridge(41, mtu=1400)}))
        before = dev.cluster.kubectl("get", "pods", "-l", "app=web", "-o", "name").split()

        ran = dev.call("restart", file, "--dry-run")
        assert ran.returncode == 0, ran
        assert "restart deployment/web -n default: " in ran.stdout
        assert "left default/alone: nobody brings it back" in ran.stdout
        ran = dev.call("restart", file)
        assert (ran.returncode, "--yes is needed" in ran.stderr) == (2, True), ran
        assert dev.cluster.kubectl("get", "pods", "-l", "app=web", "-o", "name").split() == before

        ran = dev.call("restart", file, "--yes")
        assert ran.returncode == 1, ran
        assert "[1/1] deployment/web -n default" in ran.stderr
        assert "1 pod left that must restart" in ran.stdout
        for pod in before:
            dev.cluster.kubectl("wait", "--for=delete", pod, "--timeout=60s")
        code, document = dev.document(file, "--stale")
        assert (code, [pod["pod"] for pod in document["stale"]]) == (1, ["alone"])
        dev.cluster.kubectl("delete", "pod", "alone", "--wait=true")
        assert at_last(lambda: dev.call("restart", file, "--yes").returncode == 0, 60)
    finally:
        dev.cluster.kubectl("delete", "deployment/web", "--wait=true")
        dev.cluster.kubectl("delete", "pod", "alone", "--ignore-not-found", "--wait=true")
        dev.drop("moving")


def test_a_workload_that_does_not_come_up_again_ends_the_run(dev: Environment) -> None:
    file = dev.declare("broken", {"moving": {"config": bridge(42)}})
    run(dev, deployment("first", "moving", 1), deployment("second", "moving", 1))
    try:
        time.sleep(1.1)
        broken = {**bridge(42), "type": "not-there"}
        dev.nad("moving", "default", json.dumps({"name": "moving", **broken}))
        ran = dev.call("restart", file, "--yes", "--timeout", "8")
        assert ran.returncode == 1, ran
        assert "deployment/first -n default: not complete after 8 s; 1 more not begun" in ran.stderr
        assert "second" not in ran.stderr
    finally:
        dev.cluster.kubectl("delete", "deployment", "first", "second", "--wait=true")
        dev.drop("moving")

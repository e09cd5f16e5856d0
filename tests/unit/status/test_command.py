"""`multinet status`, as it is called, on clusters as they were recorded."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.live.recorded import serving
from tests.unit.verify import clusters as c

Serve = Callable[..., Any]
POOLS = "/apis/whereabouts.cni.cncf.io/v1alpha1/ippools"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Serve]:
    """A cluster with these networks, and the stack file that declares them."""
    with contextlib.ExitStack() as stack:

        def serve(networks: dict[str, Any], *nodes: Any, **sections: Any) -> Any:
            there = nodes or (c.node("n1"), c.node("n2"))
            cluster = c.Working(*there, networks=networks)
            cluster.lists["/apis/apps/v1/replicasets"] = [replica_set()]
            stack.enter_context(serving(cluster, tmp_path))
            return cluster, str(c.stack_file(tmp_path, networks, **sections))

        yield serve


SANDBOX = {
    "type": "PodReadyToStartContainers",
    "status": "True",
    "lastTransitionTime": "2026-01-01T00:00:00Z",
}


def pod(name: str, node: str, *ips: str, network: str = "lan", **status: Any) -> dict[str, Any]:
    entries = [
        {"name": "cbr0", "interface": "eth0", "ips": ["10.233.64.9"], "default": True},
        {"name": f"default/{network}", "interface": "net1", "ips": list(ips)},
    ]
    annotations = {c.NETWORKS: network, c.STATUS: json.dumps(entries)}
    owner = {"kind": "ReplicaSet", "name": "web-1", "controller": True}
    return {
        "metadata": {
            "name": name,
            "namespace": "apps",
            "annotations": annotations | {c.NETWORKS: f"default/{network}"},
            "ownerReferences": [owner],
        },
        "spec": {"nodeName": node},
        "status": {"phase": "Running", "conditions": [c.READY, SANDBOX], **status},
    }


def replica_set() -> dict[str, Any]:
    deployment = {"kind": "Deployment", "name": "web", "controller": True}
    return {"metadata": {"name": "web-1", "namespace": "apps", "ownerReferences": [deployment]}}


def pool(allocations: dict[str, str], name: str = "10.7.0.0-24", range_: str = "") -> Any:
    entries = {key: {"id": "c0ffee", "podref": ref} for key, ref in allocations.items()}
    return {
        "metadata": {"name": name, "namespace": "kube-system"},
        "spec": {"range": range_ or "10.7.0.0/24", "allocations": entries},
    }


def of(document: dict[str, Any], name: str = "lan") -> Any:
    return next(n for n in document["networks"] if n["network"] == name)


def codes(network: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in network["findings"]]


def small(*, kind: str = "host-local", last: int = 5) -> dict[str, Any]:
    """A macvlan network of four addresses: .2 to .5."""
    books: dict[str, Any] = {"type": kind, "subnet": "10.7.0.0/24", "rangeStart": "10.7.0.2"}
    books |= {"rangeEnd": f"10.7.0.{last}"}
    if kind == "whereabouts":
        books = {"type": kind, "range": "10.7.0.0/24", "range_start": "10.7.0.2"}
        books["range_end"] = f"10.7.0.{last}"
    return {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth1", "ipam": books}}


def test_pods_addresses_and_nodes_of_a_network_are_told(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.pods.extend([pod("web-1-a", "n1", "10.7.0.2"), pod("web-1-b", "n2", "10.7.0.3")])
    cluster.lists[POOLS] = [pool({"2": "apps/web-1-a", "3": "apps/web-1-b"})]
    code, document = cluster.document("status", "-f", file)
    assert code == 0, document
    network = of(document)
    assert [(p["pod"], p["node"], p["owner"]["name"], p["addresses"]) for p in network["pods"]] == [
        ("web-1-a", "n1", "web", ["10.7.0.2"]),
        ("web-1-b", "n2", "web", ["10.7.0.3"]),
    ]
    assert network["ranges"] == [
        {
            "range": "10.7.0.0/24",
            "node": None,
            "size": 254,
            "used": 2,
            "free": 252,
            "leaked": [],
        }
    ]
    assert [(n["node"], n["multus"], n["interfaces"]) for n in document["nodes"]] == [
        ("n1", "ready", 1),
        ("n2", "ready", 1),
    ]
    assert cluster.made == []


def test_the_table_fits_80_columns_and_names_the_range(
    served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster, file = served({"lan": c.lan(range="10.8.0.0/24"), "storage": small()})
    cluster.pods.append(pod("web-1-a", "n1", "10.8.0.2"))
    monkeypatch.setattr("multinet.cli.tables._WIDE", 80)
    ran = cluster.run("status", "-f", file)
    printed = ran.stdout
    assert ran.exit_code == 0, ran.output
    assert max(len(line) for line in printed.splitlines()) <= 80, printed
    assert "10.8.0.0/24" in printed
    assert "10.7.0.2-10.7.0.5" in printed
    assert "2 networks, 1 attached pod: all is well" in printed


def test_with_host_local_each_node_has_the_range_for_itself(served: Serve) -> None:
    cluster, file = served({"lan": small()})
    pods = [pod(f"web-1-{i}", "n2", f"10.7.0.{i}") for i in range(2, 6)]
    cluster.pods.extend([*pods, pod("web-1-x", "n1", "10.7.0.2")])
    code, document = cluster.document("status", "-f", file)
    assert code == 1
    network = of(document)
    assert {r["node"]: (r["used"], r["free"]) for r in network["ranges"]} == {
        "n1": (1, 3),
        "n2": (4, 0),
    }
    (full,) = network["findings"]
    assert (full["code"], full["severity"]) == ("live-range-full", "error")
    assert "4 of 4 addresses are used on n2" in full["rule"]
    assert "4 of 4 on n2" in cluster.run("status", "-f", file).stdout


@pytest.mark.parametrize(("percent", "expected"), [(75, 1), (76, 0)])
def test_from_which_use_on_it_needs_somebody_is_the_users(
    served: Serve, percent: int, expected: int
) -> None:
    cluster, file = served({"lan": small()})
    cluster.pods.extend(pod(f"p{i}", "n1", f"10.7.0.{i}") for i in (2, 3, 4))
    code, document = cluster.document("status", "-f", file, "--full", str(percent))
    assert code == expected, document
    severities = [f["severity"] for f in of(document)["findings"]]
    assert severities == ["warning"] * expected


def test_an_entry_whose_pod_is_gone_is_leaked_and_one_that_only_starts_is_not(
    served: Serve,
) -> None:
    cluster, file = served({"lan": c.lan()})
    starting = pod("web-1-b", "n1", conditions=[])
    starting["metadata"]["annotations"].pop(c.STATUS)
    ended = pod("job", "n1", phase="Succeeded")
    cluster.pods.extend([starting, ended])
    booked = {"2": "apps/gone", "3": "apps/web-1-b", "4": "apps/job"}
    cluster.lists[POOLS] = [pool(booked)]
    code, document = cluster.document("status", "-f", file)
    network = of(document)
    assert (code, codes(network)) == (1, ["live-address-leaked"])
    assert network["ranges"][0]["used"] == 3
    assert network["ranges"][0]["leaked"] == [
        {"address": "10.7.0.2", "pod": "apps/gone", "pool": "10.7.0.0-24"}
    ]


@pytest.mark.parametrize(
    ("ipam", "name", "range_", "ours"),
    [
        ({}, "10.7.0.0-24", "10.7.0.0/24", True),
        ({}, "blue-10.7.0.0-24", "10.7.0.0/24", False),
        ({"network_name": "blue"}, "blue-10.7.0.0-24", "10.7.0.0/24", True),
        ({"network_name": "blue"}, "10.7.0.0-24", "10.7.0.0/24", False),
        ({"network_name": "blue"}, "light-blue-10.7.0.0-24", "10.7.0.0/24", False),
        ({"range": "fd00:7::/64"}, "fd00-7---64", "fd00:7::/64", True),
        ({"node_slice_size": "/26", "network_name": "lan"}, "lan-n1-10.7.0.0-26", "10.7.0.0/26", 1),
        ({}, "10.7.0.0-26", "10.7.0.0/26", False),
    ],
)
def test_which_of_whereabouts_pools_is_the_networks(
    served: Serve, ipam: dict[str, Any], name: str, range_: str, ours: bool
) -> None:
    cluster, file = served({"lan": c.lan(**ipam)})
    cluster.lists[POOLS] = [pool({"2": "apps/gone"}, name, range_)]
    _, document = cluster.document("status", "-f", file)
    assert sum(r["used"] for r in of(document)["ranges"]) == int(ours)


def test_a_node_without_multus_cannot_serve_and_is_named(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.pods[:] = [p for p in cluster.pods if p["spec"]["nodeName"] != "n2"]
    code, document = cluster.document("status", "-f", file)
    network = of(document)
    assert code == 1
    assert network["unable"] == {"n2": "Multus is not ready there: it has no pod there"}
    assert [f["code"] for f in document["findings"]] == ["live-multus-not-ready"]
    assert "in part" in cluster.run("status", "-f", file).stdout
    assert [n["multus"] for n in document["nodes"]] == ["ready", "it has no pod there"]


def test_a_node_that_is_not_ready_is_told_once_with_the_networks_that_miss_it(
    served: Serve,
) -> None:
    networks = {"lan": c.lan(), "wan": c.lan(range="10.8.0.0/24")}
    cluster, file = served(networks, c.node("n1"), c.node("n2", ready=False))
    code, document = cluster.document("status", "-f", file)
    assert (code, [codes(n) for n in document["networks"]]) == (1, [[], []])
    (found,) = document["findings"]
    assert (found["code"], found["value"]) == ("live-node-unable", "n2")
    assert "it cannot serve networks lan, wan" in found["rule"]
    alone, file = served({"lan": c.lan()}, c.node("n1", ready=False))
    code, document = alone.document("status", "-f", file)
    assert (code, codes(of(document))) == (1, ["live-no-node"])


def test_nodes_that_the_selector_leaves_out_are_no_trouble(served: Serve) -> None:
    rack = {**c.lan(), "nodeSelector": {"rack": "a"}}
    cluster, file = served({"lan": rack}, c.node("n1", rack="a"), c.node("n2", ready=False))
    code, document = cluster.document("status", "-f", file)
    assert (code, of(document)["nodes"]) == (0, ["n1"])
    nowhere, file = served({"lan": {**c.lan(), "nodeSelector": {"rack": "z"}}})
    code, document = nowhere.document("status", "-f", file)
    assert (code, codes(of(document))) == (1, ["live-no-node"])


def test_a_pod_that_runs_without_its_network_is_stale(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    sandbox = {
        "type": "PodReadyToStartContainers",
        "status": "True",
        "lastTransitionTime": "2026-03-01T12:00:01Z",
    }
    alone = pod("web-1-a", "n1", conditions=[sandbox])
    alone["metadata"]["annotations"].pop(c.STATUS)
    cluster.pods.append(alone)
    code, document = cluster.document("status", "-f", file)
    assert (code, codes(of(document))) == (1, ["live-pods-stale"])
    assert of(document)["stale"][0]["networks"] == ["default/lan"]


def test_what_a_dhcp_server_gives_is_not_known(served: Serve) -> None:
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth1", "ipam": {"type": "dhcp"}}
    cluster, file = served({"lan": {"config": config}})
    cluster.pods.append(pod("web-1-a", "n1", "10.7.0.2"))
    code, document = cluster.document("status", "-f", file)
    assert (code, of(document)["ipam"], of(document)["ranges"]) == (0, "dhcp", [])
    assert "not known" in cluster.run("status", "-f", file).stdout


def test_the_primarys_agent_is_looked_at_on_each_node(served: Serve) -> None:
    cluster, file = served({})
    agent = c.daemon_set("cilium")
    agent["spec"]["selector"]["matchLabels"] = {"k8s-app": "cilium"}
    cluster.lists["/apis/apps/v1/daemonsets"].append(agent)
    there = c.multus_pod("n1")
    there["metadata"] |= {"name": "cilium-n1", "labels": {"k8s-app": "cilium"}}
    cluster.pods.append(there)
    _, document = cluster.document("status", "-f", file)
    assert [n["primary"] for n in document["nodes"]] == [
        {"agent": "Cilium", "state": "ready"},
        {"agent": "Cilium", "state": "it has no pod there"},
    ]


@pytest.mark.parametrize("other", ["--json", "--free"])
def test_watch_is_for_looking(served: Serve, other: str) -> None:
    cluster, file = served({})
    ran = cluster.run("status", "-f", file, "--watch", other)
    assert ran.exit_code == 2
    assert f"does not go with {other}" in ran.stderr


def test_it_looks_again_until_it_is_interrupted(
    served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster, file = served({"lan": c.lan()})
    looks: list[int] = []

    def sleep(seconds: int) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("multinet.cli.status.time.sleep", sleep)
    ran = cluster.run("status", "-f", file, "--watch", "--every", "7")
    assert (ran.exit_code, looks) == (0, [7, 7, 7])
    assert ran.stdout.count("all is well") == 3


def test_a_thousand_pods_on_two_hundred_networks_are_few_requests(served: Serve) -> None:
    networks = {f"lan{i}": c.lan(range=f"10.{i}.0.0/22") for i in range(1, 201)}
    cluster, file = served(networks)
    for i in range(1000):
        number = i % 200 + 1
        ip = f"10.{number}.0.{i // 200 + 2}"
        cluster.pods.append(pod(f"p{i}", f"n{i % 2 + 1}", ip, network=f"lan{number}"))
    code, document = cluster.document("status", "-f", file)
    assert code == 0, document["findings"]
    assert sum(len(n["pods"]) for n in document["networks"]) == 1000
    assert {r["used"] for n in document["networks"] for r in n["ranges"]} == {5}
    assert len(cluster.asked) <= 15, cluster.asked

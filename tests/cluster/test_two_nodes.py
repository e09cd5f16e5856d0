"""Networks between nodes: two real ones on one LAN, and what `multinet verify` says of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import rig
from rig.demo import sample
from tests.cluster import verifying, whereabouts
from tests.cluster.verifying import Environment, bridge, by_network, codes, host_local
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

NODES = ("rig", "rig-2")
PATIENCE = 180.0


@pytest.fixture(scope="module")
def dev(
    two_nodes: tuple[rig.Cluster, rig.FurtherNode], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Environment]:
    """The dev environment on both nodes, and whereabouts."""
    cluster, second = two_nodes
    with (
        verifying.deployed(cluster, tmp_path_factory.mktemp("two")) as found,
        whereabouts.installed(cluster, second),
    ):
        yield found


def on_lan(ipam: Mapping[str, Any], master: str = "eth0") -> dict[str, Any]:
    return {"cniVersion": "1.0.0", "type": "macvlan", "master": master, "ipam": ipam}


def cluster_wide(third: int) -> dict[str, Any]:
    return {"type": "whereabouts", "range": f"10.66.{third}.0/24"}


def of(rows: list[dict[str, Any]], key: str) -> dict[str, Any]:
    """Node → what the row of that node says."""
    assert sorted(row["node"] for row in rows) == sorted(NODES)
    return {row["node"]: row[key] for row in rows}


def test_multus_runs_on_both_nodes(dev: Environment) -> None:
    daemon_set = json.loads(
        dev.cluster.kubectl("get", "daemonset", "multinet-multus", "-n", "kube-system", "-o=json")
    )
    assert daemon_set["status"]["numberReady"] == 2


def test_pods_of_two_nodes_reach_each_other_where_their_network_says_so(dev: Environment) -> None:
    networks = {
        "lan": {"config": on_lan(cluster_wide(1))},
        "inside": {"config": bridge(1)},
        "rack": {
            "config": on_lan(host_local(2)),
            "nodeSelector": {"kubernetes.io/hostname": "rig-2"},
        },
    }
    file = dev.declare("reach", networks)
    try:
        code, document = dev.document(file)
        rows = by_network(document)
        assert code == 0, document
        # Over the LAN, each from its node to the other.
        assert of(rows["lan"], "reachability") == {"rig": "yes: rig-2", "rig-2": "yes: rig"}
        addresses = [address for row in rows["lan"] for address in row["addresses"]]
        assert len(set(addresses)) == 2
        # A bridge is each node's own: both hand out the same addresses, which is no trouble.
        inside = {(row["node"], row["reachability"]) for row in rows["inside"]}
        assert inside == {("rig", "yes: rig"), ("rig-2", "yes: rig-2")}
        assert len(rows["inside"]) == 4
        assert {row["node"] for row in rows["rack"]} == {"rig-2"}
        assert dev.pods_left() == ""
        assert at_last(lambda: whereabouts.books(dev.cluster) == {}, PATIENCE)
    finally:
        dev.drop(*networks)


def test_a_named_node_is_the_only_one(dev: Environment) -> None:
    code, document = dev.document(dev.file, "--node", "rig-2")
    assert code == 0, document
    assert {row["node"] for row in document["rows"]} == {"rig-2"}


def test_two_nodes_that_hand_out_the_same_address_are_told(dev: Environment) -> None:
    """What host-local does on a LAN, and `validate` warns of."""
    file = dev.declare("same", {"same": {"config": on_lan(host_local(3))}})
    try:
        code, document = dev.document(file)
        rows = by_network(document)["same"]
        assert code == 1
        assert of(rows, "addresses") == {"rig": ["10.7.3.2/24"], "rig-2": ["10.7.3.2/24"]}
        assert [codes(row) for row in rows] == [["live-duplicate-address"]] * 2
        assert "10.7.3.2 was given to 2 pods, on rig, rig-2" in rows[0]["findings"][0]["rule"]
        assert {row["reachability"] for row in rows} == {"not tried: same address"}
    finally:
        dev.drop("same")


def test_a_pod_of_somebody_else_with_the_same_address_is_named(dev: Environment) -> None:
    """As on every LAN where host-local was used before verify came: the pod's node is another."""
    file = dev.declare("taken", {"taken": {"config": on_lan(host_local(6))}})
    pod = sample.pod("shop", networks="taken")
    pod["spec"]["nodeName"] = "rig"
    dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(pod))
    try:
        dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/shop", "--timeout=180s")
        code, document = dev.document(file)
        rows = by_network(document)["taken"]
        assert code == 1
        assert of(rows, "addresses") == {"rig": ["10.7.6.3/24"], "rig-2": ["10.7.6.2/24"]}
        (other,) = [row for row in rows if row["node"] == "rig-2"]
        assert codes(other) == ["live-duplicate-address"]
        assert "default/shop on rig and one of verify's" in other["findings"][0]["rule"]
        assert other["reachability"] == "not tried: same address"
    finally:
        dev.cluster.kubectl("delete", "pod", "shop", "--wait=true")
        dev.drop("taken")


def test_a_range_that_both_nodes_hand_out_is_told_though_their_counters_differ(
    dev: Environment,
) -> None:
    file = dev.declare("apart", {"apart": {"config": on_lan(host_local(8))}})
    try:
        # One pod came and went on the first node, which goes on from the next address.
        pod = sample.pod("came", networks="apart")
        pod["spec"]["nodeName"] = "rig"
        dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(pod))
        dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/came", "--timeout=180s")
        dev.cluster.kubectl("delete", "pod", "came", "--wait=true")
        code, document = dev.document(file)
        rows = by_network(document)["apart"]
        assert of(rows, "addresses") == {"rig": ["10.7.8.3/24"], "rig-2": ["10.7.8.2/24"]}
        assert code == 1
        assert [codes(row) for row in rows] == [["live-shared-range"]] * 2
        assert of(rows, "reachability") == {"rig": "yes: rig-2", "rig-2": "yes: rig"}
    finally:
        dev.drop("apart")


def test_what_one_node_lacks_is_told_of_that_node_alone(
    dev: Environment, two_nodes: tuple[rig.Cluster, rig.FurtherNode]
) -> None:
    _, second = two_nodes
    second.run(["ip", "link", "add", "fab0", "type", "bridge"])
    second.run(["ip", "link", "set", "fab0", "up"])
    file = dev.declare("lack", {"lack": {"config": on_lan(cluster_wide(4), "fab0")}})
    try:
        code, document = dev.document(file)
        rows = by_network(document)["lack"]
        assert code == 1
        verdicts = of(rows, "verdict")
        assert verdicts["rig-2"] == "ok", rows
        (lacking,) = [row for row in rows if row["node"] == "rig"]
        assert codes(lacking, "causes") == ["live-parent-missing"]
        assert "fab0" in lacking["causes"][0]["rule"]
    finally:
        dev.drop("lack")
        second.run(["ip", "link", "delete", "fab0"])


PICKY = (
    "table bridge picky {\n chain forward {\n type filter hook forward priority 0;\n"
    " ether type ip ip daddr 10.66.5.0/24 drop\n }\n}"
)


def test_a_switch_between_the_nodes_that_drops_the_pods_frames_is_told(dev: Environment) -> None:
    """As a hypervisor's switch does with MAC addresses that it has not given out."""
    file = dev.declare("cut", {"cut": {"config": on_lan(cluster_wide(5))}})
    dev.cluster.lan_run(["nft", PICKY])
    try:
        code, document = dev.document(file)
        rows = by_network(document)["cut"]
        assert code == 1
        assert of(rows, "reachability") == {"rig": "no: rig-2", "rig-2": "no: rig"}
        for row in rows:
            assert codes(row) == ["live-unreachable"]
            assert codes(row, "causes") == ["live-l2-blocked"]
    finally:
        dev.cluster.lan_run(["nft", "delete", "table", "bridge", "picky"])
        dev.drop("cut")


def test_an_environment_without_networks_is_tried_on_both_nodes(dev: Environment) -> None:
    code, document = dev.document(dev.declare("none", {}))
    assert code == 0, document
    assert document["rows"] == []
    assert [node["node"] for node in document["nodes"]] == list(NODES)
    assert {node["verdict"] for node in document["nodes"]} == {"ok"}
    assert {node["primary"] for node in document["nodes"]} == {"rig"}
    assert all(node["addresses"][0].startswith("10.233.") for node in document["nodes"])


def test_a_node_without_multus_is_told_and_gets_it_by_a_rollout(dev: Environment) -> None:
    label = "multinet.test/no-multus"
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {
        "nodeSelectorTerms": [{"matchExpressions": [{"key": label, "operator": "DoesNotExist"}]}]
    }}}  # fmt: skip
    kubectl = dev.cluster.kubectl
    target = ("daemonset/multinet-multus", "--namespace=kube-system")
    patch = {"spec": {"template": {"spec": {"affinity": affinity}}}}
    kubectl("label", "node", "rig-2", f"{label}=")
    kubectl("patch", *target, "--type=merge", "--patch", json.dumps(patch))
    try:
        kubectl("rollout", "status", *target, "--timeout=180s")
        assert at_last(lambda: _multus_nodes(dev.cluster) == ["rig"], PATIENCE)
        code, document = dev.document(dev.file)
        assert code == 1
        (finding,) = document["findings"]
        assert finding["code"] == "live-multus-not-ready"
        assert "rig-2: it has no pod there" in finding["rule"]
        verdicts = [(row["node"], row["verdict"]) for row in document["rows"]]
        assert verdicts == [("rig", "ok"), ("rig", "ok"), ("rig-2", "not tried")]
    finally:
        kubectl("label", "node", "rig-2", f"{label}-")
        back = [{"op": "remove", "path": "/spec/template/spec/affinity"}]
        kubectl("patch", *target, "--type=json", "--patch", json.dumps(back))
        kubectl("rollout", "status", *target, "--timeout=180s")
        assert at_last(lambda: _multus_nodes(dev.cluster) == list(NODES), PATIENCE)


def _multus_nodes(cluster: rig.Cluster) -> list[str]:
    selector = ("pods", "-n=kube-system", "-l=app.kubernetes.io/name=multus", "-o=json")
    pods = json.loads(cluster.kubectl("get", *selector))["items"]
    return sorted(pod["spec"]["nodeName"] for pod in pods)

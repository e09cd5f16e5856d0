"""A further node joins a rig: pods on both, one LAN between them, and nothing left of either."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

import rig
from tests.rig.machine import create, look, pod

pytestmark = pytest.mark.cluster

Two = tuple[rig.Cluster, rig.FurtherNode]


@pytest.fixture(scope="module")
def addresses(two_nodes: Two) -> Iterator[dict[str, str]]:
    """Of a running pod on each node."""
    cluster, _ = two_nodes
    nodes = ("rig", "rig-2")
    for node in nodes:
        create(cluster, pod(f"on-{node}", "sleep", "100000", nodeName=node))
    names = [f"pod/on-{node}" for node in nodes]
    cluster.kubectl("wait", "--for=condition=Ready", *names, "--timeout=180s")
    where = "jsonpath={.status.podIP}"
    yield {node: cluster.kubectl("get", "pod", f"on-{node}", "-o", where) for node in nodes}
    cluster.kubectl("delete", *names, "--now")


def test_both_nodes_are_ready_with_a_share_of_the_pods_addresses(two_nodes: Two) -> None:
    cluster, _ = two_nodes
    nodes = json.loads(cluster.kubectl("get", "nodes", "-o", "json"))["items"]
    shares = {n["metadata"]["name"]: n["spec"]["podCIDR"] for n in nodes}
    # Which one the second gets is the controller manager's to say: one may be lost in a retry.
    assert shares.keys() == {"rig", "rig-2"}
    assert len(set(shares.values())) == 2
    for node in nodes:
        ready = {c["type"]: c["status"] for c in node["status"]["conditions"]}
        assert ready["Ready"] == "True"
    components = cluster.status().components
    assert cluster.status().state == "up"
    assert components["rig-2/kubelet"]["state"] == "running"


@pytest.mark.parametrize(("one", "other"), [("rig", "rig-2"), ("rig-2", "rig")])
def test_pods_reach_each_other_and_the_api_from_either_node(
    two_nodes: Two, addresses: dict[str, str], one: str, other: str
) -> None:
    cluster, _ = two_nodes
    inside = ("exec", f"on-{one}", "--")
    cluster.kubectl(*inside, "ping", "-c1", "-W2", addresses[other])
    cluster.kubectl(*inside, "ping", "-c1", "-W2", "192.168.1.1")
    ask = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 10.233.0.1 443"
    assert "to an HTTPS server" in cluster.kubectl(*inside, "sh", "-c", ask)
    cluster.lan_run(["busybox", "ping", "-c1", "-W2", addresses[other]])


def test_the_lan_carries_frames_of_macs_that_it_has_never_seen(two_nodes: Two) -> None:
    cluster, second = two_nodes
    link = "ip link add mv0 link eth0 type macvlan mode bridge"
    for run, host in ((cluster.node_run, 1), (second.run, 2)):
        up = f"{link} && ip address add 10.77.7.{host}/24 dev mv0 && ip link set mv0 up"
        run(["sh", "-c", up])
    try:
        cluster.node_run(["busybox", "ping", "-c1", "-W5", "10.77.7.2"])
        second.run(["busybox", "ping", "-c1", "-W5", "10.77.7.1"])
    finally:
        for run in (cluster.node_run, second.run):
            run(["ip", "link", "delete", "mv0"])


def test_the_second_node_has_keys_of_its_own_and_no_others(two_nodes: Two) -> None:
    _, second = two_nodes
    names = {path.stem for path in (second.state_dir / "pki").iterdir()}
    assert names == {"ca", "kubelet", "kubelet-server", "kube-proxy"}
    assert not (second.state_dir / "pki" / "ca.key").exists()


@pytest.mark.parametrize("stranger", ["192.0.2.1", "10.96.0.1"])
def test_nothing_leaves_the_second_node_either(two_nodes: Two, stranger: str) -> None:
    _, second = two_nodes
    assert second.run(["ip", "route", "get", stranger], check=False).returncode != 0
    (link,) = json.loads(second.run(["ip", "-j", "address", "show", "eth0"]).stdout)
    assert link["addr_info"][0]["local"] == "192.168.1.11"
    assert link["address"] not in [own["address"] for own in look().links]


def test_a_node_that_cannot_join_leaves_the_cluster_as_it_was(two_nodes: Two) -> None:
    cluster, _ = two_nodes
    before = cluster.status()
    with pytest.raises(rig.RigError):
        cluster.join(timeout=0.0)
    after = cluster.status()
    assert after.state == before.state == "up"
    assert after.components.keys() == before.components.keys()
    assert not (cluster.state_dir / "nodes" / "rig-3").exists()

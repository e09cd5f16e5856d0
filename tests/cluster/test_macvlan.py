"""A pod on macvlan-conf, on a real node, with Multus thick and thin."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module", params=["thick", "thin"])
def deployed(
    request: pytest.FixtureRequest, cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[rig.Cluster]:
    """The dev environment on the node, by its rendered manifests; taken off again."""
    directory: Path = tmp_path_factory.mktemp(request.param)
    overrides = {**RigCluster().overrides(), "multus": {"mode": request.param}}
    manifests.render_environment(write_stack_file(directory, overrides), directory / "out")
    manifests.apply(directory / "out", cluster)
    try:
        yield cluster
    finally:
        # While Multus is there to detach it, and before others look at the node that they share.
        cluster.kubectl("delete", "pod", sample.NAME, "--ignore-not-found", "--wait")
        for path in sorted((directory / "out" / "manifests").glob("[0-9]*.yaml"), reverse=True):
            cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def links(cluster: rig.Cluster, pod: str) -> str:
    return cluster.kubectl("exec", pod, "--", "ip", "a")


def node_link(cluster: rig.Cluster, name: str) -> dict[str, Any]:
    (found,) = json.loads(cluster.node_run(["ip", "-j", "link", "show", name]).stdout)
    assert isinstance(found, dict)
    return found


def test_a_pod_gets_an_address_of_the_range_on_a_child_of_eth0_and_keeps_its_primary(
    deployed: rig.Cluster,
) -> None:
    proof = sample.run(deployed.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []
    status = {entry["interface"]: entry for entry in proof.status}
    assert status["eth0"]["default"] is True
    assert status["net1"]["name"] == "default/macvlan-conf"
    (address,) = status["net1"]["ips"]
    assert int(ipaddress.ip_address("192.168.1.200")) <= int(ipaddress.ip_address(address))
    assert int(ipaddress.ip_address(address)) <= int(ipaddress.ip_address("192.168.1.216"))
    # The pod's net1 names its parent by the index that the node's eth0 has.
    parent = deployed.kubectl("exec", sample.NAME, "--", "cat", "/sys/class/net/net1/iflink")
    assert int(parent) == node_link(deployed, "eth0")["ifindex"]
    kind = deployed.kubectl("exec", sample.NAME, "--", "cat", "/sys/class/net/net1/address").strip()
    assert kind == status["net1"]["mac"]


def test_the_pod_reaches_the_lan_by_its_second_interface_and_the_node_by_its_first(
    deployed: rig.Cluster,
) -> None:
    sample.run(deployed.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    ping = ("exec", sample.NAME, "--", "ping", "-c1", "-W2", "-I")
    deployed.kubectl(*ping, "net1", "192.168.1.1")
    deployed.kubectl(*ping, "eth0", "10.233.64.1")


def test_the_default_route_of_the_example_takes_the_services_away_as_the_warning_says(
    deployed: rig.Cluster,
) -> None:
    sample.run(deployed.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    route = deployed.kubectl("exec", sample.NAME, "--", "ip", "route", "get", "10.233.0.1")
    assert "dev net1" in route


LAB = {
    "apiVersion": "k8s.cni.cncf.io/v1",
    "kind": "NetworkAttachmentDefinition",
    "metadata": {"name": "lab", "namespace": "default"},
    "spec": {
        "config": json.dumps(
            {
                "cniVersion": "1.0.0",
                "type": "macvlan",
                "master": "eth0",
                "ipam": {"type": "host-local", "subnet": "10.9.0.0/24"},
            }
        )
    },
}


def test_a_default_route_that_is_asked_for_is_not_given_as_the_warning_says(
    deployed: rig.Cluster,
) -> None:
    asked = json.dumps([{"name": "lab", "default-route": ["10.9.0.1"]}])
    objects = [LAB, sample.pod("routed", asked)]
    deployed.kubectl("apply", "--server-side", "-f", "-", input=json.dumps(
        {"apiVersion": "v1", "kind": "List", "items": objects}
    ))  # fmt: skip
    try:
        deployed.kubectl("wait", "--for=condition=Ready", "pod/routed", "--timeout=180s")
        assert "net1" in links(deployed, "routed")
        routes = deployed.kubectl("exec", "routed", "--", "ip", "route").splitlines()
        (default,) = [route for route in routes if route.startswith("default")]
        assert "eth0" in default
    finally:
        deployed.kubectl("delete", "pod", "routed", "--wait", "--ignore-not-found")
        deployed.kubectl("delete", "network-attachment-definitions", "lab", "--ignore-not-found")


def test_a_pod_without_the_annotation_has_only_its_primary(deployed: rig.Cluster) -> None:
    deployed.kubectl("delete", "pod", "plain", "--ignore-not-found")
    plain = json.dumps(sample.pod("plain", networks=""))
    deployed.kubectl("apply", "--server-side", "-f", "-", input=plain)
    deployed.kubectl("wait", "--for=condition=Ready", "pod/plain", "--timeout=180s")
    assert "net1" not in links(deployed, "plain")
    deployed.kubectl("delete", "pod", "plain", "--wait")


def test_a_network_that_does_not_exist_keeps_the_pod_from_starting_and_says_why(
    deployed: rig.Cluster,
) -> None:
    lost = json.dumps(sample.pod("lost", networks="no-such-network"))
    deployed.kubectl("apply", "--server-side", "-f", "-", input=lost)
    event = "jsonpath={.status.containerStatuses[0].state.waiting.reason}"
    deployed.kubectl("wait", f"--for={event}=ContainerCreating", "pod/lost", "--timeout=180s")
    try:
        deadline = 30
        for _ in range(deadline):
            events = deployed.kubectl("get", "events", "--field-selector=involvedObject.name=lost")
            if "no-such-network" in events:
                break
            deployed.kubectl("wait", "--for=delete", "pod/lost", "--timeout=1s", check=False)
        assert "no-such-network" in events
    finally:
        deployed.kubectl("delete", "pod", "lost", "--wait", "--grace-period=0", "--force")


def test_credentials_on_the_node_are_for_root_alone(deployed: rig.Cluster) -> None:
    find = ["find", "/etc/cni", "/run/multus", "-name", "*kubeconfig*", "-type", "f"]
    everyones = deployed.node_run([*find, "-perm", "/077"], check=False).stdout.split()
    assert everyones == []

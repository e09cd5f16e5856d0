"""The rig is a real cluster: pods run, are reached, and reach the API by its service address."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from rig.images import File, Image, busybox, write_archive
from tests.rig.machine import create, look, pod, within

pytestmark = pytest.mark.cluster

POD = "rig-sample"


@pytest.fixture(scope="module")
def sample(cluster: rig.Cluster) -> Iterator[str]:
    """A running pod."""
    create(cluster, pod(POD, "sh", "-c", "echo hello; exec sleep 100000"))
    cluster.kubectl("wait", "--for=condition=Ready", f"pod/{POD}", "--timeout=180s")
    yield POD
    cluster.kubectl("delete", "pod", POD, "--now")


def test_the_node_is_ready_and_of_the_pinned_version(cluster: rig.Cluster) -> None:
    node = json.loads(cluster.kubectl("get", "node", "rig", "-o", "json"))
    ready = {c["type"]: c["status"] for c in node["status"]["conditions"]}
    assert ready["Ready"] == "True"
    assert node["status"]["nodeInfo"]["kubeletVersion"] == rig.parts.version_of("kubernetes")
    assert node["spec"]["podCIDR"] == "10.233.64.0/24"


def test_a_pod_gets_an_address_of_the_pod_range(cluster: rig.Cluster, sample: str) -> None:
    address = cluster.kubectl("get", "pod", sample, "-o", "jsonpath={.status.podIP}")
    assert ipaddress.ip_address(address) in ipaddress.ip_network("10.233.64.0/24")
    inside = cluster.kubectl("exec", sample, "--", "ip", "-4", "addr", "show", "eth0")
    assert f"inet {address}/24" in inside


def test_logs_and_exec_reach_a_pod(cluster: rig.Cluster, sample: str) -> None:
    assert cluster.kubectl("logs", sample) == "hello\n"
    assert cluster.kubectl("exec", sample, "--", "echo", "there") == "there\n"


@pytest.mark.parametrize("from_node", [False, True], ids=["pod", "hostNetwork"])
def test_the_api_answers_at_its_service_address(cluster: rig.Cluster, from_node: bool) -> None:
    name = f"asks-{'node' if from_node else 'pod'}"
    # The certificate's check needs more than busybox; that it is TLS of the API is enough.
    command = "printf 'GET / HTTP/1.0\\r\\n\\r\\n' | nc -w 5 10.233.0.1 443"
    create(cluster, pod(name, "sh", "-c", command, hostNetwork=from_node, restartPolicy="Never"))
    try:
        done = "--for=jsonpath={.status.phase}=Succeeded"
        cluster.kubectl("wait", done, f"pod/{name}", "--timeout=180s")
        assert "Client sent an HTTP request to an HTTPS server" in cluster.kubectl("logs", name)
    finally:
        cluster.kubectl("delete", "pod", name, "--now")


def test_the_lan_reaches_pods_and_pods_the_lan(cluster: rig.Cluster, sample: str) -> None:
    address = cluster.kubectl("get", "pod", sample, "-o", "jsonpath={.status.podIP}")
    cluster.lan_run(["busybox", "ping", "-c1", "-W2", address])
    cluster.kubectl("exec", sample, "--", "ping", "-c1", "-W2", "192.168.1.1")


@pytest.mark.parametrize("stranger", ["192.0.2.1", "10.96.0.1", "198.51.100.7"])
def test_nothing_leaves_the_node(cluster: rig.Cluster, sample: str, stranger: str) -> None:
    ran = cluster.kubectl_run("exec", sample, "--", "nc", "-w", "2", stranger, "53")
    assert ran.returncode != 0
    assert cluster.node_run(["ip", "route", "get", stranger], check=False).returncode != 0
    assert "unreachable" in cluster.lan_run(["ip", "route", "show", "default"]).stdout


def test_the_uplink_is_eth0_and_not_the_machines(cluster: rig.Cluster) -> None:
    (link,) = json.loads(cluster.node_run(["ip", "-j", "address", "show", "eth0"]).stdout)
    assert link["addr_info"][0]["local"] == "192.168.1.10"
    assert link["address"] not in [own["address"] for own in look().links]


def test_the_node_writes_nothing_on_the_machine(cluster: rig.Cluster, project: Path) -> None:
    for path in ("/etc/rig-was-here", "/tmp/rig-was-here", f"{project}/rig-was-here"):
        cluster.node_run(["touch", path])
        assert not Path(path).exists(), f"the node wrote {path} on the machine"
        cluster.node_run(["rm", path])


def test_settings_of_the_whole_machine_are_only_shown_as_changed(cluster: rig.Cluster) -> None:
    name = "/proc/sys/vm/overcommit_memory"
    assert cluster.node_run(["cat", name]).stdout.strip() == "1", "the kubelet did not run"
    cluster.node_run(["sh", "-c", f"echo 2 > {name}"])
    assert Path(name).read_text().strip() != "2"
    cluster.node_run(["sh", "-c", f"echo 1 > {name}"])


def test_an_image_runs_under_any_name(
    cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> None:
    archive = tmp_path_factory.mktemp("image") / "own.tar"
    base = busybox(rig.parts.Parts())
    image = Image((*base.layers, {"/own": File(b"mine\n", 0o644)}), cmd=("cat", "/own"))
    digest = write_archive(archive, "mirror.example/own/tool:1", image)
    by_digest = f"other.example/tool@{digest}"
    cluster.load_image(archive, names=[by_digest])
    for number, name in enumerate(("mirror.example/own/tool:1", by_digest)):
        own = pod(f"own-{number}", restartPolicy="Never")
        own["spec"]["containers"][0] |= {"image": name, "command": ["cat", "/own"]}
        create(cluster, own)
        done = "--for=jsonpath={.status.phase}=Succeeded"
        cluster.kubectl("wait", done, f"pod/own-{number}", "--timeout=180s")
        assert cluster.kubectl("logs", f"own-{number}") == "mine\n"
        cluster.kubectl("delete", "pod", f"own-{number}", "--now")


@pytest.mark.parametrize("component", ["containerd", "kubelet", "kube-apiserver"])
def test_pods_survive_the_restart_of_a_component(
    cluster: rig.Cluster, sample: str, component: str
) -> None:
    before = cluster.status().components[component]["pid"]
    cluster.restart(component)
    assert cluster.status().components[component]["pid"] != before
    cluster.check()
    cluster.kubectl("wait", "--for=condition=Ready", "node/rig", "--timeout=180s")

    def answers() -> bool:
        return cluster.kubectl("exec", sample, "--", "echo", "alive", check=False) == "alive\n"

    # A kubelet learns of its pods a moment after it has called itself healthy.
    within(120, answers, "the pod cannot be reached any more")
    count = cluster.kubectl(
        "get", "pod", sample, "-o", "jsonpath={.status.containerStatuses[0].restartCount}"
    )
    assert count == "0"


def test_fifteen_pods_at_once_become_ready(cluster: rig.Cluster) -> None:
    pods = [pod(f"many-{number}", "sleep", "100000") for number in range(15)]
    names = [f"pod/{one['metadata']['name']}" for one in pods]
    create(cluster, *pods)
    try:
        cluster.kubectl("wait", "--for=condition=Ready", *names, "--timeout=180s")
        shown = cluster.kubectl("get", *names, "-o", "jsonpath={.items[*].status.podIP}")
        assert len(set(shown.split())) == 15
    finally:
        cluster.kubectl("delete", *names, "--now")

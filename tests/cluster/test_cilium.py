"""Cilium itself: the pinned agent, operator and chart, with Pulumi.cilium.yaml as it is."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from rig.cluster import addresses
from rig.cluster.components import KUBE_PROXY
from rig.demo import sample
from rig.images.catalog import busybox_binary
from tests.cluster import ciliums
from tests.cluster.ciliums import CONF_DIR, Site
from tests.waiting import at_last

# Its agent takes minutes to build, the first time.
pytestmark = pytest.mark.cluster

RANGE = ("192.168.1.200", "192.168.1.216")
SYSCTLS = ("kernel/unprivileged_bpf_disabled", "kernel/timer_migration")
CGROUPS = Path("/sys/fs/cgroup/unified")


class OneNode(Site):
    """A node with the environment as it ships; `before`: what of the machine it might have changed."""

    def __init__(self, name: str, scratch: Path, before: dict[str, str]) -> None:
        super().__init__(name, scratch)
        self.before = before

    def proof(self) -> sample.Proof:
        proof = sample.run(self.kubectl, *RANGE, self.demo.pod_cidr)
        return sample.with_service(proof, self.kubectl)

    def configuration(self) -> str:
        return self.cluster.node_run(["cat", f"{CONF_DIR}/00-multus.conf"]).stdout


def machine() -> dict[str, str]:
    """What an agent that is not shielded would change."""
    found = {name: Path("/proc/sys", name).read_text() for name in SYSCTLS}
    groups = sorted(p.name for p in CGROUPS.glob("multinet-rig-tests-cilium*"))
    return found | {"cgroups": " ".join(groups)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneNode]:
    name, before = f"tests-cilium-{os.getpid()}", machine()
    found = OneNode(name, tmp_path_factory.mktemp("cilium"), before)
    try:
        found.demo.up(rig.Progress())
        yield found
    finally:
        found.demo.down()


@pytest.mark.parametrize("mode", ["thin", "thick"])
def test_a_pod_has_ciliums_interface_and_macvlans(site: OneNode, mode: str) -> None:
    site.deploy(mode)
    proof = site.proof()
    assert proof.mismatches == []
    (first,) = [s for s in proof.status if s.get("default")]
    assert first["name"] == "cilium", "Multus delegated to the file that the agent wrote"


def test_a_second_apply_changes_nothing(site: OneNode) -> None:
    def generations() -> dict[str, int]:
        found = site.cluster.kubectl("-n", "kube-system", "get", "ds,deploy", "-o", "json")
        return {
            i["metadata"]["name"]: i["metadata"]["generation"] for i in json.loads(found)["items"]
        }

    before = generations()
    assert {"cilium", "cilium-operator", "multinet-multus"} <= before.keys()
    site.deploy("thick")
    assert generations() == before


@pytest.mark.long
def test_an_agent_that_restarts_leaves_multus_and_running_pods_alone(site: OneNode) -> None:
    site.proof()
    interfaces = ("exec", sample.NAME, "--", "ip", "-o", "address")
    before = site.configuration(), site.cluster.kubectl(*interfaces)
    site.restart("cilium")
    assert site.rollout("cilium") == 0
    assert (site.configuration(), site.cluster.kubectl(*interfaces)) == before
    assert site.proof().mismatches == []


@pytest.mark.long
def test_beside_an_exclusive_agent_thick_does_not_count_as_started_and_says_why(
    site: OneNode,
) -> None:
    kubectl = site.cluster.kubectl
    patch = ("-n", "kube-system", "patch", "configmap/cilium-config", "--type=merge", "-p")
    kubectl(*patch, json.dumps({"data": {"cni-exclusive": "true"}}))
    site.restart("cilium")
    assert site.rollout("cilium") == 0
    site.restart("multinet-multus")
    assert site.rollout("multinet-multus", 40) != 0, "pods would start without their networks"
    newest = ("-n", "kube-system", "logs", "--tail=-1", "-l", "app.kubernetes.io/name=multus")
    whom = "taken away each time by a Cilium with cni.exclusive: true"
    assert whom in kubectl(*newest)

    # As for a Cilium that others manage: one key, and its agents restarted to read it.
    existing = {"plugin": "existing", "confFile": "05-cilium.conflist"}
    site.deploy("thick", primaryCni={**existing, "adopt": {"plugin": "cilium"}})
    assert site.rollout("multinet-multus") == 0
    assert site.proof().mismatches == []


LAB = {"lab": {"config": ciliums.lab(0)}}
"""In place of the environment's network, whose default route takes hostPort away."""


def from_the_lan(site: OneNode, port: int) -> str:
    """What is told, to the LAN's gateway, on a port of the node."""
    ask = f"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | {busybox_binary()} nc -w 4"
    command = ["sh", "-c", f"{ask} {addresses.NODE_IP} {port}"]
    return site.cluster.lan_run(command, check=False).stdout


@pytest.mark.long
def test_host_ports_by_portmap_beside_a_network(site: OneNode) -> None:
    site.deploy("thick", primaryCni=ciliums.settings(portMap=True), networks=LAB)
    site.start(ciliums.server("shown", "lab", host_port=8081))
    assert site.status("shown").keys() == {"eth0", "net1"}
    assert "shown" in from_the_lan(site, 8081)
    site.drop("shown")
    assert at_last(lambda: from_the_lan(site, 8081) == "", 10), "its rules are taken away"


def node_reaches_service(site: OneNode) -> bool:
    """Whether a program of the node itself reaches the API server by its ClusterIP."""
    ask = f"{busybox_binary()} nc -w 4 {addresses.API_SERVICE_IP} 443 </dev/null"
    return site.cluster.node_run(["sh", "-c", ask], check=False).returncode == 0


@pytest.mark.long
def test_without_kube_proxy_cilium_serves_services_and_host_ports(site: OneNode) -> None:
    site.start(ciliums.server("early", "lab"))
    assert site.reaches_service("early")
    site.cluster.stop_component(KUBE_PROXY)
    site.cluster.node_run([KUBE_PROXY, "--cleanup"])
    # Pods have Cilium's own of ClusterIPs in any case.
    assert not node_reaches_service(site), "kube-proxy is gone"
    api = {"host": addresses.NODE_IP, "port": addresses.API_PORT}
    primary = ciliums.settings(kubeProxyReplacement=True)
    multus = {"mode": "thick", "apiServer": api}
    site.deploy("thick", primaryCni=primary, multus=multus, networks=LAB)
    site.start(ciliums.server("late", "lab", host_port=8082))
    assert site.status("late").keys() == {"eth0", "net1"}
    assert [site.reaches_service(pod) for pod in ("early", "late")] == [True, True]
    assert "late" in from_the_lan(site, 8082)
    site.drop("early", "late")


def test_nothing_of_the_machine_is_changed_and_nothing_stays(site: OneNode) -> None:
    during = machine()
    assert {k: v for k, v in during.items() if k != "cgroups"} == {
        k: v for k, v in site.before.items() if k != "cgroups"
    }
    site.demo.down()
    deadline = time.monotonic() + 10
    while machine() != site.before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert machine() == site.before

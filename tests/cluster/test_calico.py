"""Calico itself: its pinned agents by the manifest of their own module, and multinet beside it."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import rig
from multinet.stack import load
from rig.cluster import addresses
from rig.demo import manifests, nodes, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import PROJECT_DIR, write_stack_file
from tests.cluster import adoption
from tests.cluster.verifying import Environment
from tests.rig import machine

pytestmark = pytest.mark.cluster

RANGE = ("192.168.1.200", "192.168.1.216")
CONF_DIR = "/etc/cni/net.d"
FILE = "10-calico.conflist"
LAB = {
    "cniVersion": "1.0.0",
    "type": "macvlan",
    "master": addresses.UPLINK,
    "ipam": {"type": "host-local", "subnet": "10.77.0.0/24"},
}
"""Beside the nodes' own subnet, and without a default route: nothing of it breaks eth0."""


class Site:
    """A node whose primary CNI is Calico."""

    def __init__(self, name: str, scratch: Path) -> None:
        self.demo = RigCluster(name, "calico")
        self.cluster = rig.Cluster(name)
        self.scratch = scratch
        self.file = scratch

    def deploy(self, mode: str) -> None:
        """The dev environment and one more network, until all is rolled out."""
        dev = YAML(typ="safe").load((PROJECT_DIR / "Pulumi.dev.yaml").read_text("utf-8"))
        networks = {**dev["config"]["multinet:networks"], "lab": {"config": LAB}}
        sections = {"multus": {"mode": mode}, "networks": networks}
        self.file = write_stack_file(self.scratch, {**self.demo.overrides(), **sections})
        assert nodes.prepare(self.demo, self.file).findings == []
        manifests.render_environment(self.file, self.scratch / "out")
        manifests.apply(self.scratch / "out", self.cluster)

    def remove(self) -> None:
        """The other way round, as a destroy: the networks, Multus, and what is left on the node."""
        for path in sorted((self.scratch / "out" / "manifests").glob("[0-9]*.yaml"), reverse=True):
            self.cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))
        nodes.undo(self.demo, self.file)

    def proof(self) -> sample.Proof:
        proof = sample.run(self.cluster.kubectl, *RANGE, self.demo.pod_cidr)
        return sample.with_service(proof, self.cluster.kubectl)

    def on_node(self, *command: str) -> str:
        return self.cluster.node_run([*command]).stdout

    def listing(self) -> list[str]:
        """Files of the node that a Multus changes."""
        places = ("/etc/cni", "/opt/cni/bin", "/var/lib/multinet", "/var/lib/cni/multus")
        found = self.cluster.node_run(["find", *places, "/run/multus"], check=False).stdout
        return sorted(found.splitlines())


def traces(name: str) -> list[str]:
    """What a rig has left on the machine, a BPF program of Calico's included."""
    return [*machine.traces_of(name), *(p for p in machine.bpf_programs() if p.startswith("cali"))]


@pytest.fixture(scope="module")
def before() -> machine.Machine:
    return machine.look()


@pytest.fixture(scope="module")
def site(before: machine.Machine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    found = Site(f"tests-calico-{os.getpid()}", tmp_path_factory.mktemp("calico"))
    try:
        # Started apart: beside other tests a node takes its time.
        found.cluster.up(primary=False, timeout=600)
        found.demo.up(rig.Progress())
        yield found
    finally:
        found.demo.down()


@pytest.fixture(scope="module")
def bare(site: Site) -> list[str]:
    """The node's files before there was a Multus."""
    return site.listing()


def test_it_is_told_from_a_live_cluster_which_primary_runs(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.prod.yaml"
    where = ("--kubeconfig", str(site.cluster.kubeconfig), "-o", str(file), "--json")
    code, said = adoption.run(*where)
    primary = load(file).require().primary_cni
    assert (code, primary.plugin, primary.effective_conf_file) == (0, "existing", FILE), said
    assert primary.pod_cidrs == [addresses.POD_CIDR]


@pytest.mark.parametrize("mode", ["thin", "thick"])
@pytest.mark.usefixtures("bare")
def test_a_pod_has_calicos_interface_and_macvlans(site: Site, mode: str) -> None:
    site.deploy(mode)
    proof = site.proof()
    assert proof.mismatches == []
    (first,) = [s for s in proof.status if s.get("default")]
    assert first["name"] == "k8s-pod-network", "Multus delegated to the file that the agent wrote"


def test_verify_finds_the_networks_as_declared(site: Site, tmp_path: Path) -> None:
    environment = Environment(site.cluster, tmp_path)
    # Of macvlan-conf it would say, and rightly, what its subnet and default route do to eth0.
    sections = {**site.demo.overrides(), "networks": {"lab": {"config": LAB}}}
    code, said = environment.document(write_stack_file(tmp_path, sections))
    assert code == 0, said


@pytest.mark.long
def test_an_agent_that_restarts_leaves_multus_and_running_pods_alone(site: Site) -> None:
    kubectl = site.cluster.kubectl
    interfaces = ("exec", sample.NAME, "--", "sh", "-c", "ip -o address; ip route")
    before = site.on_node("cat", f"{CONF_DIR}/00-multus.conf"), kubectl(*interfaces)
    kubectl("-n", "kube-system", "rollout", "restart", "daemonset/calico-node")
    rollout = ("rollout", "status", "daemonset/calico-node", "--timeout=180s")
    kubectl("-n", "kube-system", *rollout)
    after = site.on_node("cat", f"{CONF_DIR}/00-multus.conf"), kubectl(*interfaces)
    assert after == before
    assert site.proof().mismatches == []


def test_a_destroy_leaves_calico_as_it_was_and_pods_start_on_it_alone(
    site: Site, bare: list[str]
) -> None:
    kubectl = site.cluster.kubectl
    kubectl("delete", "pod", sample.NAME, "plainpod", "--ignore-not-found", "--wait=true")
    site.remove()
    assert site.listing() == bare
    text = json.dumps(sample.pod("alone", networks=""))
    kubectl("apply", "--server-side", "--filename", "-", input=text)
    kubectl("wait", "--for=condition=Ready", "--timeout=60s", "pod/alone")
    shown: dict[str, Any] = json.loads(kubectl("get", "pod", "alone", "-o", "json"))
    assert "k8s.v1.cni.cncf.io/network-status" not in shown["metadata"]["annotations"]
    assert "cni.projectcalico.org/podIP" in shown["metadata"]["annotations"]
    kubectl("delete", "pod", "alone", "--wait=true")


def test_nothing_of_the_machine_is_changed_and_nothing_stays(
    site: Site, before: machine.Machine
) -> None:
    assert machine.look() == before, "while it runs"
    site.demo.down()
    deadline = time.monotonic() + 10
    while traces(site.cluster.name) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert traces(site.cluster.name) == []
    assert machine.look() == before

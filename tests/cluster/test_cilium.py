"""Cilium itself: the pinned agent, operator and chart, with Pulumi.cilium.yaml as it is."""

from __future__ import annotations

import dataclasses
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

# Its agent takes minutes to build, and nothing else needs it.
pytestmark = [pytest.mark.cluster, pytest.mark.long]

RANGE = ("192.168.1.200", "192.168.1.216")
CONF_DIR = "/etc/cni/net.d"
SYSCTLS = ("kernel/unprivileged_bpf_disabled", "kernel/timer_migration")
CGROUPS = Path("/sys/fs/cgroup/unified")


@dataclasses.dataclass
class Site:
    """A node whose primary CNI is Cilium; `before`: what of the machine it might have changed."""

    demo: RigCluster
    cluster: rig.Cluster
    before: dict[str, str]
    scratch: Path

    def deploy(self, mode: str, **sections: Any) -> None:
        """The environment by what is rendered of it, until everything is rolled out."""
        overrides = {**self.demo.overrides(), "multus": {"mode": mode}, **sections}
        stack = write_stack_file(self.scratch, overrides, base=self.demo.base)
        manifests.render_environment(stack, self.scratch / "out")
        manifests.apply(self.scratch / "out", self.cluster)

    def proof(self) -> sample.Proof:
        proof = sample.run(self.cluster.kubectl, *RANGE, self.demo.pod_cidr)
        return sample.with_service(proof, self.cluster.kubectl)

    def rollout(self, name: str, seconds: int = 180) -> int:
        """Status of waiting for a DaemonSet of kube-system; 0: it is rolled out."""
        where = ("-n", "kube-system", f"daemonset/{name}", f"--timeout={seconds}s")
        return self.cluster.kubectl_run("rollout", "status", *where).returncode

    def restart(self, name: str) -> None:
        self.cluster.kubectl("-n", "kube-system", "rollout", "restart", f"daemonset/{name}")

    def configuration(self) -> str:
        return self.cluster.node_run(["cat", f"{CONF_DIR}/00-multus.conf"]).stdout


def machine() -> dict[str, str]:
    """What an agent that is not shielded would change."""
    found = {name: Path("/proc/sys", name).read_text() for name in SYSCTLS}
    groups = sorted(p.name for p in CGROUPS.glob("multinet-rig-tests-cilium*"))
    return found | {"cgroups": " ".join(groups)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    name, before = f"tests-cilium-{os.getpid()}", machine()
    demo = RigCluster(name, "cilium")
    try:
        demo.up(rig.Progress())
        yield Site(demo, rig.Cluster(name), before, tmp_path_factory.mktemp("cilium"))
    finally:
        demo.down()


@pytest.mark.parametrize("mode", ["thin", "thick"])
def test_a_pod_has_ciliums_interface_and_macvlans(site: Site, mode: str) -> None:
    site.deploy(mode)
    proof = site.proof()
    assert proof.mismatches == []
    (first,) = [s for s in proof.status if s.get("default")]
    assert first["name"] == "cilium", "Multus delegated to the file that the agent wrote"


def test_a_second_apply_changes_nothing(site: Site) -> None:
    def generations() -> dict[str, int]:
        found = site.cluster.kubectl("-n", "kube-system", "get", "ds,deploy", "-o", "json")
        return {
            i["metadata"]["name"]: i["metadata"]["generation"] for i in json.loads(found)["items"]
        }

    before = generations()
    assert {"cilium", "cilium-operator", "multinet-multus"} <= before.keys()
    site.deploy("thick")
    assert generations() == before


def test_an_agent_that_restarts_leaves_multus_and_running_pods_alone(site: Site) -> None:
    site.proof()
    interfaces = ("exec", sample.NAME, "--", "ip", "-o", "address")
    before = site.configuration(), site.cluster.kubectl(*interfaces)
    site.restart("cilium")
    assert site.rollout("cilium") == 0
    assert (site.configuration(), site.cluster.kubectl(*interfaces)) == before
    assert site.proof().mismatches == []


def test_beside_an_exclusive_agent_thick_does_not_count_as_started_and_says_why(site: Site) -> None:
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


def test_nothing_of_the_machine_is_changed_and_nothing_stays(site: Site) -> None:
    during = machine()
    assert {k: v for k, v in during.items() if k != "cgroups"} == {
        k: v for k, v in site.before.items() if k != "cgroups"
    }
    site.demo.down()
    deadline = time.monotonic() + 10
    while machine() != site.before and time.monotonic() < deadline:
        time.sleep(0.2)
    assert machine() == site.before

"""The dev environment with Calico as it is: by the real operator, on the real engine and a real node."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

import rig
from rig.demo import engine, primaries, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import ACCEPTED, write_stack_file
from rig.images import calico

pytestmark = [pytest.mark.engine, pytest.mark.cluster, pytest.mark.long]

RANGE = ("192.168.1.200", "192.168.1.216")
BEFORE = ("kube-system", "kube-public", "kube-node-lease", "default")
OF_CALICO = ("tigera", "calico")
POOLS = "ippools.crd.projectcalico.org"


def silent(_line: str) -> None:
    """Nothing of the engine's output is of interest."""


class Site:
    """A node without a primary CNI, and the dev environment's stack."""

    def __init__(self, name: str, scratch: Path) -> None:
        self.demo = RigCluster(name, "calico-operator")
        self.cluster = rig.Cluster(name)
        self.project = engine.workspace(scratch)

    @property
    def stack(self) -> automation.Stack:
        return engine.stack(self.project, self.cluster.kubeconfig)

    def declare(self, **primary: Any) -> None:
        given = {**primaries.settings("calico-operator"), **primary}
        write_stack_file(self.project, {**ACCEPTED, "primaryCni": given})

    def get(self, *what: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(
            self.cluster.kubectl("get", *what, "-o=json", "--ignore-not-found") or '{"items": []}'
        )["items"]
        return found

    def of_calico(self) -> list[str]:
        """Objects without a namespace, and namespaces, that have its name."""
        kinds = "namespaces,customresourcedefinitions,clusterroles,clusterrolebindings,apiservices"
        names = self.cluster.kubectl("get", kinds, "-o=name").split()
        return [name for name in names if any(word in name for word in OF_CALICO)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    progress = rig.Progress(quiet=True)
    if calico.operator(progress) is None:
        pytest.skip(f"no {calico.OPERATOR} on PATH: it is in no registry of modules")
    made = Site(f"tests-operator-{os.getpid()}", tmp_path_factory.mktemp("operator"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULTINET_HELM", "")
        try:
            made.demo.up(progress)
            made.declare()
            yield made
        finally:
            made.cluster.down()


def test_the_dev_environment_comes_up_as_it_is_and_stays_the_same(site: Site) -> None:
    began = time.monotonic()
    assert set(engine.up(site.stack, silent)) == {"create"}
    print(f"up: {time.monotonic() - began:.0f} s")
    proof = sample.run(site.cluster.kubectl, *RANGE, site.demo.pod_cidr)
    proof = sample.with_service(proof, site.cluster.kubectl)
    assert proof.mismatches == []
    assert set(engine.up(site.stack, silent)) == {"same"}


def test_a_changed_pool_is_applied_when_up_says_so(site: Site) -> None:
    (before,) = site.get(POOLS)
    assert before["spec"]["natOutgoing"] is True
    site.declare(calico={"natOutgoing": False})
    assert "update" in engine.up(site.stack, silent)
    (after,) = site.get(POOLS)
    assert after["spec"].get("natOutgoing", False) is False


def test_destroyed_it_is_gone_from_the_cluster(site: Site) -> None:
    site.cluster.kubectl("delete", "pod", sample.NAME, "--ignore-not-found", "--wait")
    began = time.monotonic()
    site.stack.destroy(on_output=silent)
    took = time.monotonic() - began
    print(f"destroy: {took:.0f} s")
    assert site.of_calico() == []
    assert {n["metadata"]["name"] for n in site.get("namespaces")} == set(BEFORE)

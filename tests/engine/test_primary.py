"""The primary CNI by the real engine: order, waits, deletion, and an existing Cilium adopted.

Images cannot be pulled on a bare API server, so a stand-in for Calico's operator says what the
real one says (conditions, a finalizer), and only while the operator's Deployment is there.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi import automation

import rig
from multinet.render.yaml import dump
from rig.demo import engine
from rig.demo.environment import write_stack_file
from tests.cluster import primary

pytestmark = [pytest.mark.engine, pytest.mark.cluster]

FINALIZER = "tigera.io/operator-cleanup"


@pytest.fixture(scope="module")
def api_server_of_its_own() -> Iterator[rig.ControlPlane]:
    control_plane = rig.ControlPlane(f"tests-primary-engine-{os.getpid()}")
    try:
        control_plane.up()
        yield control_plane
    finally:
        control_plane.down()


@pytest.fixture
def _helm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTINET_HELM", str(rig.parts.ensure(*primary.PARTS).binary("helm")))


def stack(directory: Path, cluster: rig.ControlPlane, config: dict[str, Any]) -> automation.Stack:
    project = engine.workspace(directory)
    write_stack_file(project, config)
    return engine.stack(project, cluster.kubeconfig)


def silent(_line: str) -> None:
    """Nothing of the engine's output is of interest."""


class Operator(threading.Thread):
    """Makes the pools and says that all is ready, a while after it is there; cleans up when it goes.

    As the real one it has a finalizer on each of its resources, and takes it off when every other
    one is gone: what is deleted in the foreground has the garbage collector's, and stays for ever.
    """

    RESOURCES = ("installation", "apiserver")

    def __init__(self, cluster: rig.ControlPlane) -> None:
        super().__init__(daemon=True)
        self.cluster = cluster
        self.stopped = threading.Event()
        self.seen: list[str] = []

    def run(self) -> None:
        while not self.stopped.wait(0.5):
            with contextlib.suppress(Exception):
                self._reconcile()

    def _reconcile(self) -> None:
        for resource in self.RESOURCES:
            get = self.cluster.kubectl(
                "get", f"{resource}.operator.tigera.io", "-o", "json", check=False
            )
            for found in json.loads(get or '{"items": []}')["items"]:
                self._look_at(f"{resource}.operator.tigera.io/default", found)

    def _look_at(self, name: str, found: dict[str, Any]) -> None:
        there = self.cluster.kubectl(
            "-n", "tigera-operator", "get", "deploy", "-o", "name", check=False
        )
        if "tigera-operator" not in there:
            self.seen.append("orphaned")
            return
        finalizers = found["metadata"].get("finalizers", [])
        if "deletionTimestamp" in found["metadata"]:
            if finalizers == [FINALIZER]:
                self.seen.append(f"cleaned up {found['kind']}")
                self._patch(name, {"metadata": {"finalizers": None}})
        elif not finalizers:
            self._patch(name, {"metadata": {"finalizers": [FINALIZER]}})
            if found["kind"] != "Installation" or self.stopped.wait(4):
                return
            self._make_pools(found["spec"]["calicoNetwork"]["ipPools"])
            condition = {"type": "Ready", "status": "True", "reason": "AllObjectsAvailable",
                         "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z"}  # fmt: skip
            self.seen.append("ready")
            self._patch(name, {"status": {"conditions": [condition]}}, "--subresource=status")

    def _make_pools(self, declared: list[dict[str, Any]]) -> None:
        modes = {
            "IPIP": {"ipipMode": "Always"},
            "IPIPCrossSubnet": {"ipipMode": "CrossSubnet"},
            "VXLAN": {"vxlanMode": "Always"},
            "VXLANCrossSubnet": {"vxlanMode": "CrossSubnet"},
        }
        for number, pool in enumerate(declared):
            spec = {key: pool[key] for key in ("cidr", "blockSize", "nodeSelector")}
            spec |= {"natOutgoing": pool["natOutgoing"] == "Enabled"}
            spec |= modes.get(pool["encapsulation"], {})
            made = {
                "apiVersion": "crd.projectcalico.org/v1",
                "kind": "IPPool",
                "metadata": {"name": f"pool-{number}"},
                "spec": spec,
            }
            self.cluster.kubectl("apply", "-f", "-", input=json.dumps(made))

    def _patch(self, name: str, patch: dict[str, Any], *arguments: str) -> None:
        self.cluster.kubectl("patch", name, "--type=merge", "-p", json.dumps(patch), *arguments)


def deployments_are_available(cluster: rig.ControlPlane, stopped: threading.Event) -> None:
    """No kubelet runs here: says of every Deployment's pods that they do."""
    while not stopped.wait(0.5):
        with contextlib.suppress(Exception):
            pods = cluster.kubectl("-n", "tigera-operator", "get", "pods", "-o", "name").split()
            ready = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
            for pod in pods:
                patch = json.dumps({"status": ready})
                cluster.kubectl("-n", "tigera-operator", "patch", pod, "--subresource=status",
                                "--type=merge", "-p", patch)  # fmt: skip


def test_calico_is_waited_for_and_taken_down_while_its_operator_still_runs(
    api_server_of_its_own: rig.ControlPlane, tmp_path: Path
) -> None:
    cluster = api_server_of_its_own
    operator = Operator(cluster)
    helper = threading.Thread(
        target=deployments_are_available, args=(cluster, operator.stopped), daemon=True
    )
    target = stack(tmp_path, cluster, primary.environment("calico", rolloutTimeout="3m"))
    preview = target.preview(on_output=silent).change_summary
    assert [str(getattr(op, "value", op)) for op in preview] == ["create"], "on an empty cluster"
    operator.start()
    helper.start()
    try:
        assert set(engine.up(target, silent)) == {"create"}
        assert operator.seen == ["ready"], "up returned only after the Installation was ready"
        assert set(engine.up(target, silent)) == {"same"}
        began = time.monotonic()
        target.destroy(on_output=silent)
        assert time.monotonic() - began < 180, "a destroy waits for nobody who cannot come"
        assert "orphaned" not in operator.seen, "the operator went before its resources"
        assert {"cleaned up Installation", "cleaned up APIServer"} <= set(operator.seen)
        assert "tigera" not in cluster.kubectl("get", "ns,crd", "-o", "name")
    finally:
        operator.stopped.set()
        operator.join()
        helper.join()


def test_cilium_with_hubble_is_the_same_at_a_second_up(
    api_server_of_its_own: rig.ControlPlane, tmp_path: Path
) -> None:
    config = primary.environment("cilium", cilium={"hubble": True}, waitForRollout=False)
    target = stack(tmp_path, api_server_of_its_own, config)
    try:
        assert set(engine.up(target, silent)) == {"create"}
        assert set(engine.up(target, silent)) == {"same"}
        changes = target.refresh(on_output=silent).summary.resource_changes or {}
        assert {str(op) for op in changes} == {"same"}
    finally:
        target.destroy(on_output=silent)


def get(cluster: rig.ControlPlane, what: str) -> dict[str, Any]:
    said = cluster.kubectl("-n", "kube-system", "get", what, "-o", "json", "--show-managed-fields")
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.mark.usefixtures("_helm")
def test_an_existing_cilium_is_told_once_and_stays_its_owners(
    api_server_of_its_own: rig.ControlPlane, project: Path, tmp_path: Path
) -> None:
    cluster = api_server_of_its_own
    theirs = primary.environment("cilium", cilium={"exclusive": True})
    manifests = primary.manifests(project, theirs)
    text = "---\n".join(dump(m) for m in manifests)
    # An earlier test's destroy may still be taking this namespace away.
    cluster.kubectl("wait", "--for=delete", "namespace/cilium-secrets", "--timeout=180s")
    cluster.kubectl("apply", "--server-side", "--field-manager=helm", "-f", "-", input=text)
    before = get(cluster, "configmap/cilium-config"), get(cluster, "daemonset/cilium")
    assert before[0]["data"]["cni-exclusive"] == "true"
    ours = {"plugin": "existing", "confFile": "05-cilium.conflist", "waitForRollout": False,
            "adopt": {"plugin": "cilium"}}  # fmt: skip
    config = {"primaryCni": ours, "multus": {"enabled": False}, "networks": {}}
    target = stack(tmp_path, cluster, config)
    try:
        engine.up(target, silent)
        config_map, agents = (
            get(cluster, "configmap/cilium-config"),
            get(cluster, "daemonset/cilium"),
        )
        assert config_map["data"] == before[0]["data"] | {"cni-exclusive": "false"}
        assert agents["metadata"]["generation"] == before[1]["metadata"]["generation"] + 1
        added = agents["spec"]["template"]["metadata"]["annotations"]
        had = before[1]["spec"]["template"]["metadata"].get("annotations", {})
        assert set(added) - set(had) == {"multinet.dev/cni-exclusive"}
        owned = [
            f["fieldsV1"] for f in config_map["metadata"]["managedFields"] if f["manager"] != "helm"
        ]
        assert [f.get("f:data") for f in owned] == [{"f:cni-exclusive": {}}]
        assert set(engine.up(target, silent)) == {"same"}
        again = get(cluster, "daemonset/cilium")["metadata"]["generation"]
        assert again == agents["metadata"]["generation"], "restarted once, not at every up"

        taken_back = {"data": {"cni-exclusive": "true"}}
        cluster.kubectl("-n", "kube-system", "patch", "configmap/cilium-config", "--type=merge",
                        "-p", json.dumps(taken_back), "--field-manager=helm")  # fmt: skip
        time.sleep(1)  # managed fields are dated in seconds
        target.refresh(on_output=silent)
        engine.up(target, silent)
        assert get(cluster, "configmap/cilium-config")["data"] == config_map["data"]
        agents = get(cluster, "daemonset/cilium")
        assert agents["metadata"]["generation"] == again + 1, "to read what was set right"
        assert set(engine.up(target, silent)) == {"same"}
        target.destroy(on_output=silent)
        assert get(cluster, "configmap/cilium-config")["data"] == config_map["data"]
        left = get(cluster, "daemonset/cilium")
        assert left["metadata"]["generation"] == agents["metadata"]["generation"]
        assert "deletionTimestamp" not in left["metadata"]
    finally:
        cluster.kubectl("delete", "--ignore-not-found", "--wait=false", "-f", "-", input=text)

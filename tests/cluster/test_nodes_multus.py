"""On a real node, undo clears what a real Multus left, and pods start on the primary alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import rig
from rig.demo import manifests, nodes, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

pytestmark = pytest.mark.cluster


class _Node(RigCluster):
    """The test run's cluster in the place of the demo's."""

    def __init__(self, cluster: rig.Cluster) -> None:
        self._cluster = cluster
        self._primary = "bridge"
        self.kubeconfig = cluster.kubeconfig


def listing(cluster: rig.Cluster) -> list[str]:
    places = ["/etc/cni", "/opt/cni/bin", "/var/lib/multinet", "/var/lib/cni/multus", "/run/multus"]
    return sorted(cluster.node_run(["find", *places], check=False).stdout.splitlines())


@pytest.mark.parametrize("mode", ["thick", "thin"])
@pytest.mark.parametrize("declared", ["before Multus", "after Multus", "where one has been"])
def test_undo_clears_what_multus_left(
    fresh_cluster: rig.Cluster, tmp_path: Path, mode: str, declared: str
) -> None:
    cluster = fresh_cluster
    node = _Node(cluster)
    stack_file = write_stack_file(tmp_path, {**node.overrides(), "multus": {"mode": mode}})
    cluster.node_run(["sh", "-c", "rm -rf /run/multus /etc/cni/multus /var/lib/cni/multus"])
    before = listing(cluster)
    manifests.render_environment(stack_file, tmp_path / "out")
    if declared == "where one has been":
        # What is left of another Multus that was removed: nobody's, and not what ours leaves in it.
        hollow = ["/etc/cni/net.d/multus.d", "/etc/cni/multus/net.d", "/run/multus"]
        cluster.node_run(["mkdir", "-p", *hollow])
    if declared != "after Multus":
        prepared = nodes.prepare(node, stack_file)
        assert prepared.findings == []
    manifests.apply(tmp_path / "out", cluster)
    # A pod that starts before Multus has written its configuration runs on the primary alone.
    wait = "until ls /etc/cni/net.d/00-multus.conf*; do sleep 0.2; done"
    cluster.node_run(["timeout", "60", "sh", "-c", wait])
    proof = sample.run(cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
    assert proof.mismatches == []
    # Known as ours by its journal, or by the credential that Multus left: either is no finding.
    again = nodes.prepare(node, stack_file)
    assert again.findings == []
    cluster.kubectl("delete", "pod", sample.NAME, "--wait=true")
    for path in sorted((tmp_path / "out" / "manifests").glob("[0-9]*.yaml"), reverse=True):
        cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))
    left = set(listing(cluster)) - set(before)
    credential = "/etc/cni/net.d/multus.d/multus.kubeconfig"
    assert (credential if mode == "thin" else "/opt/cni/bin/multus-shim") in left
    nodes.undo(node, stack_file)
    assert listing(cluster) == before
    alone = sample.pod("alone", networks="")
    cluster.kubectl("apply", "-f", "-", input=json.dumps(alone))
    cluster.kubectl("wait", "--for=condition=Ready", "--timeout=180s", "pod/alone")
    cluster.kubectl("delete", "pod", "alone", "--wait=true")

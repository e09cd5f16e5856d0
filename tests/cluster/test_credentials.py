"""Multus's credential and privileges on a real node: for nobody else to read, and no more than it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import rig
from rig.demo import manifests as written
from rig.demo import sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module", params=["thick", "thin"])
def deployed(
    request: pytest.FixtureRequest, cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, rig.Cluster]]:
    """The dev environment on a real node, with a pod that was attached; taken off again."""
    directory: Path = tmp_path_factory.mktemp(request.param)
    overrides = {**RigCluster().overrides(), "multus": {"mode": request.param}}
    written.render_environment(write_stack_file(directory, overrides), directory / "out")
    # Of a thin Multus that another test had on this node; an undeclared node keeps it.
    cluster.node_run(["rm", "-rf", "/etc/cni/net.d/multus.d"])
    written.apply(directory / "out", cluster)
    try:
        sample.run(cluster.kubectl, "192.168.1.200", "192.168.1.216", "10.233.64.0/18")
        yield request.param, cluster
    finally:
        cluster.kubectl("delete", "pod", sample.NAME, "--ignore-not-found", "--wait")
        for path in sorted((directory / "out" / "manifests").glob("[0-9]*.yaml"), reverse=True):
            cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


def on_node(cluster: rig.Cluster, script: str) -> list[str]:
    return cluster.node_run(["sh", "-c", script]).stdout.split("\n")[:-1]


def test_no_credential_on_the_node_is_for_others_to_read(deployed: tuple[str, rig.Cluster]) -> None:
    mode, cluster = deployed
    kubeconfig = "/etc/cni/net.d/multus.d/multus.kubeconfig"
    holding = on_node(
        cluster, "grep -rlE 'eyJ[A-Za-z0-9_-]{20}' /etc/cni /opt/cni /run/multus || true"
    )
    assert holding == ([kubeconfig] if mode == "thin" else [])
    if mode == "thin":
        assert on_node(cluster, f"stat -c '%a %U' {kubeconfig}") == ["600 root"]
    readable = "find /etc/cni/net.d/00-multus.conf /run/multus -type s -o -type f -name '*.conf'"
    open_to_all = on_node(cluster, f"{readable} | xargs stat -c '%n %a' | grep -v '[04]0$' || true")
    assert open_to_all == []


def test_no_credential_is_in_a_log_or_an_event(deployed: tuple[str, rig.Cluster]) -> None:
    mode, cluster = deployed
    del mode
    kubectl = cluster.kubectl
    selector = "app.kubernetes.io/name=multus"
    logs = kubectl("-n", "kube-system", "logs", "-l", selector, "--all-containers", "--tail=-1")
    assert logs
    for text in (logs, kubectl("get", "events", "-A", "-o", "json")):
        assert "eyJhbGci" not in text, "a service account's token"
        assert "PRIVATE KEY" not in text


def test_the_kernel_confines_what_only_lays_out_files(
    deployed: tuple[str, rig.Cluster],
) -> None:
    """Thick's daemon runs plugins, which change links: it has all of the node, and needs it."""
    mode, cluster = deployed
    process = "thin_entrypoint" if mode == "thin" else "multus-daemon"
    find = f"grep -l '^{process}$' /proc/[0-9]*/comm | cut -d / -f 3 | head -1"
    lines = on_node(cluster, f'cat /proc/"$({find})"/status')
    status = dict(line.split(":", 1) for line in lines)
    if mode == "thick":
        assert int(status["CapEff"], 16) & 1 << 21, "CAP_SYS_ADMIN, to change its root"
        return
    assert int(status["CapEff"], 16) == 1 << 1, "CAP_DAC_OVERRIDE and nothing else"
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2", "the runtime's filter"

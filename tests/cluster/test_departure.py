"""What a destroy says before the primary CNI goes, of a real API server: which pods, which nodes."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

import rig
from multinet.primary_cni import departure

pytestmark = pytest.mark.cluster


def said(cluster: rig.ControlPlane, *, path: str = "", **environment: str) -> str:
    """What the script says, run as a destroy runs it, with the kubeconfig's contents."""
    kubectl = rig.parts.ensure("kubernetes").directory("kubernetes")
    given = {
        "KUBECACHEDIR": str(cluster.state_dir / "kubectl-cache"),
        "PATH": path or f"{kubectl}:{os.environ['PATH']}",
        "MULTINET_KUBECONFIG": cluster.kubeconfig.read_text(),
        "MULTINET_CONTEXT": "",
        "MULTINET_PRIMARY": "Calico",
        "MULTINET_STAYS": "10-calico.conflist",
        "MULTINET_NODES": "",
        **environment,
    }
    ran = subprocess.run(
        ["/bin/sh", "-c", departure.script()],
        env=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def pod(name: str, namespace: str = "default", **spec: Any) -> dict[str, Any]:
    container = {"name": "main", "image": "example.org/none"}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"nodeName": "n1", "containers": [container], **spec},
    }


def fill(cluster: rig.ControlPlane) -> None:
    """Three nodes, and pods: one that outlives the primary, and one of each kind that does not."""
    nodes = [
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}
        for name in ("n1", "n2", "n11")
    ]
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "calico-system"}}
    cilium = pod("hubble-relay", "kube-system")
    cilium["metadata"]["labels"] = {"app.kubernetes.io/part-of": "cilium"}
    pods = [
        pod("app"),
        pod("on-the-host", hostNetwork=True),
        pod("nowhere-yet", nodeName=""),
        pod("calico-kube-controllers", "calico-system"),
        cilium,
    ]
    for items in ([space, *nodes], pods):
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": items})
        cluster.kubectl("create", "-f", "-", input=text)


def test_pods_that_would_outlive_it_and_nodes_that_nobody_cleans_are_named(
    fresh_api_server: rig.ControlPlane,
) -> None:
    fill(fresh_api_server)
    told = said(fresh_api_server, MULTINET_NODES="n1 n2")
    pods, nodes = told.splitlines()
    assert pods.startswith("pods that outlive Calico, 1 in all: ")
    assert pods.split(": ")[-1].split() == ["default/app"]
    assert nodes.startswith("on nodes that are not declared there stay 10-calico.conflist ")
    assert nodes.split(": ")[-1].split() == ["n11"], "n1 is another node's name as well"

    away = fresh_api_server.kubeconfig.read_text().replace("//127.0.0.1:", "//127.0.0.1:1")
    assert said(fresh_api_server, MULTINET_KUBECONFIG=away) == "", "a destroy goes on"
    nowhere = {"path": "/nonexistent", "MULTINET_KUBECONFIG": ""}
    assert "kubectl is not on PATH here" in said(fresh_api_server, **nowhere)

    fresh_api_server.kubectl("delete", "pod", "app", "--force", "--grace-period=0")
    assert said(fresh_api_server, MULTINET_NODES="n1 n11 n2") == "", "where all is clean"

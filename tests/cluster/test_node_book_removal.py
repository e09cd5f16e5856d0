"""What becomes of the nodes' numbers at the end: the real API server, and the script of a destroy."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

import rig
from multinet.blocks import objects, removal
from multinet.findings.model import check
from multinet.multus.objects import custom_resource_definition
from multinet.multus.settings import MultusSettings
from multinet.names import NETWORK_STATUS
from multinet.networks.settings import NetworkSettings
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

MULTUS = MultusSettings()
LAN = {
    "cniVersion": "1.0.0",
    "type": "macvlan",
    "ipam": {"type": "host-local", "subnet": "10.50.0.0/24"},
}
NAD = {
    "apiVersion": "k8s.cni.cncf.io/v1",
    "kind": "NetworkAttachmentDefinition",
    "metadata": {"name": "theirs", "namespace": "default"},
}


def lease(number: int, node: str, **labels: str) -> dict[str, Any]:
    metadata = {
        "name": f"{objects.CLAIM}{number}",
        "namespace": MULTUS.namespace,
        "labels": labels or objects.BOOK,
    }
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": metadata,
        "spec": {"holderIdentity": node},
    }


def node(name: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}}


def pod(name: str, on: str, *networks: str, namespace: str = "default") -> dict[str, Any]:
    status = [{"name": "cbr0", "interface": "eth0", "default": True, "ips": ["10.1.0.9"]}]
    status += [{"name": n, "interface": f"net{i}"} for i, n in enumerate(networks, 1)]
    annotations = {NETWORK_STATUS: json.dumps(status, indent=4)}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": {
            "nodeName": on,
            "automountServiceAccountToken": False,
            "containers": [{"name": "c", "image": "none"}],
        },
    }


def removed(api: rig.ControlPlane) -> str:
    """What the script says, run as the engine runs it."""
    settings, found = check(NetworkSettings, {"config": LAN, "perNode": {"blockSize": 29}})
    assert settings is not None, found
    (kubectl, *_), environment = api.kubectl_command()
    of = removal.variables(MULTUS, {"lan": settings})
    path = f"{Path(kubectl).parent}:{os.environ['PATH']}"
    ran = subprocess.run(
        ["sh", "-c", removal.script()],
        env={**environment, **of, "PATH": path, "MULTINET_KUBECONFIG": environment["KUBECONFIG"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def book(api: rig.ControlPlane) -> set[str]:
    named = api.kubectl("get", "leases", "-n", MULTUS.namespace, "-o", "name").split()
    return {name.rpartition("/")[2] for name in named if objects.CLAIM in name}


def test_numbers_are_given_back_but_for_those_that_something_may_use(
    fresh_api_server: rig.ControlPlane,
) -> None:
    api = fresh_api_server

    def make(*made: dict[str, Any]) -> None:
        api.kubectl("create", "-f", "-", input="\n---\n".join(map(json.dumps, made)))

    assert "no node has a number" in removed(api)
    assert at_last(lambda: api.kubectl("get", "serviceaccount", "default", check=False) != "", 60.0)
    make(custom_resource_definition(), *(node(f"node-{i}") for i in range(5)))
    make(
        *(lease(i, f"node-{i}") for i in range(5)),
        lease(5, "left"),
        lease(7, "another", owner="somebody"),
    )
    assert at_last(lambda: "True" in api.kubectl("get", "crd", "-o", "yaml"), 60.0)
    make(NAD)
    make(
        pod("lives", "node-0", "default/lan"),
        pod("of-before", "node-1", "default/theirs", "default/left-earlier"),
        pod("on-theirs", "node-2", "default/theirs"),
        pod("over", "node-3", "default/lan"),
        pod("plain", "node-4"),
    )
    api.kubectl(
        *("patch", "pod", "over", "--subresource=status", "--type=merge"),
        *("-p", '{"status": {"phase": "Succeeded"}}'),
    )

    # Who takes numbers is still there.
    taker = pod("taker", "node-4", namespace=MULTUS.namespace)
    taker["metadata"]["labels"] = objects.LABELS
    make(taker)
    assert "1 pods that take numbers are still there" in removed(api)
    assert len(book(api)) == 7
    api.kubectl("delete", "pod", "taker", "-n", MULTUS.namespace, "--grace-period=0", "--force")

    said = removed(api)

    assert book(api) == {f"{objects.CLAIM}{i}" for i in (0, 1, 5, 7)}, said
    assert "number of node-0: pods there have addresses of its blocks: 1" in said
    assert "number of node-1: pods there have addresses of its blocks: 1" in said
    assert "number of left: the node left the cluster" in said
    assert "gave back the numbers of 3 nodes" in said
    assert f"delete lease {objects.CLAIM}0 {objects.CLAIM}1 {objects.CLAIM}5" in said
    # They are gone, and the command is typed as it was told.
    api.kubectl("delete", "pod", "lives", "of-before", "--grace-period=0", "--force")
    assert "gave back the numbers of 2 nodes" in removed(api)
    assert book(api) == {f"{objects.CLAIM}{i}" for i in (5, 7)}

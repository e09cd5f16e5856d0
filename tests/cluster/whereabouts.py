"""whereabouts on the rig's node: what its DaemonSet would do there, without its image."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import ipaddress
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import rig
from rig.cluster import addresses
from rig.demo.manifests import wait_for_crd
from rig.parts.build import fetch_chart
from rig.parts.catalog import GO_PARTS, ChartPart
from rig.parts.golang import ensure_go
from rig.progress import Progress

NAMESPACE = "kube-system"
GROUP = "whereabouts.cni.cncf.io"
MODULE = "github.com/k8snetworkplumbingwg/whereabouts"
_PROGRAM = "/opt/cni/bin/whereabouts"
_HOME = "/etc/cni/net.d/whereabouts.d"
_CONFIGURATION = {
    "configuration_path": _HOME,
    "kubernetes": {"kubeconfig": f"{_HOME}/whereabouts.kubeconfig"},
}
_APPLIED = ("CustomResourceDefinition", "ServiceAccount", "ClusterRole", "ClusterRoleBinding")
"""Of the chart. Its image cannot be had here: what that would lay out on the node is written."""


@dataclasses.dataclass(frozen=True)
class _Chart(ChartPart):
    """Its chart, out of the programs' own module."""

    @property
    def directory(self) -> Path:
        return GO_PARTS["whereabouts"].directory


CHART = _Chart("whereabouts", MODULE, "deployment/whereabouts-chart")


@contextlib.contextmanager
def installed(cluster: rig.Cluster, *further: rig.FurtherNode) -> Iterator[None]:
    """whereabouts on the nodes and its objects in the API server; taken away again."""
    nodes = [cluster.state_dir, *(node.state_dir for node in further)]
    progress = Progress(quiet=True)
    program = rig.parts.ensure("whereabouts", progress=progress).binary("whereabouts")
    objects = _objects(progress)
    text = "\n---\n".join(map(json.dumps, objects))
    try:
        cluster.kubectl("apply", "--server-side", "-f", "-", input=text)
        for made in objects:
            if made["kind"] == "CustomResourceDefinition":
                wait_for_crd(cluster.kubectl, made["metadata"]["name"])
        (account,) = (o["metadata"]["name"] for o in objects if o["kind"] == "ServiceAccount")
        kubeconfig = _kubeconfig(cluster, account)
        for node in nodes:
            shutil.copy(program, _on_node(node, _PROGRAM))
            home = _on_node(node, _HOME)
            home.mkdir(mode=0o700)
            (home / "whereabouts.conf").write_text(json.dumps(_CONFIGURATION))
            (home / "whereabouts.kubeconfig").write_text(kubeconfig)
        yield
    finally:
        cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", "-", input=text)
        cluster.kubectl("delete", "lease", "whereabouts", f"-n={NAMESPACE}", "--ignore-not-found")
        for node in nodes:
            _on_node(node, _PROGRAM).unlink(missing_ok=True)
            shutil.rmtree(_on_node(node, _HOME), ignore_errors=True)


def _objects(progress: Progress) -> list[dict[str, Any]]:
    chart = fetch_chart(CHART, ensure_go(progress), progress)
    helm = rig.parts.ensure("helm", progress=progress).binary("helm")
    argv = [helm, "template", "whereabouts", chart, "--include-crds", "--namespace", NAMESPACE]
    ran = subprocess.run(argv, capture_output=True, text=True, check=True)
    found = [o for o in YAML(typ="safe").load_all(ran.stdout) if o]
    return [o for o in found if o["kind"] in _APPLIED]


def _kubeconfig(cluster: rig.Cluster, account: str) -> str:
    """As its account, by the API server's service address: what its install script writes."""
    token = cluster.kubectl("create", "token", account, "--namespace", NAMESPACE).strip()
    ca = cluster.kubectl("get", "cm", "kube-root-ca.crt", "--output", r"jsonpath={.data.ca\.crt}")
    server = {
        "server": f"https://{addresses.API_SERVICE_IP}:443",
        "certificate-authority-data": base64.b64encode(ca.encode()).decode(),
    }
    context = {"cluster": "local", "user": "whereabouts", "namespace": NAMESPACE}
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "local", "cluster": server}],
            "users": [{"name": "whereabouts", "user": {"token": token}}],
            "contexts": [{"name": "whereabouts", "context": context}],
            "current-context": "whereabouts",
        }
    )


def _on_node(state_dir: Path, path: str) -> Path:
    """Where a file of the node below /opt/cni or /etc/cni is on this machine."""
    _, top, cni, rest = path.split("/", 3)
    return state_dir / "node" / f"{top}-{cni}" / rest


def books(cluster: rig.Cluster) -> dict[str, str]:
    """What its IPPools hold: address → namespace/pod."""
    pools = json.loads(cluster.kubectl("get", f"ippools.{GROUP}", f"-n={NAMESPACE}", "-o=json"))
    return {
        str(ipaddress.ip_network(pool["spec"]["range"])[int(offset)]): taken["podref"]
        for pool in pools["items"]
        for offset, taken in pool["spec"]["allocations"].items()
    }

"""A cluster as people have it: upstream's own Multus manifests, and networks made by hand."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

import rig
from multinet import versions
from multinet.cli.app import app
from rig.demo.manifests import wait_for_crd
from rig.images.catalog import MULTUS_REPOSITORY
from rig.parts.catalog import PARTS_DIR
from rig.parts.golang import ensure_go
from rig.progress import Progress

MODULE = "gopkg.in/k8snetworkplumbingwg/multus-cni.v4"
MACVLAN = {
    "cniVersion": "0.3.1",
    "type": "macvlan",
    "master": "eth0",
    "ipam": {"type": "host-local", "subnet": "192.168.1.0/24", "rangeStart": "192.168.1.100"},
}
CHAIN = {
    "cniVersion": "0.4.0",
    "name": "by-another-name",
    "plugins": [
        {
            "type": "bridge",
            "bridge": "br7",
            "ipam": {"type": "host-local", "subnet": "10.7.0.0/24"},
        },
        {"type": "tuning", "mtu": 1400},
    ],
}
REFUSED = {**MACVLAN, "mode": "brige"}


def upstream(kind: str) -> str:
    """One of upstream's installation manifests, out of the pinned module: `thick` or `thin`."""
    go = ensure_go(Progress(quiet=True))
    said = subprocess.run(
        [str(go.command), "mod", "download", "-json", MODULE],
        cwd=PARTS_DIR / "multus", env=go.environment(), capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    name = {"thick": "multus-daemonset-thick.yml", "thin": "multus-daemonset.yml"}[kind]
    return (Path(json.loads(said)["Dir"]) / "deployments" / name).read_text()


def install(cluster: rig.Cluster, kind: str) -> None:
    """Install Multus as its own page says: `kubectl apply` of the manifest, moving tag and all."""
    # The moving tag stands for the pinned release: nothing is pulled.
    ending = "-thick" if kind == "thick" else ""
    ours, theirs = f"{MULTUS_REPOSITORY}:{versions.MULTUS}{ending}", f"snapshot{ending}"
    tag = ["ctr", "--namespace", "k8s.io", "images", "tag", "--force", ours]
    cluster.node_run([*tag, f"{MULTUS_REPOSITORY}:{theirs}"])
    cluster.kubectl("apply", "-f", "-", input=upstream(kind))
    crd = "crd/network-attachment-definitions.k8s.cni.cncf.io"
    wait_for_crd(cluster.kubectl, crd)
    rollout = ("rollout", "status", "daemonset/kube-multus-ds", "--timeout=180s")
    cluster.kubectl("-n", "kube-system", *rollout)
    # Its pod counts as ready before its configuration is there, and pods that start in between
    # have no further network.
    there = [
        "sh",
        "-c",
        "for i in $(seq 60); do ls /etc/cni/net.d/00-multus* && exit; sleep 0.5; done; exit 1",
    ]
    cluster.node_run(there)


def uninstall(cluster: rig.Cluster, kind: str) -> None:
    cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", "-", input=upstream(kind))


def apply_nad(
    cluster: rig.ControlPlane, name: str, config: Any, namespace: str = "default", **metadata: Any
) -> None:
    manifest = {
        "apiVersion": "k8s.cni.cncf.io/v1",
        "kind": "NetworkAttachmentDefinition",
        "metadata": {"name": name, "namespace": namespace, **metadata},
        "spec": {"config": config if isinstance(config, str) else json.dumps(config)},
    }
    cluster.kubectl("apply", "-f", "-", input=json.dumps(manifest))


def make_networks(cluster: rig.ControlPlane) -> None:
    """Two that can be adopted, one that is wrong, one that belongs to Helm."""
    apply_nad(cluster, "blue", MACVLAN, labels={"team": "net"})
    apply_nad(cluster, "chain", CHAIN, "kube-system")
    apply_nad(cluster, "wrong", REFUSED)
    helm = {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "default"}
    apply_nad(cluster, "helms", {**MACVLAN, "master": "eth9"}, annotations=helm)


def nads(cluster: rig.ControlPlane) -> dict[str, dict[str, Any]]:
    found = json.loads(cluster.kubectl("get", "net-attach-def", "-A", "-o", "json"))
    return {item["metadata"]["name"]: item for item in found["items"]}


def run(*arguments: str) -> tuple[int, str]:
    """`multinet adopt`."""
    result = CliRunner().invoke(app, ["adopt", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output

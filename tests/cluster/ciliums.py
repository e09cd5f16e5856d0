"""What the tests of Cilium's real agents share: nodes whose primary CNI it is, and what pods reach."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import rig
from rig.cluster import addresses
from rig.demo import manifests, primaries, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file

CONF_DIR = "/etc/cni/net.d"
AGENTS = ("-n=kube-system", "-l=k8s-app=cilium")
SERVER = "echo $HOSTNAME >/tmp/index.html; exec httpd -f -p 80 -h /tmp"
"""What a pod runs that tells its name to who asks."""


def settings(**options: Any) -> dict[str, Any]:
    """`multinet:primaryCni` for the rig, with further options of `cilium`."""
    found = primaries.settings("cilium")
    return {**found, "cilium": {**found["cilium"], **options}}


def lab(third: int, **more: Any) -> dict[str, Any]:
    """A macvlan network beside the nodes' own subnet; without a default route."""
    ipam = {"type": "host-local", "subnet": f"10.77.{third}.0/24", **more}
    return {"cniVersion": "1.0.0", "type": "macvlan", "master": addresses.UPLINK, "ipam": ipam}


class Site:
    """A cluster whose primary CNI is Cilium."""

    def __init__(self, name: str, scratch: Path) -> None:
        self.demo = RigCluster(name, "cilium")
        self.cluster = rig.Cluster(name)
        self.kubectl = self.cluster.kubectl
        self.scratch = scratch

    def deploy(self, mode: str, **sections: Any) -> None:
        """The environment by what is rendered of it, until everything is rolled out."""
        overrides = {**self.demo.overrides(), "multus": {"mode": mode}, **sections}
        stack = write_stack_file(self.scratch, overrides, base=self.demo.base)
        manifests.render_environment(stack, self.scratch / "out")
        manifests.apply(self.scratch / "out", self.cluster)

    def rollout(self, name: str, seconds: int = 180) -> int:
        """Status of waiting for a DaemonSet of kube-system; 0: it is rolled out."""
        where = ("-n", "kube-system", f"daemonset/{name}", f"--timeout={seconds}s")
        return self.cluster.kubectl_run("rollout", "status", *where).returncode

    def restart(self, name: str) -> None:
        self.kubectl("-n", "kube-system", "rollout", "restart", f"daemonset/{name}")

    def start(self, *pods: Mapping[str, Any]) -> None:
        """Create pods and wait until they are ready."""
        text = json.dumps({"apiVersion": "v1", "kind": "List", "items": pods})
        self.kubectl("apply", "--server-side", "-f", "-", input=text)
        names = [f"pod/{pod['metadata']['name']}" for pod in pods]
        self.kubectl("wait", "--for=condition=Ready", "--timeout=180s", *names)

    def drop(self, *names: str) -> None:
        self.kubectl("delete", "pod", *names, "--ignore-not-found", "--wait=true")

    def status(self, pod: str) -> dict[str, list[str]]:
        """Interface → its addresses, as Multus wrote them on the pod."""
        found = json.loads(self.kubectl("get", "pod", pod, "-o", "json"))
        return {s["interface"]: s.get("ips", []) for s in manifests.network_status(found)}

    def reaches(self, pod: str, host: str, port: int) -> bool:
        """Whether a connection from a pod is taken."""
        ask = f"nc -w 4 {host} {port} </dev/null"
        return self.cluster.kubectl_run("exec", pod, "--", "sh", "-c", ask).returncode == 0

    def reaches_service(self, pod: str) -> bool:
        """Whether a pod reaches the API server by its ClusterIP."""
        return self.reaches(pod, addresses.API_SERVICE_IP, 443)


def server(name: str, networks: str = "", node: str = "", host_port: int = 0) -> dict[str, Any]:
    """A pod that tells its name on port 80."""
    made = sample.pod(name, networks)
    (container,) = made["spec"]["containers"]
    container["command"] = ["sh", "-c", SERVER]
    if host_port:
        container["ports"] = [{"containerPort": 80, "hostPort": host_port}]
    if node:
        made["spec"]["nodeName"] = node
    return made

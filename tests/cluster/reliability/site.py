"""What the tests of faults do to a real node: deploy, start pods, break things, count."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from kubernetes import client
from kubernetes import config as client_config

import rig
from multinet import paths
from rig.cluster import addresses
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import manifests, sample
from rig.demo.environment import write_stack_file
from rig.demo.manifests import wait_for_crd

CONF_DIR, BIN_DIR = "/etc/cni/net.d", "/opt/cni/bin"
CREDENTIAL = f"{CONF_DIR}/{paths.MULTUS_DIR}/multus.kubeconfig"
RESERVATIONS = "/var/lib/cni/networks"
"""Where host-local keeps a file per network and address that is in use."""
PRIMARY_NETWORK = "rig"
NAMESPACE, DAEMON_SET = "kube-system", "multinet-multus"
MULTUS_PODS = "app.kubernetes.io/name=multus"
RUNNING = [f"running-{i}" for i in range(3)]
"""Pods that run from the deployment of Multus on."""
LEAVINGS = (
    *(f"{BIN_DIR}/{name}" for name in ("multus", "multus-shim", "passthru")),
    *(CREDENTIAL.rpartition("/")[0], "/etc/cni/multus", "/var/lib/cni/multus", "/run/multus"),
)
"""What Multus makes on a node besides its configuration."""
STATE = "/var/lib/cni/multus"
_MADE_BY_ITS_MOUNTS = {"/etc/cni/multus", "/etc/cni/multus/net.d", "/run/multus"}
LEFT = {
    "thick": {f"{BIN_DIR}/multus-shim", f"{BIN_DIR}/passthru", STATE} | _MADE_BY_ITS_MOUNTS,
    "thin": {f"{BIN_DIR}/multus", f"{BIN_DIR}/passthru", STATE}
    | {CREDENTIAL, CREDENTIAL.rpartition("/")[0]},
}
"""Mode → what of it stays on a node that is not declared (docs/nodes.md, What stays)."""
PATIENCE = 300
"""Seconds until a test gives up. What a fault takes is printed, not asserted: machines differ."""
OURS = "reliability=yes"
"""Label of every pod that these tests start."""


def macvlan(subnet: str, **ipam: str) -> dict[str, Any]:
    """A network's declaration: macvlan on the node's uplink, addresses by host-local."""
    addresses = {"type": "host-local", "subnet": subnet, **ipam}
    config = {"cniVersion": "0.4.0", "type": "macvlan", "master": "eth0", "mode": "bridge"}
    return {"namespace": "default", "config": {**config, "ipam": addresses}}


NETWORKS = {
    # Room for every pod that the node holds.
    "wide": macvlan("172.30.0.0/22"),
    "narrow": macvlan("172.31.0.0/24", rangeStart="172.31.0.10", rangeEnd="172.31.0.12"),
    # Its plugin makes a link of the node.
    "lab": {
        "namespace": "default",
        "config": {
            "cniVersion": "1.0.0",
            "type": "bridge",
            "bridge": "br-lab",
            "ipam": {"type": "host-local", "subnet": "172.29.0.0/24"},
        },
    },
}


class Site:
    """A cluster and what was deployed on it.

    Attributes:
        mode: of the Multus that is shared by tests.
    """

    mode = ""

    def __init__(self, cluster: rig.Cluster, scratch: Path) -> None:
        self.cluster = cluster
        self.api = client.CoreV1Api(client_config.new_client_from_config(str(cluster.kubeconfig)))
        self._scratch = scratch
        self._deployed: list[dict[str, Any]] = []
        self._count = 0

    def kubectl(self, *arguments: str, input: str | None = None, check: bool = True) -> str:
        return self.cluster.kubectl(*arguments, input=input, check=check)

    # --- Multus -------------------------------------------------------------------------

    def render(
        self, mode: str, conf_file: str = PRIMARY_CONFLIST, **multus: Any
    ) -> list[dict[str, Any]]:
        """The manifests of an environment with that Multus, in their order."""
        self._count += 1
        directory = self._scratch / str(self._count)
        primary = {
            "plugin": "existing",
            "confFile": conf_file,
            "podCidrs": [addresses.POD_CIDR],
            "serviceCidrs": [addresses.SERVICE_CIDR],
        }
        overrides: dict[str, Any] = {
            "primaryCni": primary,
            "multus": {"mode": mode, **multus},
            "networks": NETWORKS,
        }
        stack_file = write_stack_file(directory, overrides)
        rendered = manifests.render_environment(stack_file, directory / "out")
        return [manifest for _file, manifest in rendered.manifests]

    def deploy(
        self,
        mode: str,
        conf_file: str = PRIMARY_CONFLIST,
        *,
        wait: bool = True,
        edit: Callable[[dict[str, Any]], None] = lambda _pod_spec: None,
        **multus: Any,
    ) -> None:
        """Render and apply; with `wait`, until Multus is rolled out.

        `edit` may change the spec of Multus's pod before.
        """
        self._deployed = self.render(mode, conf_file, **multus)
        (daemon_set,) = (m for m in self._deployed if m["kind"] == "DaemonSet")
        edit(daemon_set["spec"]["template"]["spec"])
        self._apply(self._deployed)
        if wait:
            self.rolled_out()

    def _apply(self, objects: Iterable[dict[str, Any]]) -> None:
        command = ("apply", "--server-side", "--force-conflicts", "-f", "-")
        rest = []
        for each in objects:
            if each["kind"] == "CustomResourceDefinition":
                self.kubectl(*command, input=json.dumps(each))
                name = f"crd/{each['metadata']['name']}"
                wait_for_crd(self.kubectl, name)
            else:
                rest.append(each)
        self.kubectl(*command, input=_list(rest))

    def rolled_out(self, timeout: int = PATIENCE) -> None:
        """Wait until every pod of Multus is the new one and its configuration is written."""
        where = ("-n", NAMESPACE, f"daemonset/{DAEMON_SET}", f"--timeout={timeout}s")
        self.kubectl("rollout", "status", *where)
        self.until(lambda: self.configured() != [], "00-multus.conf was not written")

    def restart_multus(self) -> None:
        """Replace Multus's pods as an update of them would."""
        self.kubectl("rollout", "restart", "-n", NAMESPACE, f"daemonset/{DAEMON_SET}")
        self.rolled_out()

    def remove(self) -> None:
        """Delete what was deployed last, in reverse order; the CRD, too."""
        gone = _list(list(reversed(self._deployed)))
        self.kubectl("delete", "--ignore-not-found", "--wait", "-f", "-", input=gone)
        self.until(lambda: self.multus() == [], "Multus's pods are still there")

    def multus(self) -> list[dict[str, Any]]:
        """The pods of Multus."""
        found = self.kubectl("get", "pods", "-n", NAMESPACE, "-l", MULTUS_PODS, "-o", "json")
        return list(json.loads(found)["items"])

    def multus_pods(self, count: int) -> list[str]:
        """Names of Multus's pods, once there are that many."""
        self.until(lambda: len(self.multus()) == count, f"Multus has not {count} pods")
        return [pod["metadata"]["name"] for pod in self.multus()]

    def multus_log(self) -> str:
        where = ("-n", NAMESPACE, "-l", MULTUS_PODS, "--tail=-1", "-c", "multus")
        return self.kubectl("logs", *where, check=False)

    # --- the node -----------------------------------------------------------------------

    def path(self, inside: str) -> Path:
        """A path of the node, as this process sees it."""
        return Path(f"/proc/{self.cluster.node_pid}/root{inside}")

    def configured(self) -> list[str]:
        """Names of Multus's configuration files on the node."""
        return sorted(p.name for p in self.path(CONF_DIR).glob("00-multus.conf*"))

    def configuration(self) -> str:
        """The configuration by which the runtime calls Multus: the first by name."""
        return (self.path(CONF_DIR) / self.configured()[0]).read_text()

    def write(self, path: str, content: object) -> None:
        """A file on the node, whole at once, as its readers need it; JSON unless text."""
        text = content if isinstance(content, str) else json.dumps(content, indent=2)
        whole = self.path(f"{path}.tmp")
        whole.write_text(text)
        whole.rename(self.path(path))

    def files(self, *directories: str) -> set[str]:
        """Every file and directory below some directories of the node."""
        found = self.cluster.node_run(["find", *directories], check=False).stdout
        return set(found.split())

    def reserved(self, network: str = "wide") -> set[str]:
        """Addresses of a network that host-local holds as used."""
        return {p.name for p in self.path(RESERVATIONS).glob(f"{network}/[0-9]*")}

    def lost(self, network: str = "wide") -> set[str]:
        """Addresses that are held for a container which the runtime does not know any more."""
        ask = ["ctr", "--namespace", "k8s.io", "containers", "list", "--quiet"]
        known = set(self.cluster.node_run(ask).stdout.split())
        held = self.path(RESERVATIONS).glob(f"{network}/[0-9]*")
        # host-local writes the container's id, and on a second line the interface.
        return {file.name for file in held if file.read_text().split()[0] not in known}

    # --- pods ---------------------------------------------------------------------------

    def create(self, names: Iterable[str], network: str = "wide", **spec: Any) -> None:
        """Create pods that ask for a network, and do not wait."""
        for name in names:
            pod = sample.pod(name, network)
            key, _, value = OURS.partition("=")
            pod["metadata"]["labels"] = {key: value}
            pod["spec"] |= spec
            self.api.create_namespaced_pod("default", pod)

    def ready(self, names: Sequence[str], timeout: int = PATIENCE) -> None:
        pods = [f"pod/{name}" for name in names]
        self.kubectl("wait", "--for=condition=Ready", *pods, f"--timeout={timeout}s")

    def start(self, names: Sequence[str], network: str = "wide") -> set[str]:
        """Create pods and wait until they are ready; the names of those with net1."""
        self.create(names, network)
        self.ready(names)
        return self.attached() & set(names)

    def pods(self) -> list[Any]:
        """The tests' pods, as the client's objects."""
        return list(self.api.list_namespaced_pod("default", label_selector=OURS).items)

    def attached(self) -> set[str]:
        """Names of the pods that have net1, by what Multus wrote on them."""
        having = set()
        for pod in self.pods():
            written = {"metadata": {"annotations": pod.metadata.annotations or {}}}
            if any(s.get("interface") == "net1" for s in manifests.network_status(written)):
                having.add(pod.metadata.name)
        return having

    def delete(self, names: Iterable[str], *, force: bool = False) -> None:
        """Delete pods and wait until the API server has none of them."""
        gone = set(names)
        for name in gone:
            seconds = {"grace_period_seconds": 0} if force else {}
            self.api.delete_namespaced_pod(name, "default", **seconds)
        self.until(lambda: not gone & {p.metadata.name for p in self.pods()}, "pods remain")

    def clear(self) -> None:
        """Delete every pod of these tests; their addresses are freed at about that time."""
        self.delete([pod.metadata.name for pod in self.pods()])

    def link(self, pod: str, name: str = "net1") -> str:
        """The line of `ip` about an interface in the pod's own network namespace, or nothing."""
        shown = self.kubectl("exec", pod, "--", "ip", "-o", "link", "show", name, check=False)
        return shown if "UP" in shown else ""

    def events(self, pod: str) -> str:
        return self.kubectl("get", "events", f"--field-selector=involvedObject.name={pod}")

    # --- all of it ----------------------------------------------------------------------

    def until(self, condition: Callable[[], bool], otherwise: str) -> float:
        """Wait for a condition and return how long it took; fail with `otherwise`."""
        started = time.monotonic()
        while not condition():
            assert time.monotonic() - started < PATIENCE, f"{otherwise} (waited {PATIENCE} s)"
            time.sleep(0.05)
        return time.monotonic() - started


def _list(items: Sequence[dict[str, Any]]) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)})

"""Networks with a block of each node's own, on two real nodes, their pods and books."""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

import rig
from multinet.blocks import objects
from multinet.findings.model import check
from multinet.networks.settings import NetworkSettings
from rig.demo import manifests, sample
from tests.cluster.verifying import Environment
from tests.images import KUBECTLS, kubectl_archive

PATIENCE = 240.0
NETWORKS: dict[str, Any] = {
    "lan": {
        "config": {
            "cniVersion": "1.0.0",
            "type": "macvlan",
            "master": "eth0",
            "ipam": {"type": "host-local", "subnet": "10.66.0.0/22"},
        },
        "perNode": {"blockSize": 26, "nodes": {"rig-2": {"master": "fab0"}}},
    },
    "dual": {
        "config": {
            "cniVersion": "1.0.0",
            "plugins": [
                {
                    "type": "macvlan",
                    "master": "eth0",
                    "ipam": {
                        "type": "host-local",
                        "ranges": [[{"subnet": "10.67.0.0/22"}], [{"subnet": "fd00:67::/64"}]],
                    },
                }
            ],
        },
        "perNode": {"blockSize": 26, "blockSizeIpv6": 112},
    },
}


class Site:
    """Two nodes with the networks on them."""

    def __init__(self, cluster: rig.Cluster, second: rig.FurtherNode, directory: Path) -> None:
        self.cluster, self.second, self.kubectl = cluster, second, cluster.kubectl
        self.environment = Environment(cluster, directory)
        self.image = (kubectl_archive(directory), KUBECTLS)
        cluster.load_image(self.image[0])
        self.file = self.environment.declare("blocks", {})
        self.out = directory / "out"

    def deploy(self, mode: str, networks: dict[str, Any]) -> None:
        yaml = YAML(typ="safe")
        document = yaml.load(self.file)
        document["config"]["multinet:networks"] = networks
        document["config"]["multinet:multus"]["mode"] = mode
        with self.file.open("w") as out:
            yaml.dump(document, out)
        manifests.render_environment(self.file, self.out)
        manifests.apply(self.out, self.cluster)

    def remove(self) -> None:
        for path in sorted((self.out / "manifests").glob("[0-9]*.yaml"), reverse=True):
            self.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))

    def run(self, node: str, *argv: str) -> str:
        run = self.second.run if node == "rig-2" else self.cluster.node_run
        return run([*argv]).stdout

    def files(self, node: str) -> set[str]:
        where = objects.files_dir("kube-system")
        script = f"ls /etc/cni/multus/net.d {where} 2>/dev/null | grep -v : || true"
        return set(self.run(node, "sh", "-c", script).split())

    def numbers(self) -> dict[str, int]:
        found = self.kubectl("get", "leases", "-n=kube-system", "-l", SELECTOR, "-o=json")
        return {
            lease["spec"]["holderIdentity"]: int(lease["metadata"]["name"].rpartition("-")[2])
            for lease in json.loads(found)["items"]
        }

    def start(self, count: int, networks: str, prefix: str = "pod", node: str = "") -> None:
        made = [sample.pod(f"{prefix}-{i}", networks) for i in range(count)]
        for i, pod in enumerate(made):
            pod["metadata"]["labels"] = {"blocks": prefix}
            pod["spec"]["nodeName"] = node or ("rig", "rig-2")[i % 2]
        self.kubectl(
            "apply",
            "-f",
            "-",
            input=json.dumps({"apiVersion": "v1", "kind": "List", "items": made}),
        )

    def ready(self, prefix: str = "pod", seconds: int = 300) -> None:
        self.kubectl(
            "wait",
            "--for=condition=Ready",
            "pod",
            "-l",
            f"blocks={prefix}",
            f"--timeout={seconds}s",
        )

    def clear(self) -> None:
        self.kubectl("delete", "pod", "-l", "blocks", "--wait=true", "--grace-period=1")

    def attached(self, prefix: str = "pod") -> dict[str, tuple[str, list[str]]]:
        """Pod → its node and its addresses besides eth0's."""
        pods = json.loads(self.kubectl("get", "pods", "-l", f"blocks={prefix}", "-o=json"))["items"]
        return {
            pod["metadata"]["name"]: (
                pod["spec"]["nodeName"],
                [
                    ip
                    for s in manifests.network_status(pod)
                    if not s.get("default")
                    for ip in s["ips"]
                ],
            )
            for pod in pods
        }

    def held(self, node: str, network: str) -> set[str]:
        script = f"cd /var/lib/cni/networks/{network} 2>/dev/null && ls -d [0-9f]*; true"
        return set(self.run(node, "sh", "-c", script).split())


SELECTOR = ",".join(f"{k}={v}" for k, v in objects.BOOK.items())


def within(numbers: dict[str, int], network: str, node: str, ips: list[str]) -> bool:
    """Whether they are of the blocks of the node with that number."""
    settings, _ = check(NetworkSettings, NETWORKS[network])
    assert settings is not None
    assert settings.blocks is not None
    own = settings.blocks.of(numbers[node])
    return len(ips) == len(own) and all(
        ipaddress.ip_address(i) in b for i, b in zip(ips, own, strict=True)
    )


@contextlib.contextmanager
def deployed(
    nodes: tuple[rig.Cluster, rig.FurtherNode], directory: Path, mode: str
) -> Iterator[Site]:
    """The networks on two nodes; nothing is left of them."""
    cluster, second = nodes
    found = Site(cluster, second, directory)
    # The second node's link has another name: a macvlan's parent may be renamed below it.
    with contextlib.suppress(rig.CommandError):
        second.run(
            ["ip", "link", "add", "fab0", "link", "eth0", "type", "macvlan", "mode", "bridge"]
        )
    second.run(["ip", "link", "set", "fab0", "up"])
    found.deploy(mode, NETWORKS)
    try:
        yield found
    finally:
        found.clear()
        found.remove()
        found.kubectl("delete", "leases", "-n=kube-system", "-l", SELECTOR)
        for node in ("rig", "rig-2"):
            assert found.files(node) == set(), "nothing is left of it on a node"

"""A block of each node's own, on real nodes: two, and a third that joins by itself."""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from multinet.blocks import objects
from rig.demo import manifests, sample
from tests.cluster.verifying import Environment, by_network, codes
from tests.images import KUBECTLS, kubectl_archive
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PODS = 60
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
        from ruamel.yaml import YAML

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


def within(site: Site, network: str, node: str, ips: list[str]) -> bool:
    from multinet.findings.model import check
    from multinet.networks.settings import NetworkSettings

    settings, _ = check(NetworkSettings, NETWORKS[network])
    assert settings is not None
    assert settings.blocks is not None
    own = settings.blocks.of(site.numbers()[node])
    return len(ips) == len(own) and all(
        ipaddress.ip_address(i) in b for i, b in zip(ips, own, strict=True)
    )


@pytest.fixture(scope="module", params=["thick", "thin"])
def site(
    request: pytest.FixtureRequest,
    two_nodes: tuple[rig.Cluster, rig.FurtherNode],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    cluster, second = two_nodes
    found = Site(cluster, second, tmp_path_factory.mktemp("blocks"))
    # The second node's link has another name: a macvlan's parent may be renamed below it.
    with contextlib.suppress(rig.CommandError):
        second.run(
            ["ip", "link", "add", "fab0", "link", "eth0", "type", "macvlan", "mode", "bridge"]
        )
    second.run(["ip", "link", "set", "fab0", "up"])
    found.deploy(request.param, NETWORKS)
    try:
        yield found
    finally:
        found.clear()
        found.remove()
        found.kubectl("delete", "leases", "-n=kube-system", "-l", SELECTOR)
        for node in ("rig", "rig-2"):
            assert found.files(node) == set(), "nothing is left of it on a node"


def test_sixty_pods_have_sixty_addresses_each_of_its_nodes_block(site: Site) -> None:
    assert sorted(site.numbers().values()) == [*range(len(site.numbers()))]
    site.start(PODS, "lan")
    try:
        site.ready()
        attached = site.attached()
        assert len(attached) == PODS
        assert len({ip for _, ips in attached.values() for ip in ips}) == PODS
        for node, ips in attached.values():
            assert within(site, "lan", node, ips)
        # From each node to the other, over the LAN.
        first, second = attached["pod-0"][1][0], attached["pod-1"][1][0]
        site.kubectl("exec", "pod-0", "--", "ping", "-c", "1", "-W", "5", second)
        site.kubectl("exec", "pod-1", "--", "ping", "-c", "1", "-W", "5", first)
    finally:
        site.clear()
    for node in ("rig", "rig-2"):
        assert at_last(lambda node=node: site.held(node, "lan") == set(), PATIENCE), (
            "an address is lost"
        )


def test_verify_finds_each_node_as_it_is(site: Site) -> None:
    code, document = site.environment.document(site.file)
    assert code == 0, document
    rows = by_network(document)
    for network in NETWORKS:
        assert {row["node"] for row in rows[network]} == {"rig", "rig-2"}
        for row in rows[network]:
            ips = [a.partition("/")[0] for a in row["addresses"] if not a.startswith("fe80")]
            assert within(site, network, row["node"], ips)


def of_node(site: Site, node: str, name: str) -> list[dict[str, Any]]:
    """The pods of a DaemonSet on a node."""
    where = (f"-l=app.kubernetes.io/name={name}", f"--field-selector=spec.nodeName={node}")
    found: list[dict[str, Any]] = json.loads(
        site.kubectl("get", "pods", "-n=kube-system", *where, "-o=json")
    )["items"]
    return found


def runs(site: Site, node: str, name: str) -> bool:
    conditions = [c for pod in of_node(site, node, name) for c in pod["status"]["conditions"]]
    return any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)


def test_a_node_that_joins_takes_a_number_by_itself_and_its_pods_wait_till_then(
    site: Site, request: pytest.FixtureRequest
) -> None:
    if "thin" in request.node.name:
        pytest.skip("joined with thick")
    third = site.cluster.join(progress=rig.Progress())
    assert at_last(lambda: runs(site, third.name, "multus"), PATIENCE)
    # The image that asks for a number is not there yet: until then pods wait.
    site.start(2, "lan", "late", third.name)
    assert at_last(lambda: "No networks found" in site.kubectl("get", "events"), PATIENCE)
    code, document = site.environment.document(site.file, "--node", third.name, "--timeout", "20")
    assert code == 1
    row = by_network(document)["lan"][0]
    assert codes(row, "causes") == ["live-no-block"], row
    assert all(not ips for _, ips in site.attached("late").values())
    site.cluster.load_image(site.image[0])
    (pod,) = of_node(site, third.name, objects.NAME)
    site.kubectl("delete", "pod", "-n=kube-system", pod["metadata"]["name"])
    site.ready("late")
    assert site.numbers()[third.name] == 2
    for node, ips in site.attached("late").values():
        assert within(site, "lan", node, ips)
    site.clear()


def test_pods_that_come_and_go_while_all_restarts_lose_and_double_nothing(
    site: Site, request: pytest.FixtureRequest
) -> None:
    """Kubelet, runtime, Multus and what lays files out, while pods come and go."""
    if "thin" in request.node.name:
        pytest.skip("thin: a pod that starts while its file is away is on the primary alone")
    before = site.numbers()
    for turn in range(4):
        site.start(25, "lan,dual", f"turn{turn}")
        if turn == 1:
            site.kubectl("rollout", "restart", "-n=kube-system", f"daemonset/{objects.NAME}")
            site.kubectl("rollout", "restart", "-n=kube-system", "daemonset/multinet-multus")
        if turn == 2:
            site.cluster.restart("containerd")
            site.cluster.restart("kubelet")
        site.ready(f"turn{turn}")
        attached = site.attached(f"turn{turn}")
        every = [ip for _, ips in attached.values() for ip in ips]
        assert len(every) == len(set(every)) == 75
        for node, ips in attached.values():
            assert within(site, "lan", node, ips[:1])
            assert within(site, "dual", node, ips[1:])
        if turn % 2:
            site.clear()
    site.clear()
    assert site.numbers() == before
    for node in ("rig", "rig-2"):
        for network in NETWORKS:
            assert at_last(lambda n=node, w=network: site.held(n, w) == set(), PATIENCE)


def test_pods_that_live_through_the_networks_end_are_deleted_cleanly(site: Site) -> None:
    site.start(4, "lan", "living")
    site.ready("living")
    site.kubectl("delete", "daemonset", "-n=kube-system", objects.NAME, "--wait")
    assert at_last(lambda: site.files("rig") == site.files("rig-2") == set(), PATIENCE)
    site.clear()
    for node in ("rig", "rig-2"):
        assert at_last(lambda n=node: site.held(n, "lan") == set(), PATIENCE)
    manifests.apply(site.out, site.cluster)

"""Policies between real pods on a secondary network, by the real enforcer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.images import network_policy as image
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PATIENCE = 90.0
OPEN, CLOSED = 8080, 8081
SERVERS = "".join(f"httpd -p {port} -h /tmp; " for port in (OPEN, CLOSED))
SUBNETS = ("10.88.1.0/24", "fd00:88:1::/64")
LAN = {
    "config": {
        "cniVersion": "1.0.0",
        "type": "macvlan",
        "master": "eth0",
        "ipam": {"type": "host-local", "ranges": [[{"subnet": s}] for s in SUBNETS]},
    },
    "ignore": {"host-local-on-shared-l2": "one node"},
}
POLICY = {
    "networks": ["lan"],
    "podSelector": {"matchLabels": {"app": "server"}},
    "ingress": [
        {
            "from": [{"podSelector": {"matchLabels": {"app": "friend"}}}],
            "ports": [{"port": OPEN}],
        }
    ],
}


def pod(name: str) -> dict[str, Any]:
    made = sample.pod(name, networks="lan@net1")
    made["metadata"]["labels"] = {"app": name.partition("-")[0]}
    return made


def start(cluster: rig.Cluster, *names: str) -> None:
    for name in names:
        cluster.kubectl("apply", "-f", "-", input=json.dumps(pod(name)))
    pods = [f"pod/{name}" for name in names]
    cluster.kubectl("wait", "--for=condition=Ready", *pods, f"--timeout={PATIENCE:.0f}s")


@pytest.fixture(scope="module")
def rendered(
    cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[rig.Cluster, Path]]:
    """A node with Multus and the add-on, a network, three pods on it, and a policy for one."""
    archive = image.archive(rig.Progress(quiet=True))
    if archive is None:
        pytest.skip(f"no {image.PROGRAM} on PATH: it is in no registry of modules")
    cluster.load_image(archive)
    directory = tmp_path_factory.mktemp("policies")
    overrides = {
        **RigCluster().overrides(),
        "networks": {"lan": LAN},
        "addons": {"networkPolicy": True},
        "policies": {"web": POLICY},
    }
    out = directory / "out"
    manifests.render_environment(write_stack_file(directory, overrides), out)
    manifests.apply(out, cluster)
    start(cluster, "server", "friend", "stranger")
    cluster.kubectl("exec", "server", "--", "sh", "-c", SERVERS)
    yield cluster, out
    cluster.kubectl(
        *("delete", "pod", "--wait", "--ignore-not-found"),
        *("server", "friend", "friend-late", "stranger"),
    )
    for path in sorted((out / "manifests").glob("[0-9]*.yaml"), reverse=True):
        cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))


@pytest.fixture(scope="module")
def cluster_with_policy(rendered: tuple[rig.Cluster, Path]) -> rig.Cluster:
    """The same, when the policy holds."""
    cluster, _ = rendered
    assert at_last(lambda: not reaches(cluster, "stranger"), PATIENCE), rules(cluster)
    return cluster


def addresses(cluster: rig.Cluster, interface: str = "net1") -> dict[int, str]:
    """The server's addresses by their family's number."""
    read = json.loads(cluster.kubectl("get", "pod", "server", "-o=json"))
    for status in manifests.network_status(read):
        if status.get("interface", "eth0") == interface:
            return {6 if ":" in ip else 4: ip for ip in status["ips"]}
    raise AssertionError(f"the server has no {interface}")


def reaches(
    cluster: rig.Cluster, client: str, port: int = OPEN, family: int = 4, interface: str = "net1"
) -> bool:
    """Whether a pod can open a connection to the server."""
    to = addresses(cluster, interface)[family]
    dial = f"nc -w 3 {to} {port} </dev/null"
    return cluster.kubectl_run("exec", client, "--", "sh", "-c", dial).returncode == 0


def rules(cluster: rig.Cluster) -> str:
    """What the enforcer said, for a failure's message."""
    return str(cluster.kubectl("logs", "-n=kube-system", "daemonset/multinet-network-policy"))


def test_only_whom_it_names_gets_in_and_only_there(cluster_with_policy: rig.Cluster) -> None:
    cluster = cluster_with_policy
    assert reaches(cluster, "friend"), rules(cluster)
    assert not reaches(cluster, "friend", CLOSED)
    assert not reaches(cluster, "stranger")
    # What others see of the pod elsewhere is none of its business.
    assert reaches(cluster, "stranger", CLOSED, interface="eth0")


def test_neighbours_are_found_so_that_ipv6_is_let_through_as_well(
    cluster_with_policy: rig.Cluster,
) -> None:
    cluster = cluster_with_policy
    for pod_ in ("server", "friend"):
        cluster.kubectl("exec", pod_, "--", "sh", "-c", "ip -6 neigh flush dev net1 || true")
    assert at_last(lambda: reaches(cluster, "friend", family=6), PATIENCE), rules(cluster)
    assert not reaches(cluster, "stranger", family=6)


def test_a_pod_that_starts_later_is_let_in(cluster_with_policy: rig.Cluster) -> None:
    cluster = cluster_with_policy
    start(cluster, "friend-late")
    assert at_last(lambda: reaches(cluster, "friend-late"), PATIENCE), rules(cluster)


def test_the_rules_stay_without_the_enforcer_and_go_with_the_policy(
    rendered: tuple[rig.Cluster, Path], cluster_with_policy: rig.Cluster
) -> None:
    cluster, out = rendered
    daemon_set = ("-n=kube-system", "daemonset/multinet-network-policy")
    cluster.kubectl("delete", "--wait", *daemon_set)
    assert not reaches(cluster_with_policy, "stranger"), "nobody takes them out of running pods"
    (file,) = (out / "manifests").glob("*-daemonset-multinet-network-policy.yaml")
    cluster.kubectl("apply", "--server-side", "-f", str(file))
    cluster.kubectl("rollout", "status", *daemon_set, f"--timeout={PATIENCE:.0f}s")
    # It takes rules away of those policies only that it has seen since it started.
    assert at_last(lambda: "reconciled successfully" in rules(cluster), PATIENCE)
    cluster.kubectl("delete", "multi-networkpolicy", "web")
    assert at_last(lambda: reaches(cluster, "stranger"), PATIENCE), rules(cluster)

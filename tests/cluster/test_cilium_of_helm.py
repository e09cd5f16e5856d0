"""A Cilium that Helm installed, exclusive as its chart has it, on two nodes; and multinet beside it."""

from __future__ import annotations

import contextlib
import functools
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

import rig
from multinet.cli.app import app
from rig.cluster import addresses
from rig.demo import primaries
from rig.images import cilium
from tests.cluster import ciliums
from tests.cluster.ciliums import AGENTS, CONF_DIR, Site
from tests.cluster.helms import Release
from tests.cluster.verifying import Environment, codes
from tests.conftest import alone
from tests.images import kubectl_archive
from tests.waiting import at_last

pytestmark = [pytest.mark.cluster, pytest.mark.long]

FIRST, SECOND = "rig", "rig-2"
PATIENCE = 60.0
GATEWAY = "10.77.1.1"
NETWORKS: dict[str, Any] = {
    "lan": {"config": ciliums.lab(0), "perNode": {"blockSize": 26}},
    "way-out": {
        "config": ciliums.lab(1, routes=[{"dst": "0.0.0.0/0"}], gateway=GATEWAY),
        "perNode": {"blockSize": 26},
    },
}
"""On one LAN; the second brings a default route, as Kubespray's example does."""


class OfHelm(Site):
    """Two nodes. `owned`: what Helm wrote into the agents' ConfigMap."""

    second: rig.FurtherNode
    owned: dict[str, str]

    def __init__(self, name: str, scratch: Path) -> None:
        super().__init__(name, scratch)
        values = {**primaries.settings("cilium")["values"], "operator": {"replicas": 1}}
        self.release = Release(self.cluster, scratch, values)

    def up(self) -> None:
        """The nodes, and Cilium on them as a release of Helm's own."""
        progress = rig.Progress()
        self.demo.up(progress)
        self.second = self.cluster.join(images=cilium.archives(progress), timeout=600)
        self.cluster.load_image(kubectl_archive(self.scratch))
        self.release.helm("install", {})
        assert self.rollout("cilium", 400) == 0
        self.owned = self.release.config()

    def agents(self) -> set[str]:
        return set(self.kubectl("get", "pods", *AGENTS, "-o", "name").split())

    def run(self, node: str, *argv: str) -> str:
        run = self.second.run if node == SECOND else self.cluster.node_run
        return run([*argv]).stdout

    def held(self, node: str) -> tuple[set[str], set[str]]:
        """Addresses in use on a node: of pods by its agent's book, and of the networks."""
        on = f"--field-selector=spec.nodeName={node}"
        (pod,) = self.kubectl("get", "pods", *AGENTS, on, "-o", "name").split()
        asked = ("exec", "-n", "kube-system", pod, "-c", "cilium-agent", "--")
        said = json.loads(self.kubectl(*asked, "cilium-dbg", "status", "-o", "json"))
        script = "cd /var/lib/cni/networks 2>/dev/null && ls -d */[0-9]*; true"
        return set(said["ipam"]["ipv4"]), set(self.run(node, "sh", "-c", script).split())

    def books(self, node: str, pod: Mapping[str, list[str]]) -> bool:
        """Whether a pod's addresses are in the node's books; an agent's are some seconds old."""
        ours, nets = self.held(node)
        return pod["eth0"][0] in ours and f"lan/{pod['net1'][0]}" in nets


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfHelm]:
    found = OfHelm(f"tests-helm-{os.getpid()}", tmp_path_factory.mktemp("helm"))
    with alone():
        try:
            found.up()
            yield found
        finally:
            found.demo.down()


@pytest.fixture(scope="module")
def stack(site: OfHelm) -> Path:
    """What `adopt` writes, with what it says is to be added, Multus and networks."""
    file = site.scratch / "Pulumi.prod.yaml"
    site.release.adopted(file, {}, multus={"mode": "thick"}, networks=NETWORKS)
    return file


def verified(site: OfHelm, stack: Path) -> tuple[int, dict[str, Any]]:
    return Environment(site.cluster, site.scratch).document(stack)


@contextlib.contextmanager
def gateway(site: OfHelm) -> Iterator[None]:
    """Somebody answers for the gateway of way-out: the kernel passes over one that is dead."""
    address = [f"{GATEWAY}/24", "dev", "lan0"]
    site.cluster.lan_run(["ip", "address", "add", *address])
    try:
        yield
    finally:
        site.cluster.lan_run(["ip", "address", "delete", *address])


def test_as_printed_it_sets_one_key_and_agents_leave_multus_alone(
    site: OfHelm, stack: Path
) -> None:
    before = site.agents()
    assert site.owned["cni-exclusive"] == "true"
    site.release.apply(stack)
    assert site.release.config() == site.owned | {"cni-exclusive": "false"}
    assert site.agents().isdisjoint(before), "each of them was started anew"
    for node in (FIRST, SECOND):
        assert "00-multus.conf\n" in site.run(node, "ls", CONF_DIR)
    again = site.agents()
    site.release.apply(stack)
    assert site.agents() == again, "once, not each time"


def test_what_stands_in_eth0s_way_is_told(site: OfHelm, stack: Path) -> None:
    """An uplink that Cilium does not know by a default route, and a network's default route."""
    with gateway(site):
        code, said = verified(site, stack)
    assert {node["node"]: codes(node) for node in said["nodes"]} == {
        FIRST: ["live-primary-mtu"],
        SECOND: ["live-primary-mtu"],
    }
    assert "cilium.devices" in said["nodes"][0]["findings"][0]["wayOut"]
    of = {row["network"]: row for row in said["rows"]}
    assert codes(of["lan"]) == [], said
    way_out, broken = of["way-out"], of["way-out"]["eth0"]["service"] != "yes"
    # Linux takes eth0's while it waits for the other gateway: a warning then.
    told = codes(way_out, "causes") if broken else codes(way_out)
    assert "live-default-route" in told, said
    assert not broken or ("live-service-unreachable" in codes(way_out) and code == 1), said


def test_what_helm_writes_back_is_corrected_and_read_again(site: OfHelm, stack: Path) -> None:
    before = site.agents()
    site.release.helm("upgrade", {"devices": [addresses.UPLINK]})
    changed = site.release.config()
    assert changed["cni-exclusive"] == "true", "their next upgrade"
    site.release.apply(stack)
    assert site.release.config() == changed | {"cni-exclusive": "false"}
    assert site.agents().isdisjoint(before)


def test_verify_finds_both_nodes_as_declared(site: OfHelm, stack: Path) -> None:
    document = YAML(typ="safe").load(stack)
    document["config"]["multinet:networks"] = {"lan": NETWORKS["lan"]}
    lan = site.scratch / "Pulumi.lan.yaml"
    with lan.open("w") as out:
        YAML(typ="safe").dump(document, out)
    code, said = verified(site, lan)
    assert code == 0, said
    assert {node["node"]: codes(node) for node in said["nodes"]} == {FIRST: [], SECOND: []}
    rows = {row["node"]: (row["verdict"], row["reachability"]) for row in said["rows"]}
    assert rows == {FIRST: ("ok", f"yes: {SECOND}"), SECOND: ("ok", f"yes: {FIRST}")}


# As a network between nodes that knows nothing of pods.
NO_PODS = (
    "table bridge underlay {\n chain forward {\n type filter hook forward priority 0;\n"
    f" ether type ip ip daddr {addresses.POD_CIDR} drop\n }}\n}}"
)


def test_pods_of_two_nodes_reach_each_other_and_what_they_had_is_free_afterwards(
    site: OfHelm,
) -> None:
    before = [site.held(node) for node in (FIRST, SECOND)]
    pods = [ciliums.server(f"on-{node}", "lan", node) for node in (FIRST, SECOND)]
    site.cluster.lan_run(["nft", NO_PODS])
    try:
        site.start(*pods)
        of = {pod["metadata"]["name"]: site.status(pod["metadata"]["name"]) for pod in pods}
        here, there = of
        for pod, other in ((here, there), (there, here)):
            for interface in ("eth0", "net1"):
                (address,) = of[other][interface]
                assert site.reaches(pod, address, 80), (pod, interface)
            assert site.reaches_service(pod)
        for node, pod in zip((FIRST, SECOND), of.values(), strict=True):
            assert at_last(functools.partial(site.books, node, pod), PATIENCE), (node, pod)
    finally:
        site.cluster.lan_run(["nft", "delete", "table", "bridge", "underlay"])
        site.drop(*(pod["metadata"]["name"] for pod in pods))
    # Verify's pods may have been on their way out before.
    freed = lambda: all(  # noqa: E731
        now <= then
        for node, was in zip((FIRST, SECOND), before, strict=True)
        for now, then in zip(site.held(node), was, strict=True)
    )
    assert at_last(freed, PATIENCE), [site.held(node) for node in (FIRST, SECOND)]


def test_a_default_route_on_net1_takes_services_away_and_the_ways_out_do_not(
    site: OfHelm, stack: Path
) -> None:
    validated = CliRunner().invoke(app, ["validate", "-f", str(stack), "--json"])
    found = json.loads(validated.output)["findings"]
    (told,) = [f for f in found if f["code"] == "default-route"]
    assert "before Cilium's: Services and hostPort of such a pod time out" in told["rule"]
    assert "give the pods that want it a network of their own" in told["wayOut"]
    wanted = json.dumps([{"name": "lan", "default-route": ["10.77.0.254"]}])
    # Multus v4.3.0 leaves eth0's default route where it is (`default-route-ignored`).
    reached = {"taken": False, "routed": True, "wanted": True}
    networks = {"taken": "way-out", "routed": "lan", "wanted": wanted}
    with gateway(site):
        site.start(*(ciliums.server(pod, asked, FIRST) for pod, asked in networks.items()))
        assert {pod: site.reaches_service(pod) for pod in networks} == reached
    routes = site.kubectl("exec", "wanted", "--", "ip", "route").splitlines()
    (default,) = [route for route in routes if route.startswith("default")]
    assert "eth0" in default
    site.drop(*networks)

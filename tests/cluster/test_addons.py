"""The plugins' add-on on real nodes: two that have only the primary's own, and a third that joins."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from multinet.addons import removal
from multinet.addons.cni_plugins import objects
from rig.cluster import components
from rig.cluster.containers import containerd_answers
from rig.demo import manifests, sample
from rig.demo.clusters import RigCluster
from rig.demo.environment import write_stack_file
from rig.images.plugins import plugins_archive
from tests.cluster.reliability.shared_node.test_boot import POWER_CUT
from tests.cluster.verifying import environment
from tests.waiting import at_last

pytestmark = pytest.mark.cluster

PRIMARYS = ("bridge", "host-local", "loopback", "portmap")
NETWORKS = {
    name: {
        "config": {
            "cniVersion": "1.0.0",
            "type": "macvlan",
            "master": "eth0",
            "ipam": {"type": "static", "addresses": [{"address": f"10.88.{number}.7/24"}]},
        }
    }
    for number, name in enumerate(("one", "two", "three"), start=1)
}
PATIENCE = 120.0
LISTING = (
    "cd /opt/cni/bin && for f in $(ls -A | grep -vxE 'multus|multus-shim|passthru'); do"
    ' stat -c "%n %a %U %s %Y" "$f"; sha256sum "$f"; done; stat -c "%a %U" .'
)


class Site:
    """A cluster whose nodes have the primary's plugins alone, and the environment on it."""

    def __init__(self, cluster: rig.Cluster, second: rig.FurtherNode, directory: Path) -> None:
        self.cluster, self.directory = cluster, directory
        self.further = {"rig-2": second}
        self.image = plugins_archive(rig.Progress(quiet=True))
        self.file = self.declare(*NETWORKS)

    def declare(self, *networks: str, **addons: Any) -> Path:
        overrides = {
            **RigCluster().overrides(),
            "networks": {name: NETWORKS[name] for name in networks},
            "addons": {"cniPlugins": True, **addons},
        }
        return write_stack_file(self.directory, overrides)

    def run(self, node: str, *argv: str, check: bool = True) -> str:
        if node in self.further:
            return self.further[node].run([*argv], check=check).stdout
        return self.cluster.node_run([*argv], check=check).stdout

    def sh(self, node: str, script: str) -> str:
        return self.run(node, "sh", "-c", script)

    @property
    def nodes(self) -> list[str]:
        return ["rig", *self.further]

    def listing(self, node: str) -> str:
        """Every file of the plugin directory: name, mode, owner, size, time and content."""
        return self.sh(node, LISTING)

    def names(self, node: str) -> set[str]:
        """What is in the plugin directory, but for Multus's own."""
        listed = self.sh(node, "ls -A /opt/cni/bin").split()
        return {*listed} - {"multus", "multus-shim", "passthru"}

    def multinet(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        start = "from multinet.cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", start, *arguments],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )

    def preflight(self) -> tuple[int, dict[str, list[tuple[str, str]]]]:
        """`preflight --pods`: its exit code, and node → code and value of each finding."""
        config = ("--kubeconfig", str(self.cluster.kubeconfig))
        ran = self.multinet("preflight", "--pods", "-f", str(self.file), *config, "--json")
        assert ran.stdout, ran.stderr
        nodes = json.loads(ran.stdout)["nodes"]
        found = {n: [(f["code"], f["value"]) for f in r["findings"]] for n, r in nodes.items()}
        return ran.returncode, found

    def up(self) -> None:
        manifests.render_environment(self.file, self.directory / "out")
        manifests.apply(self.directory / "out", self.cluster)

    def delete(self) -> None:
        for path in sorted((self.directory / "out/manifests").glob("[0-9]*.yaml"), reverse=True):
            self.cluster.kubectl("delete", "--ignore-not-found", "--wait", "-f", str(path))
        assert at_last(lambda: self.addon_pods() == {}, PATIENCE)

    def addon_pods(self) -> dict[str, dict[str, Any]]:
        """Node → the add-on's pod there."""
        selector = ("-n=kube-system", "-l=app.kubernetes.io/name=cni-plugins", "-o=json")
        found = json.loads(self.cluster.kubectl("get", "pods", *selector))["items"]
        return {pod["spec"].get("nodeName", ""): pod for pod in found}

    def ready(self, of: str, node: str) -> bool:
        """Whether a DaemonSet's pod is ready on a node."""
        selector = ("-n=kube-system", f"-l=app.kubernetes.io/name={of}", "-o=json")
        found = json.loads(self.cluster.kubectl("get", "pods", *selector))["items"]
        return any(
            condition["type"] == "Ready" and condition["status"] == "True"
            for pod in found
            if pod["spec"].get("nodeName") == node
            for condition in pod["status"].get("conditions", ())
        )

    def start(self, name: str, node: str, network: str) -> None:
        pod = sample.pod(name, networks=network)
        pod["spec"]["nodeName"] = node
        self.cluster.kubectl("apply", "-f", "-", input=json.dumps(pod))

    def net1(self, name: str) -> list[str]:
        """The addresses of its net1, once it is ready."""
        ready = ("--for=condition=Ready", f"--timeout={PATIENCE:.0f}s")
        self.cluster.kubectl("wait", *ready, f"pod/{name}")
        pod = json.loads(self.cluster.kubectl("get", "pod", name, "-o", "json"))
        status = manifests.network_status(pod)
        return [ip for s in status if s.get("interface") == "net1" for ip in s["ips"]]

    def drop(self, *pods: str) -> None:
        self.cluster.kubectl("delete", "pod", *pods, "--wait", "--ignore-not-found")

    def take_away(self, seconds: int) -> subprocess.CompletedProcess[str]:
        """What `destroy` runs before it deletes the DaemonSet."""
        (kubectl,), around = self.cluster.kubectl_command()
        labels = "app.kubernetes.io/name=cni-plugins,app.kubernetes.io/part-of=multinet"
        path = os.pathsep.join([str(Path(kubectl).parent), around.get("PATH", "/usr/bin:/bin")])
        given = {
            "MULTINET_KUBECONFIG": str(self.cluster.kubeconfig),
            "MULTINET_CONTEXT": "",
            "MULTINET_DAEMONSET": objects.NAME,
            "MULTINET_NAMESPACE": "kube-system",
            "MULTINET_CONTAINER": objects.CONTAINER,
            "MULTINET_SELECTOR": labels,
            "MULTINET_SURGE": '"10%"',
            "MULTINET_UNAVAILABLE": "0",
            "MULTINET_WAIT": str(seconds),
        }
        return subprocess.run(
            ["sh", "-c", removal.script()],
            env={**around, **given, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )


@pytest.fixture(scope="module")
def site(
    two_nodes: tuple[rig.Cluster, rig.FurtherNode], tmp_path_factory: pytest.TempPathFactory
) -> Site:
    made = Site(*two_nodes, tmp_path_factory.mktemp("addons"))
    made.cluster.load_image(made.image)
    keep = "|".join(PRIMARYS)
    for node in made.nodes:
        made.sh(
            node, f"cd /opt/cni/bin; for f in *; do case $f in {keep}) ;; *) rm $f ;; esac; done"
        )
    return made


@pytest.fixture(scope="module")
def before(site: Site) -> dict[str, str]:
    """Node → what its plugin directory was before anything of ours came."""
    return {node: site.listing(node) for node in site.nodes}


@pytest.fixture
def up(site: Site, before: dict[str, str]) -> Iterator[Site]:
    """The environment with the add-on, on nodes that had nothing; taken off again by kubectl alone."""
    site.up()
    yield site
    site.drop(*(f"on-{node}" for node in site.nodes))
    site.delete()
    assert {node: site.listing(node) for node in before} == before
    assert {frozenset(site.names(node)) for node in site.nodes} == {frozenset(PRIMARYS)}


def test_the_pods_preflight_tells_what_the_nodes_lack_and_leaves_nothing(
    site: Site, before: dict[str, str]
) -> None:
    file = site.file.read_text()
    try:
        site.declare(*NETWORKS, cniPlugins=False)
        code, found = site.preflight()
        lacking = [("node-plugin-missing", "macvlan"), ("node-plugin-missing", "static")]
        assert found == {"rig": lacking, "rig-2": lacking}
        assert code == 1
    finally:
        site.file.write_text(file)
    code, found = site.preflight()
    assert found == {"rig": [], "rig-2": []}, "with the add-on they are brought"
    assert code == 0
    ours = ("pods", "-A", "-l=app.kubernetes.io/managed-by=multinet-preflight", "--no-headers")
    assert site.cluster.kubectl("get", *ours, "--ignore-not-found") == ""
    assert {node: site.listing(node) for node in before} == before


def test_every_node_has_what_networks_call_also_one_that_joins_and_then_none(up: Site) -> None:
    for node, network in (("rig", "one"), ("rig-2", "two")):
        up.start(f"on-{node}", node, network)
    assert up.net1("on-rig") == ["10.88.1.7"]
    assert up.net1("on-rig-2") == ["10.88.2.7"]
    for node in up.nodes:
        brought = up.names(node) - {*PRIMARYS}
        assert brought == {"macvlan", "static", ".multinet-plugins"}, (
            "what nobody calls is not there"
        )
    confined(up)
    repaired(up)

    up.further["rig-3"] = up.cluster.join(images=[up.image], plugins=PRIMARYS)
    # Before Multus is there a pod starts on the primary alone; from then on it waits for all of it.
    assert at_last(lambda: up.ready("multus", "rig-3"), PATIENCE)
    up.start("on-rig-3", "rig-3", "three")
    assert up.net1("on-rig-3") == ["10.88.3.7"]
    assert {"macvlan", "static"} <= up.names("rig-3")


def confined(site: Site) -> None:
    """The add-on's processes have one capability, the runtime's filter, and no credential."""
    pod = site.addon_pods()["rig"]["metadata"]["name"]
    shell = ("-n", "kube-system", "exec", pod, "--", "sh", "-c")
    status = site.cluster.kubectl(*shell, "cat /proc/1/status")
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    assert int(fields["CapEff"], 16) == 1 << 1, "CAP_DAC_OVERRIDE and nothing else"
    assert fields["NoNewPrivs"].strip() == "1"
    assert fields["Seccomp"].strip() == "2"
    held = site.cluster.kubectl(*shell, "ls /var/run/secrets/kubernetes.io 2>&1; true")
    assert "No such file" in held
    rules = json.dumps(
        [m["kind"] for m in rendered(site) if "cni-plugins" in m["metadata"]["name"]]
    )
    assert rules == '["ConfigMap", "DaemonSet"]', "no role, no account: nothing to ask verb by verb"


def rendered(site: Site) -> list[dict[str, Any]]:
    return [m for _, m in manifests.render_environment(site.file, site.directory / "out").manifests]


def repaired(site: Site) -> None:
    """What was removed or damaged on a node is back, from a pod whose node lost its power as well."""
    whole = site.sh("rig", "sha256sum /opt/cni/bin/macvlan")
    site.sh("rig", "rm /opt/cni/bin/static; truncate -s 1000 /opt/cni/bin/macvlan")
    same = lambda: site.sh("rig", "sha256sum /opt/cni/bin/macvlan") == whole  # noqa: E731
    assert at_last(same, 60)
    assert at_last(lambda: "static" in site.sh("rig", "ls /opt/cni/bin"), 60)


def test_a_destroy_waits_for_a_node_without_power_and_goes_on_when_it_is_back(
    site: Site, before: dict[str, str]
) -> None:
    site.up()
    node = site.further["rig-2"]._node
    for component in (components.KUBELET, components.CONTAINERD):
        node.kill(component)
    site.sh("rig-2", POWER_CUT)
    try:
        ran = site.take_away(15)
        assert ran.returncode == 1, ran.stdout
        assert "rig-2" in ran.stderr
        assert "rig " not in ran.stderr.partition("within")[2]
        assert site.sh("rig-2", "ls /opt/cni/bin/macvlan")
    finally:
        node.start(components.CONTAINERD)
        assert at_last(lambda: containerd_answers(node), PATIENCE)
        node.start(components.KUBELET)
    ran = site.take_away(180)
    assert ran.returncode == 0, ran.stderr
    assert "taken away on every node" in ran.stdout
    assert ".multinet-plugins" not in site.sh("rig-2", "ls -A /opt/cni/bin")
    site.delete()
    assert {name: site.listing(name) for name in before} == before
    ran = site.take_away(15)
    assert "gone already" in ran.stdout

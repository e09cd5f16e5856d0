"""What a pod's preflight says of a node: its script with busybox, and a directory as the node."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from multinet.findings import Severity
from multinet.findings.model import check
from multinet.nodes import script
from multinet.nodes.settings import NodeSettings
from multinet.preflight import pod, report
from multinet.preflight.report import Report
from multinet.stack.load import check_config
from multinet.stack.needs import node_needs

pytestmark = pytest.mark.skipif(shutil.which("busybox") is None, reason="busybox is not there")

NETWORKS: dict[str, Any] = {
    "lan": {
        "config": {
            "cniVersion": "1.0.0",
            "type": "macvlan",
            "master": "lo",
            "ipam": {"type": "host-local", "subnet": "10.9.0.0/24", "rangeStart": "10.9.0.5",
                     "rangeEnd": "10.9.0.6"},
        }
    }
}  # fmt: skip


class Node:
    """A node's root directory, and what a pod finds there."""

    def __init__(self, directory: Path) -> None:
        self.root = directory / "node"
        self._bin = directory / "bin"
        self._bin.mkdir()
        busybox = shutil.which("busybox")
        for applet in subprocess.run(
            ["busybox", "--list"], capture_output=True, text=True, check=True
        ).stdout.split():
            (self._bin / applet).symlink_to(str(busybox))  # fmt: skip
        for name in ("etc/cni/net.d", "opt/cni/bin", "var/lib/cni/networks/lan"):
            (self.root / name).mkdir(parents=True)
        for name in ("macvlan", "host-local"):
            self.program(f"opt/cni/bin/{name}")
        (self.root / "etc/cni/net.d/10-x.conflist").write_text("{}")

    def program(self, path: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("#!/bin/sh\n")
        file.chmod(0o755)
        return file

    def asked(
        self,
        multus: str = "unknown",
        node: NodeSettings | None = None,
        **more: Any,
    ) -> Report:
        primary = {"plugin": "existing", "confFile": "10-x.conflist"}
        config = {"primaryCni": primary, "networks": NETWORKS} | more
        stack, _ = check_config(config)
        assert stack is not None
        settings = node or NodeSettings()
        needs = node_needs("n1", settings, stack)
        text = script.pod_preflight("n1", settings, needs, multus)
        text = text.replace(f"HOST={script.HOST}\n", f"HOST='{self.root}'\n")
        assert str(self.root) in text
        ran = subprocess.run(
            ["busybox", "sh", "-s", "--", "--report"],
            input=text,
            env={"PATH": str(self._bin)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return report.of_pod("n1", ran.stdout)


def found(report: Report) -> list[tuple[str, Any]]:
    return [(f.code, f.value) for f in report.findings]


@pytest.fixture
def node(tmp_path: Path) -> Node:
    if os.geteuid() != 0:
        pytest.skip("the pod runs as root")
    return Node(tmp_path)


def test_a_node_that_has_all_of_it_has_no_finding(node: Node) -> None:
    networks = {"lan": {"config": {**NETWORKS["lan"]["config"]}}}
    assert found(node.asked(networks=networks)) == []


def test_what_is_missing_is_told_as_over_ssh(node: Node) -> None:
    (node.root / "opt/cni/bin/macvlan").unlink()
    networks = {"lan": {"config": {**NETWORKS["lan"]["config"], "master": "no-such0"}}}
    answer = node.asked(networks=networks)
    assert found(answer) == [("node-plugin-missing", "macvlan"), ("node-link-missing", "no-such0")]
    (plugin, link) = answer.findings
    assert plugin.rule.startswith("there is no /opt/cni/bin/macvlan, and pods of network")
    assert "cniPlugins: true" in plugin.way_out
    assert {plugin.path, link.path} == {("multinet:nodes", "n1")}
    assert plugin.severity is Severity.ERROR


def test_with_the_add_on_its_plugins_are_not_missed(node: Node) -> None:
    (node.root / "opt/cni/bin/macvlan").unlink()
    assert found(node.asked(addons={"cniPlugins": True})) == []


@pytest.mark.parametrize("target", ["/var/lib/x/macvlan", "../../../var/lib/x/macvlan"])
def test_the_nodes_own_links_are_followed_within_it(node: Node, target: str) -> None:
    """As on k3s, whose plugins are links to one program."""
    node.program("var/lib/x/macvlan")
    (node.root / "opt/cni/bin/macvlan").unlink()
    (node.root / "opt/cni/bin/macvlan").symlink_to(target)
    assert found(node.asked()) == []
    (node.root / "opt/cni/bin/macvlan").unlink()
    (node.root / "opt/cni/bin/macvlan").symlink_to("/bin/sh")  # the machine has it, the node not
    assert found(node.asked()) == [("node-plugin-missing", "macvlan")]


def test_a_directory_that_is_a_link_is_followed_and_a_circle_ends(node: Node) -> None:
    (node.root / "opt/cni").rename(node.root / "elsewhere")
    (node.root / "opt/cni").symlink_to("/elsewhere")
    assert found(node.asked()) == []
    (node.root / "opt/cni").unlink()
    (node.root / "opt/cni").symlink_to("/opt/cni")
    assert ("node-plugin-missing", "macvlan") in found(node.asked())


def test_the_primarys_file_and_others_beside_it(node: Node) -> None:
    net_d = node.root / "etc/cni/net.d"
    (net_d / "10-x.conflist").rename(net_d / "05-cilium.conflist")
    (net_d / "99-old.conf.cilium_bak").write_text("{}")
    assert found(node.asked()) == [
        ("node-primary-missing", "10-x.conflist"),
        ("node-cilium-backup", "99-old.conf.cilium_bak"),
    ]


@pytest.mark.parametrize(
    ("multus", "codes"), [("ours", []), ("theirs", ["error"]), ("unknown", ["warning"])]
)
def test_whose_multus_it_is_the_cluster_knows(node: Node, multus: str, codes: list[str]) -> None:
    (node.root / "etc/cni/net.d/00-multus.conf").write_text("{}")
    answer = node.asked(multus)
    assert [str(f.severity) for f in answer.findings] == codes
    assert {f.code for f in answer.findings} <= {"node-other-multus"}


def test_addresses_that_are_all_taken(node: Node) -> None:
    for n in (5, 6):
        (node.root / f"var/lib/cni/networks/lan/10.9.0.{n}").write_text("x")
    assert found(node.asked()) == [("node-range-exhausted", "lan")]


def test_the_nodes_own_address_in_a_range(node: Node) -> None:
    ipam = {"type": "host-local", "subnet": "127.0.0.0/8", "gateway": "127.0.0.9"}
    networks = {"lan": {"config": {**NETWORKS["lan"]["config"], "ipam": ipam}}}
    assert ("node-address-in-range", "lan") in found(node.asked(networks=networks))


def test_what_links_are_is_seen_without_iproute2(node: Node) -> None:
    networks = {"on": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "lo"}}}
    node.program("opt/cni/bin/bridge")
    assert found(node.asked(networks=networks)) == [("node-not-a-bridge", "lo")]
    links = [p.name for p in Path("/sys/class/net").iterdir() if p.name != "lo"]
    if not links:
        pytest.skip("the machine has no link but lo")
    mtu = int(Path(f"/sys/class/net/{links[0]}/mtu").read_text())
    for declared, told in ((mtu, []), (mtu - 1, [("node-fact-wrong", links[0])])):
        settings, _ = check(NodeSettings, {"links": {links[0]: {"mtu": declared}}})
        assert found(node.asked(node=settings)) == told


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare")
def test_a_directory_of_a_read_only_file_system_is_told(node: Node) -> None:
    settings = NodeSettings()
    stack, _ = check_config({"networks": NETWORKS})
    assert stack is not None
    text = script.pod_preflight("n1", settings, node_needs("n1", settings, stack), "unknown")
    text = text.replace(f"HOST={script.HOST}\n", f"HOST='{node.root}'\n")
    mounts = f"mount -t tmpfs -o ro none {node.root}/opt && mount -t tmpfs none {node.root}/etc"
    ran = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"{mounts} && exec busybox sh -s -- --report"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    codes = found(report.of_pod("n1", ran.stdout))
    assert ("node-directory-read-only", "/opt") in codes
    assert ("node-directory-read-only", "/etc") not in codes


def test_its_pod_may_read_and_nothing_else() -> None:
    made = pod.manifest(
        "n1.example.org", "kube-system", run="abc", owner="me/1/2", image="i", script="x", seconds=9
    )
    spec = made["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert not spec.get("hostPID")
    assert not spec.get("hostIPC")
    (container,) = spec["containers"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["securityContext"]["allowPrivilegeEscalation"] is False
    assert [m["readOnly"] for m in container["volumeMounts"]] == [True]
    assert spec["activeDeadlineSeconds"] == 9
    names = {
        pod.manifest(n, "x", run="r", owner="", image="i", script="", seconds=1)["metadata"]["name"]
        for n in ("a" * 40 + "1", "a" * 40 + "2", "n.1", "n-1", "x" * 60 + ".")
    }
    assert len(names) == 5
    assert all(len(name) <= 63 for name in names)

"""`multinet verify` on a real node that is not as it should be: its cause is told."""

from __future__ import annotations

import json

import pytest

from multinet.verify import pod
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import sample
from tests.cluster.verifying import (
    Environment,
    bridge,
    codes,
    wait_until,
)

pytestmark = pytest.mark.cluster


def test_a_program_that_vanished_from_the_node_is_named(dev: Environment) -> None:
    move = ["mv", "/opt/cni/bin/macvlan", "/opt/cni/bin/macvlan.away"]
    dev.cluster.node_run(move)
    try:
        ran = dev.verify(dev.file)
        assert ran.returncode == 1
        assert "the program macvlan is not in /opt/cni/bin on that node" in ran.stdout
        assert "way out" in ran.stdout
    finally:
        dev.cluster.node_run([move[0], move[2], move[1]])


def test_a_pod_that_the_runtime_starts_without_multus_is_told(dev: Environment) -> None:
    # Another file that sorts before Multus's: the runtime takes that one.
    directory = "/etc/cni/net.d"
    first = f"{directory}/00-a.conflist"
    dev.cluster.node_run(["cp", f"{directory}/{PRIMARY_CONFLIST}", first])
    try:
        code, document = dev.document(dev.file)
    finally:
        dev.cluster.node_run(["rm", first])
    assert code == 1
    assert codes(document["rows"][0]) == ["live-not-attached"]
    assert codes(document["rows"][0], "causes") == ["live-not-first"]


def test_without_networks_a_runtime_that_does_not_call_multus_is_told(dev: Environment) -> None:
    file = dev.declare("none", {})
    code, document = dev.document(file)
    assert (code, [n["primary"] for n in document["nodes"]]) == (0, ["rig"])
    directory = "/etc/cni/net.d"
    first = f"{directory}/00-a.conflist"
    dev.cluster.node_run(["cp", f"{directory}/{PRIMARY_CONFLIST}", first])
    try:
        code, document = dev.document(file)
    finally:
        dev.cluster.node_run(["rm", first])
    assert code == 1
    (node,) = document["nodes"]
    assert codes(node) == ["live-multus-not-called"]
    assert codes(node, "causes") == ["live-not-first"]


def test_nobody_listening_is_told_in_the_words_that_are_looked_for(dev: Environment) -> None:
    """By the image that verify's pods have: a refused connection, and no answer at all."""
    for name in ("asks", "deaf"):
        dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(sample.pod(name)))
    try:
        for name in ("asks", "deaf"):
            ready = ("wait", "--for=condition=Ready", f"pod/{name}", "--timeout=180s")
            dev.cluster.kubectl(*ready)
        deaf = json.loads(dev.cluster.kubectl("get", "pod", "deaf", "-o", "json"))
        status = json.loads(deaf["metadata"]["annotations"]["k8s.v1.cni.cncf.io/network-status"])
        (address,) = next(e["ips"] for e in status if e["interface"] == "net1")
        said = dev.cluster.kubectl("exec", "asks", "--", *pod.reach([address, "192.168.1.250"]))
        told = {line.partition(" ")[0]: line.partition(" ")[2] for line in said.splitlines()}
        assert "refused" in told[pod.endpoint(address)].lower()
        assert "refused" not in told[pod.endpoint("192.168.1.250")].lower()
    finally:
        dev.cluster.kubectl("delete", "pod", "asks", "deaf", "--wait=true")


def test_dhcp_without_a_server_is_told_by_name_before_the_plugin_gives_up(dev: Environment) -> None:
    """The daemon is there, and asks for minutes: whoever waited for its words had another cause."""
    serve = "mkdir -p /run/cni; /opt/cni/bin/dhcp daemon >/dev/null 2>&1 & echo $!"
    daemon = dev.cluster.node_run(["sh", "-c", serve]).stdout.strip()
    file = dev.declare("silent", {"silent": {"config": bridge(21, ipam={"type": "dhcp"})}})
    try:
        code, document = dev.document(file)
        assert code == 1
        (row,) = document["rows"]
        assert codes(row, "causes") == ["live-dhcp-silent"], row
    finally:
        dev.cluster.node_run(["kill", daemon])
        dev.cluster.node_run(["rm", "-f", "/run/cni/dhcp.sock"])
        dev.drop("silent")


def test_a_multus_that_waits_for_a_file_is_told_with_the_files_name(dev: Environment) -> None:
    """As after a confFile that the primary CNI never writes."""
    target = ("daemonset/multinet-multus", "--namespace=kube-system")
    path = "/spec/template/spec/containers/0/command"
    command = json.loads(dev.cluster.kubectl("get", *target, "-o", "json"))
    command = command["spec"]["template"]["spec"]["containers"][0]["command"]

    def start_with(words: list[str]) -> None:
        patch = [{"op": "replace", "path": path, "value": words}]
        dev.cluster.kubectl("patch", *target, "--type=json", "--patch", json.dumps(patch))

    start_with([*command[:-1], "10-absent.conflist"])
    try:
        wait_until(lambda: dev.document(dev.file)[0] == 1)
        wait_until(lambda: "10-absent" in json.dumps(dev.document(dev.file)[1]["findings"]))
        _, document = dev.document(dev.file)
        (finding,) = document["findings"]
        assert finding["code"] == "live-multus-not-ready"
        assert f"in the node's CNI directory: 00-multus.conf {PRIMARY_CONFLIST}" in finding["rule"]
        assert "writes 10-absent.conflist" in finding["wayOut"]
    finally:
        start_with(command)
        dev.cluster.kubectl("rollout", "status", *target, "--timeout=180s")
        # The next tests start from what they all start from.
        wait_until(lambda: dev.document(dev.file)[0] == 0)

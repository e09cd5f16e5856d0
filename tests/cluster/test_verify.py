"""`multinet verify` against a real cluster: what it sees, why it fails, and that nothing stays."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import rig
from multinet.verify import pod
from rig.cluster.configs import PRIMARY_CONFLIST
from rig.demo import sample
from tests.cluster import verifying
from tests.cluster.verifying import Environment, bridge, by_network, codes, environment, host_local

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def dev(cluster: rig.Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """The dev environment on the node."""
    with verifying.deployed(cluster, tmp_path_factory.mktemp("verify")) as found:
        yield found


def test_the_dev_environment_is_as_declared_and_two_pods_reach_each_other(
    dev: Environment, tmp_path: Path
) -> None:
    report = tmp_path / "junit.xml"
    code, document = dev.document(dev.file, "--junit", str(report))
    assert code == 0, document
    rows = by_network(document)["macvlan-conf"]
    assert len(rows) == 2
    for row in rows:
        (address,) = row["addresses"]
        assert 200 <= int(address.removeprefix("192.168.1.").removesuffix("/24")) <= 216
        assert (row["node"], row["interface"], row["parent"]) == ("rig", "net1", "eth0")
        assert (row["mtu"], row["verdict"]) == (1500, "ok")
        assert row["reachability"] == "yes: rig"
    assert rows[0]["addresses"] != rows[1]["addresses"]
    (suite,) = ET.fromstring(report.read_text())
    assert suite.attrib["tests"] == "3", "the node, and the network on it twice"
    assert suite.attrib["failures"] == "0"
    assert dev.pods_left() == ""


def test_many_kinds_of_networks_share_pods_and_each_failure_has_its_cause(
    dev: Environment,
) -> None:
    sets = {
        "type": "host-local",
        "ranges": [[{"subnet": "10.7.2.0/24"}], [{"subnet": "fd00:7::/64"}]],
    }
    full = bridge(5, ipam=host_local(5, rangeStart="10.7.5.2", rangeEnd="10.7.5.2"))
    networks: dict[str, dict[str, Any]] = {
        "routed": {"config": bridge(1, mtu=1400, ipam=host_local(1, routes=[{"dst": "172.16.0.0/12"}]))},
        "dual": {"config": bridge(2, ipam=sets)},
        "no-parent": {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "ens9", "ipam": host_local(3)}},
        "no-binary": {"config": {"cniVersion": "1.0.0", "type": "ovs", "bridge": "br1", "ipam": host_local(4)}},
        "full": {"config": full},
        "bare": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "vfy6"}},
        "device": {"config": {"cniVersion": "1.0.0", "type": "sriov"}, "resourceName": "intel.com/vf"},
        "no-daemon": {"config": bridge(7, ipam={"type": "dhcp"})},
    }  # fmt: skip
    file = dev.declare("many", networks)
    resource = "k8s.v1.cni.cncf.io/resourceName=intel.com/vf"
    dev.cluster.kubectl("annotate", "network-attachment-definitions", "device", resource)
    taker = json.dumps(sample.pod("taker", networks="full"))
    dev.cluster.kubectl("apply", "-f", "-", input=taker)
    dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/taker", "--timeout=180s")
    try:
        code, document = dev.document(file)
        rows = by_network(document)
        causes = {
            name: {c for row in of_network for c in codes(row, "causes")}
            for name, of_network in rows.items()
        }
        assert code == 1
        assert causes["no-parent"] == {"live-parent-missing"}
        assert causes["no-binary"] == {"live-plugin-missing"}
        assert causes["full"] == {"live-range-exhausted"}
        assert causes["device"] == {"live-no-device"}
        assert causes["no-daemon"] == {"live-dhcp-daemon"}
        assert "ens9" in rows["no-parent"][0]["causes"][0]["rule"]
        assert "10.7.5.2-10.7.5.2" in rows["full"][0]["causes"][0]["rule"]
        # What is well is not taken down by what shared its pod.
        assert [r["verdict"] for r in rows["routed"]] == ["ok", "ok"]
        assert [r["mtu"] for r in rows["routed"]] == [1400, 1400]
        assert [len(r["addresses"]) for r in rows["dual"]] == [2, 2]
        assert {r["reachability"] for r in rows["dual"]} == {"yes: rig"}
        assert {r["reachability"] for r in rows["bare"]} == {"not tried: no address"}
        assert {r["verdict"] for r in rows["bare"]} == {"ok"}
        assert dev.pods_left() == ""
    finally:
        dev.cluster.kubectl("delete", "pod", "taker", "--wait=true")
        dev.drop(*networks)


def test_a_network_that_each_node_has_is_tried_as_any_other(dev: Environment) -> None:
    file = dev.declare("provided", {"own": {"perNode": "provided"}})
    written = {**bridge(8), "name": "own"}
    path = "/etc/cni/multus/net.d/10-own.conf"
    try:
        code, document = dev.document(file)
        (row, *_) = by_network(document)["own"]
        assert code == 1
        assert codes(row, "causes") == ["live-configuration-missing"], row
        assert "in /etc/cni/multus/net.d" in row["causes"][0]["rule"]
        dev.cluster.node_run(["sh", "-c", f"echo '{json.dumps(written)}' >{path}"])
        code, document = dev.document(file)
        rows = by_network(document)["own"]
        assert code == 0, document
        assert {row["verdict"] for row in rows} == {"ok"}
        assert all(row["addresses"][0].startswith("10.7.8.") for row in rows)
        dev.nad("own", "default", json.dumps(written))
        code, document = dev.document(file)
        assert code == 1
        told = [f["code"] for row in by_network(document)["own"] for f in row["findings"]]
        assert "live-nad-differs" in told
    finally:
        dev.cluster.node_run(["rm", "-f", path])
        dev.drop("own")


def test_a_network_of_an_isolated_namespace_is_tried_from_there_at_the_strictest_level(
    dev: Environment,
) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted"}
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "blue", "labels": labels},
    }
    dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(namespace))
    try:
        file = dev.declare("blue", {"tenant": {"namespace": "blue", "config": bridge(8)}})
        code, document = dev.document(file)
        assert code == 0, document
        assert {r["reachability"] for r in document["rows"]} == {"yes: rig"}
    finally:
        dev.cluster.kubectl("delete", "namespace", "blue", "--wait=false")


def test_a_nad_edited_by_hand_and_one_that_is_gone_are_told(dev: Environment) -> None:
    networks = {"edited": {"config": bridge(9)}, "gone": {"config": bridge(10)}}
    file = dev.declare("edited", networks)
    try:
        dev.nad(
            "edited", "default", json.dumps({"name": "edited", **bridge(9, ipam=host_local(11))})
        )
        dev.drop("gone")
        code, document = dev.document(file)
        rows = by_network(document)
        assert code == 1
        assert codes(rows["gone"][0]) == ["live-nad-missing"]
        for row in rows["edited"]:
            assert codes(row) == ["live-nad-differs", "live-address"]
        assert "ipam.subnet is 10.7.11.0/24" in rows["edited"][0]["findings"][0]["rule"]
    finally:
        dev.drop(*networks)


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


def test_dhcp_without_a_server_is_told_by_name_within_a_minute(dev: Environment) -> None:
    """The daemon is there, and asks for minutes before it gives up."""
    serve = "mkdir -p /run/cni; /opt/cni/bin/dhcp daemon >/dev/null 2>&1 & echo $!"
    daemon = dev.cluster.node_run(["sh", "-c", serve]).stdout.strip()
    file = dev.declare("silent", {"silent": {"config": bridge(21, ipam={"type": "dhcp"})}})
    try:
        began = time.monotonic()
        code, document = dev.document(file)
        assert code == 1
        (row,) = document["rows"]
        assert codes(row, "causes") == ["live-dhcp-silent"], row
        assert time.monotonic() - began < 60
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


def wait_until(done: Callable[[], Any], seconds: float = 180.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)


def started(dev: Environment) -> subprocess.Popen[str]:
    """A run whose pods are there: by what it says, since kubectl may be slower than the run."""
    running = subprocess.Popen(
        dev.command(dev.file),
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith("looking into"):
            return running
    running.wait()
    raise AssertionError(f"it started no pods, and ended with {running.returncode}")


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_takes_its_pods_away(dev: Environment, sent: signal.Signals) -> None:
    running = started(dev)
    try:
        running.send_signal(sent)
        # Impatience does not keep it from cleaning up.
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    finally:
        running.kill()
        running.wait()
    assert running.returncode == 130
    assert "removing the pods" in told
    assert "Traceback" not in told
    assert dev.pods_left() == ""


def fits_80_columns(ran: subprocess.CompletedProcess[str]) -> None:
    """The table, piped: one line for each row, without colours, and not too wide."""
    lines = ran.stdout.splitlines()
    header = next(line for line in lines if "reaches" in line)
    rows = [line for line in lines if "192.168.1.2" in line and line.rstrip().endswith("ok")]
    assert len(rows) == 2
    assert max(len(line.rstrip()) for line in (header, *rows)) <= 80
    assert "\x1b" not in ran.stdout + ran.stderr
    assert lines[-1].startswith("1 network in ")


def test_what_a_killed_run_left_is_removed_by_the_next(dev: Environment) -> None:
    running = started(dev)
    running.kill()
    running.communicate()
    left = dev.pods_left().split()[1]
    ran = dev.verify(dev.file)
    assert ran.returncode == 0, ran.stdout
    assert "of an earlier run" in ran.stderr
    wait_until(lambda: left not in dev.pods_left())
    fits_80_columns(ran)


def test_stale_finds_a_workload_after_its_network_changed_and_not_before(
    dev: Environment,
) -> None:
    file = dev.declare("stale", {"moving": {"config": bridge(12)}})
    metadata = {"name": "web", "namespace": "default"}
    pod = sample.pod("web", networks="moving")
    template = {
        "metadata": {"labels": {"app": "web"}, "annotations": pod["metadata"]["annotations"]},
        "spec": pod["spec"],
    }
    spec = {"replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    workload = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
    dev.cluster.kubectl("apply", "-f", "-", input=json.dumps(workload))
    try:
        dev.cluster.kubectl("rollout", "status", "deployment/web", "--timeout=180s")
        code, document = dev.document(file, "--stale")
        assert (code, document["stale"]) == (0, [])
        assert document["networks"] == ["default/moving"]
        time.sleep(1.1)  # the API server's times are in whole seconds
        dev.nad("moving", "default", json.dumps({"name": "moving", **bridge(12, mtu=1400)}))
        ran = dev.verify(file, "--stale")
        assert ran.returncode == 1
        command = "kubectl rollout restart deployment/web -n default"
        assert command in ran.stdout.splitlines()
        dev.cluster.kubectl(*command.split()[1:])
        dev.cluster.kubectl("rollout", "status", "deployment/web", "--timeout=180s")

        def settled() -> bool:
            return dev.document(file, "--stale")[0] == 0

        wait_until(settled)
    finally:
        dev.cluster.kubectl("delete", "deployment", "web", "--wait=true")
        dev.drop("moving")


def test_where_multus_is_away_nothing_is_started_and_what_started_is_stale(
    dev: Environment,
) -> None:
    daemon_set = ("daemonset/multinet-multus", "--namespace=kube-system")
    selector = {"spec": {"template": {"spec": {"nodeSelector": {"no": "where"}}}}}
    dev.cluster.kubectl("patch", *daemon_set, "--type=merge", "--patch", json.dumps(selector))
    multus = ("pods", "--namespace=kube-system", "--selector=app.kubernetes.io/name=multus")
    dev.cluster.kubectl("wait", "--for=delete", *multus, "--timeout=180s")
    lonely = json.dumps(sample.pod("lonely"))
    try:
        dev.cluster.kubectl("apply", "-f", "-", input=lonely)
        dev.cluster.kubectl("wait", "--for=condition=Ready", "pod/lonely", "--timeout=180s")
        code, document = dev.document(dev.file)
        assert code == 1
        assert [f["code"] for f in document["findings"]] == ["live-multus-not-ready"]
        assert [r["verdict"] for r in document["rows"]] == ["not tried"]
        code, document = dev.document(dev.file, "--stale")
        assert code == 1
        # Other tests' pods may be on this node as well.
        (stale,) = [pod for pod in document["stale"] if pod["pod"] == "lonely"]
        assert "Multus was away" in stale["reasons"][0]
    finally:
        dev.cluster.kubectl("delete", "pod", "lonely", "--wait=true")
        back = [{"op": "remove", "path": "/spec/template/spec/nodeSelector/no"}]
        dev.cluster.kubectl("patch", *daemon_set, "--type=json", "--patch", json.dumps(back))
        dev.cluster.kubectl("rollout", "status", *daemon_set, "--timeout=180s")


def test_a_cluster_that_cannot_be_reached_is_told_in_one_line(
    dev: Environment, tmp_path: Path
) -> None:
    broken = json.loads(dev.cluster.kubectl("config", "view", "--raw", "-o", "json"))
    broken["users"][0]["user"] = {"token": "s3cr3t-t0ken"}
    file = tmp_path / "kubeconfig"
    file.write_text(json.dumps(broken))
    refused = dev.verify(dev.file, "--kubeconfig", str(file))
    assert refused.returncode == 3
    assert "credentials" in refused.stderr
    broken["clusters"][0]["cluster"]["server"] = "https://127.0.0.1:1"
    file.write_text(json.dumps(broken))
    nobody = dev.verify(dev.file, "--kubeconfig", str(file))
    assert nobody.returncode == 3
    assert nobody.stderr == "error: no connection to https://127.0.0.1:1: Connection refused\n"
    for ran in (refused, nobody):
        assert "s3cr3t" not in ran.stdout + ran.stderr
        assert len(ran.stderr.splitlines()) == 1

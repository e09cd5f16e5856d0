"""`multinet verify` on a real node: what pods got, and why a network of many fails."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from rig.demo import sample
from tests.cluster.verifying import (
    Environment,
    bridge,
    by_network,
    codes,
    host_local,
)

pytestmark = pytest.mark.cluster


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
        assert row["eth0"]["service"] == "not tried: accepted (default-route)"
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
        well = {"probe": "yes", "service": "yes", "pod": "yes: rig"}
        assert [r["eth0"] for r in rows["dual"]] == [well] * 2
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

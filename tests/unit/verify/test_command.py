"""`multinet verify`, as it is called, on clusters as they were recorded."""

from __future__ import annotations

import contextlib
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from multinet.verify import pods
from tests.unit.live.recorded import NADS, kubeconfig, serving
from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Working

Serve = Callable[..., Any]

NODES = ("n1", "n2")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Callable[..., tuple[Working, str]]]:
    """A cluster with these networks, and the stack file that declares them."""
    with contextlib.ExitStack() as stack:

        def serve(
            networks: dict[str, Any], *nodes: dict[str, Any], **sections: Any
        ) -> tuple[Working, str]:
            there = nodes or tuple(c.node(name) for name in NODES)
            cluster = Working(*there, networks=networks)
            stack.enter_context(serving(cluster, tmp_path))
            return cluster, str(c.stack_file(tmp_path, networks, **sections))

        yield serve


def codes(row: dict[str, Any], key: str = "findings") -> list[str]:
    return [finding["code"] for finding in row[key]]


def made_on(cluster: Working) -> list[str]:
    """Nodes of the pods that were started, in order."""
    terms = [
        pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
        for pod in cluster.made
    ]
    return [term["nodeSelectorTerms"][0]["matchFields"][0]["values"][0] for term in terms]


# --- what is looked at ------------------------------------------------------------------


def test_networks_that_work_match_and_no_pod_is_left(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document
    assert document["matches"] is True
    assert {(r["node"], r["reachability"]) for r in document["rows"]} == {
        ("n1", "yes: n2"),
        ("n2", "yes: n1"),
    }
    assert [(n["node"], n["primary"], n["verdict"]) for n in document["nodes"]] == [
        ("n1", "cbr0", "ok"),
        ("n2", "cbr0", "ok"),
    ]
    assert [p for p in cluster.pods if p["metadata"]["name"].startswith("multinet")] == []


def test_without_networks_multus_and_the_primary_are_looked_at_on_each_node(served: Serve) -> None:
    cluster, file = served({})
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document
    assert document["rows"] == []
    assert [(n["node"], n["primary"]) for n in document["nodes"]] == [
        ("n1", "cbr0"),
        ("n2", "cbr0"),
    ]
    assert all(c.NETWORKS not in pod["metadata"]["annotations"] for pod in cluster.made)
    shown = cluster.run("verify", "-f", file)
    assert "none declared; Multus and the primary work on 2 nodes" in shown.stdout


def test_without_networks_a_runtime_that_does_not_call_multus_is_told(served: Serve) -> None:
    cluster, file = served({})
    cluster.silent.add("n2")
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    one, two = document["nodes"]
    assert (one["verdict"], two["verdict"]) == ("ok", "mismatch")
    assert codes(two) == ["live-multus-not-called"]
    assert codes(two, "causes") == ["live-not-first"]
    assert "1 of 2 nodes with a mismatch" in cluster.run("verify", "-f", file).stdout


def test_where_no_node_can_run_a_pod_nothing_is_green(served: Serve) -> None:
    cluster, file = served({}, c.node("n1", ready=False))
    code, document = cluster.document("verify", "-f", file)
    assert (code, document["matches"]) == (1, False)
    assert [f["code"] for f in document["findings"]] == ["live-no-node"]
    shown = cluster.run("verify", "-f", file)
    assert (shown.exit_code, "nothing was looked at" in shown.stdout) == (1, True)


def test_networks_that_are_all_in_use_leave_the_nodes_to_be_looked_at(served: Serve) -> None:
    static = c.lan(type="static", addresses=[{"address": "10.7.0.9/24"}])
    del static["config"]["ipam"]["range"]
    cluster, file = served({"one": static})
    user = {
        "metadata": {"name": "db", "namespace": "shop", "annotations": {c.NETWORKS: "default/one"}},
        "spec": {"nodeName": "n1"},
        "status": {"phase": "Running"},
    }
    cluster.pods.append(user)
    code, document = cluster.document("verify", "-f", file)
    assert [(r["verdict"], r["note"]) for r in document["rows"]] == [
        ("not tried", "every pod gets the same address, and shop/db has it")
    ]
    assert (code, len(document["nodes"])) == (0, 2)


def test_addresses_outside_the_declared_pod_networks_are_warned_of(served: Serve) -> None:
    primary = {"plugin": "existing", "confFile": c.CONF_FILE, "podCidrs": ["10.42.0.0/16"]}
    cluster, file = served({}, primaryCni=primary)
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, "a warning: what is declared is wrong, what runs is not"
    assert codes(document["nodes"][0]) == ["live-pod-cidr"]
    assert "10.42.0.0/16" in cluster.run("verify", "-f", file).stdout


# --- Multus -----------------------------------------------------------------------------


def test_a_multus_that_waits_for_a_file_is_told_with_the_files_name(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    down = next(p for p in cluster.pods if p["metadata"]["name"] == "multus-n2")
    down["status"]["conditions"] = []
    down["status"]["containerStatuses"] = [{"name": "multus", "ready": False, "state": {}}]
    waits = "waiting for 10-x.conflist; in the node's CNI directory: 05-y.conflist"
    cluster.logs["multus-n2"] = f"multinet: {waits}\n"
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert finding["code"] == "live-multus-not-ready"
    assert finding["rule"].startswith("Multus is not ready on n2: its pod is running and not ready")
    assert waits in finding["rule"]
    assert "10-x.conflist" in finding["wayOut"]
    assert "primaryCni.confFile" in finding["wayOut"]
    assert {(r["node"], r["verdict"]) for r in document["rows"]} == {
        ("n1", "ok"),
        ("n2", "not tried"),
    }


@pytest.mark.parametrize(
    "log",
    [
        "cannot read master CNI config json: open /host/etc/cni/net.d/10-x.conflist: no such file",
        "2026-01-01T00:00:00Z [error] failed to access the primary CNI configuration from"
        " /host/etc/cni/net.d/10-x.conflist: stat: no such file or directory",
    ],
    ids=["thin", "thick"],
)
def test_upstreams_own_words_name_the_file_too(served: Serve, log: str) -> None:
    cluster, file = served({})
    for pod in cluster.pods:
        pod["status"]["conditions"] = []
        cluster.logs[pod["metadata"]["name"]] = f"first\n{log}\n\n"
    _, document = cluster.document("verify", "-f", file)
    (finding,) = document["findings"]
    assert "on n1, n2" in finding["rule"], "nodes with the same trouble are told together"
    assert "writes 10-x.conflist" in finding["wayOut"]


def test_a_multus_that_is_pinned_to_another_file_is_told(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    (data,) = [m["data"] for m in cluster.lists["/api/v1/configmaps"]]
    data["daemon-config.json"] = json.dumps({"multusMasterCNI": "05-other.conflist"})
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    (finding,) = document["findings"]
    assert (finding["code"], finding["path"]) == (
        "live-primary-differs",
        "multinet:primaryCni.confFile",
    )
    assert "05-other.conflist" in finding["rule"]


def test_a_companion_of_multus_is_no_multus(served: Serve) -> None:
    cluster, file = served({})
    other = c.daemon_set("dynamic-networks-controller")
    (container,) = other["spec"]["template"]["spec"]["containers"]
    container |= {
        "name": "c",
        "command": ["/dynamic-networks-controller"],
        "image": "ghcr.io/k8snetworkplumbingwg/multus-dynamic-networks-controller:latest",
    }
    cluster.lists["/apis/apps/v1/daemonsets"] = [other]
    code, document = cluster.document("verify", "-f", file)
    assert (code, [f["code"] for f in document["findings"]]) == (1, ["live-multus-missing"])


# --- addresses --------------------------------------------------------------------------


def test_an_address_that_somebody_elses_pod_has_is_told_before_reachability(served: Serve) -> None:
    cluster, file = served({"lan": c.per_node()})
    cluster.given = {("default/lan", "n1"): ["10.7.0.5"], ("default/lan", "n2"): ["10.7.0.6"]}
    cluster.refusing.add("10.7.0.6")
    cluster.pods.append(user("web", "n1", "10.7.0.6"))
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    one, two = sorted(document["rows"], key=lambda r: r["node"])
    assert codes(one) == []
    assert codes(two) == ["live-duplicate-address"]
    assert "shop/web on n1 and one of verify's" in two["findings"][0]["rule"]
    assert two["causes"] == []
    assert two["reachability"] == "not tried: same address"


def test_a_pod_that_is_gone_by_now_is_in_nobodys_way(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    gone = user("web", "n1", "10.7.0.102")
    cluster.pods.append(gone)
    begin = cluster.started

    def start(pod: dict[str, Any]) -> None:
        begin(pod)
        cluster.pods[:] = [p for p in cluster.pods if p is not gone]

    cluster.started = start
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document


def test_a_range_that_two_nodes_hand_out_is_told_whatever_their_counters(served: Serve) -> None:
    cluster, file = served({"lan": c.per_node()})
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    addresses = {r["addresses"][0] for r in document["rows"]}
    assert addresses == {"10.7.0.2/24", "10.7.0.102/24"}, "no address was given twice"
    assert [codes(r) for r in document["rows"]] == [["live-shared-range"]] * 2


def test_a_refused_connection_is_no_blocked_l2(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.refusing.add("10.7.0.102")
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    one, two = sorted(document["rows"], key=lambda r: r["node"])
    assert codes(one) == ["live-wrong-answer"]
    assert codes(one, "causes") == []
    assert "refuses the connection" in one["findings"][0]["rule"]
    assert codes(two) == []


def test_an_address_that_does_not_answer_is_a_blocked_l2(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    cluster.unreachable.add("10.7.0.102")
    _, document = cluster.document("verify", "-f", file)
    one, _ = sorted(document["rows"], key=lambda r: r["node"])
    assert (codes(one), codes(one, "causes")) == (["live-unreachable"], ["live-l2-blocked"])


def user(name: str, on: str, address: str) -> dict[str, Any]:
    """Somebody's pod on network lan."""
    entry = {"name": "default/lan", "interface": "net1", "ips": [address]}
    return {
        "metadata": {
            "name": name,
            "namespace": "shop",
            "annotations": {c.NETWORKS: "default/lan", c.STATUS: json.dumps([entry])},
        },
        "spec": {"nodeName": on},
        "status": {"phase": "Running"},
    }


# --- causes -----------------------------------------------------------------------------


def test_dhcp_without_a_server_is_told_soon_and_by_name(
    served: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pods, "_DHCP_SECONDS", 0.5)
    leased = c.lan(type="dhcp")
    del leased["config"]["ipam"]["range"]
    cluster, file = served({"leased": leased})
    cluster.never.add("default/leased")
    began = time.monotonic()
    code, document = cluster.document("verify", "-f", file, "--timeout", "60")
    assert (code, time.monotonic() - began < 20) == (1, True)
    assert [codes(r, "causes") for r in document["rows"]] == [["live-dhcp-silent"]] * 2


def test_an_edited_nad_is_put_right_by_a_refresh(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    (there,) = cluster.lists["/apis/k8s.cni.cncf.io/v1/network-attachment-definitions"]
    edited = json.loads(there["spec"]["config"]) | {"mode": "vepa"}
    there["spec"]["config"] = json.dumps(edited)
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    assert "pulumi up --refresh" in document["rows"][0]["findings"][0]["wayOut"]


# --- options ----------------------------------------------------------------------------


def five(**labels: str) -> list[dict[str, Any]]:
    return [c.node(f"n{i + 1}", **labels) for i in range(5)]


@pytest.mark.parametrize(
    ("options", "nodes"),
    [
        ([], {"n1", "n2"}),
        (["--sample", "1"], {"n1"}),
        (["--sample", "3"], {"n1", "n2", "n3"}),
        (["--all-nodes"], {"n1", "n2", "n3", "n4", "n5"}),
        (["--node", "n4", "--node", "n2"], {"n2", "n4"}),
    ],
)
@pytest.mark.parametrize("networks", [{"lan": c.lan()}, {}], ids=["a network", "none"])
def test_nodes_are_chosen_as_asked(
    served: Serve, networks: dict[str, Any], options: list[str], nodes: set[str]
) -> None:
    cluster, file = served(networks, *five())
    code, document = cluster.document("verify", "-f", file, *options)
    assert code == 0, document
    assert {n["node"] for n in document["nodes"]} == set(made_on(cluster)) == nodes


def test_a_node_that_is_not_there_is_told(served: Serve) -> None:
    cluster, file = served({})
    code, document = cluster.document("verify", "-f", file, "--node", "n7", "--node", "n1")
    assert (code, [f["code"] for f in document["findings"]]) == (1, ["live-node-unknown"])
    assert [n["node"] for n in document["nodes"]] == ["n1"]


def test_parallel_says_how_many_nodes_have_pods_at_once(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, *five())
    most = 0
    begin = cluster.started

    def start(pod: dict[str, Any]) -> None:
        nonlocal most
        begin(pod)
        most = max(most, sum("multinet" in p["metadata"]["name"] for p in cluster.pods))

    cluster.started = start
    told = cluster.run("verify", "-f", file, "--all-nodes", "--parallel", "2")
    assert told.exit_code == 0, told.output
    assert most == 2
    assert told.stderr.count("starting") == 3


def test_timeout_is_how_long_a_pod_may_take(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, c.node("n1"))
    cluster.never.add("default/lan")
    began = time.monotonic()
    code, document = cluster.document("verify", "-f", file, "--timeout", "5")
    assert code == 1
    assert 5 <= time.monotonic() - began < 30
    (row,) = document["rows"]
    assert "nothing was said about it within 5 s" in row["causes"][0]["rule"]
    assert cluster.made[0]["spec"]["activeDeadlineSeconds"] == 70


def test_the_image_is_the_one_given_else_the_samples(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, c.node("n1"))
    cluster.run("verify", "-f", file, "--image", "registry.example/box:1")
    assert {image(pod) for pod in cluster.made} == {"registry.example/box:1"}
    cluster.made.clear()
    cluster.run("verify", "-f", file)
    assert {image(pod) for pod in cluster.made} == {"docker.io/library/busybox:1.35.0"}


def image(pod: dict[str, Any]) -> str:
    return str(pod["spec"]["containers"][0]["image"])


def test_context_chooses_the_cluster(served: Serve) -> None:
    cluster, file = served({})
    cluster.kubeconfig.write_text(json.dumps(kubeconfig(cluster.url, "away")))
    assert cluster.run("verify", "-f", file, "--context", "recorded").exit_code == 0
    away = cluster.run("verify", "-f", file, "--context", "away")
    assert (away.exit_code, "127.0.0.1:1" in away.stderr) == (3, True)
    none = cluster.run("verify", "-f", file, "--context", "nosuch")
    assert (none.exit_code, "nosuch" in none.stderr) == (3, True)
    assert "s3cr3t" not in away.output + none.output


@pytest.mark.parametrize("asked", [True, False])
def test_declared_nodes_are_asked_over_ssh_unless_told_not_to(served: Serve, asked: bool) -> None:
    nodes = {"n1": {"host": "127.0.0.1", "port": 1, "hostKey": HOST_KEY}}
    cluster, file = served({"lan": c.lan()}, c.node("n1"), nodes=nodes)
    cluster.never.add("default/lan")
    options = [] if asked else ["--no-ask-nodes"]
    told: Result = cluster.run("verify", "-f", file, "--timeout", "5", *options)
    assert told.exit_code == 1
    assert ("asking 1 node over SSH" in told.stderr) is asked
    assert ("n1 could not be asked over SSH" in told.stdout) is asked


HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7f0v0vRkmZ4bWkqkQd0m2cM0c8oH3xq1kGkq0mO9cA"


# --- JUnit ------------------------------------------------------------------------------


def test_junit_is_written_with_names_that_do_not_change(served: Serve, tmp_path: Path) -> None:
    cluster, file = served({"lan": c.lan()})
    report = tmp_path / "junit.xml"

    def names() -> list[tuple[str, str]]:
        ran = cluster.run("verify", "-f", file, "--junit", str(report))
        assert ran.exit_code == 0, ran.output
        (suite,) = ET.fromstring(report.read_text())
        return [(case.attrib["classname"], case.attrib["name"]) for case in suite]

    assert (
        names()
        == names()
        == [
            ("node", "n1"),
            ("node", "n2"),
            ("default/lan", "n1"),
            ("default/lan", "n2"),
        ]
    )


def test_a_junit_file_that_cannot_be_written_ends_the_run_before_any_pod(
    served: Serve, tmp_path: Path
) -> None:
    cluster, file = served({"lan": c.lan()})
    for bad in (tmp_path / "none" / "junit.xml", tmp_path):
        code, document = cluster.document("verify", "-f", file, "--junit", str(bad))
        assert (code, document["exit"]) == (2, 2)
        assert f"{bad} cannot be written" in document["error"]
    assert cluster.made == []
    assert cluster.asked == [], "not even the cluster was asked"


def test_a_report_of_an_earlier_run_is_not_left_for_this_ones(
    served: Serve, tmp_path: Path
) -> None:
    cluster, file = served({})
    report = tmp_path / "junit.xml"
    report.write_text("<testsuites/>")
    cluster.kubeconfig.write_text(json.dumps(kubeconfig("http://127.0.0.1:1")))
    assert cluster.run("verify", "-f", file, "--junit", str(report)).exit_code == 3
    assert not report.exists()


def test_a_network_that_each_node_has_is_tried_and_its_object_compared(served: Serve) -> None:
    cluster, file = served({"own": {"perNode": "provided"}})

    code, document = cluster.document("verify", "-f", file)

    assert code == 0, document
    assert {r["verdict"] for r in document["rows"]} == {"ok"}
    (nad,) = cluster.lists[NADS]
    nad["spec"] = {"config": '{"cniVersion": "1.0.0", "type": "macvlan"}'}
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    assert {c for r in document["rows"] for c in codes(r)} == {"live-nad-differs"}


def test_an_object_that_lost_its_configuration_is_told(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    (nad,) = cluster.lists[NADS]
    nad["spec"] = {}

    code, document = cluster.document("verify", "-f", file)

    assert code == 1
    told = [f for r in document["rows"] for f in r["findings"]]
    assert {f["code"] for f in told} == {"live-nad-differs"}
    assert "Multus looks for the nodes' own" in told[0]["rule"]

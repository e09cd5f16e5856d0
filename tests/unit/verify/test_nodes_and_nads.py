"""`multinet verify`, as it is called: what it says of nodes, the primary and NADs."""

from __future__ import annotations

import json

from tests.unit.live.recorded import NADS
from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, codes


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


def test_an_edited_nad_is_put_right_by_a_refresh(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    (there,) = cluster.lists["/apis/k8s.cni.cncf.io/v1/network-attachment-definitions"]
    edited = json.loads(there["spec"]["config"]) | {"mode": "vepa"}
    there["spec"]["config"] = json.dumps(edited)
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    assert "pulumi up --refresh" in document["rows"][0]["findings"][0]["wayOut"]


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


def test_nodes_that_nobody_declared_and_declared_ones_that_are_not_there_are_told(
    served: Serve,
) -> None:
    nodes = {name: {"host": f"192.0.2.{i}"} for i, name in enumerate(("n1", "n22", "away"), 1)}
    cluster, file = served({"lan": c.lan()}, nodes=nodes)
    code, document = cluster.document("verify", "-f", file)
    assert (code, document["matches"]) == (0, True), "what runs is as declared: a warning"
    told = {(f["code"], f["path"]): f for f in document["findings"]}
    assert set(told) == {
        ("node-not-in-cluster", "multinet:nodes.n22"),
        ("node-not-in-cluster", "multinet:nodes.away"),
        ("node-not-declared", "multinet:nodes"),
    }
    assert "did you mean 'n2'" in told["node-not-in-cluster", "multinet:nodes.n22"]["wayOut"]
    assert "node n2 besides" in told["node-not-declared", "multinet:nodes"]["rule"]
    shown = cluster.run("verify", "-f", file)
    assert shown.exit_code == 0
    for words in ("[node-not-in-cluster]", "[node-not-declared]", "did you mean 'n2'"):
        assert words in shown.stdout


def test_nodes_that_are_told_of_are_ignored_where_the_file_says_so(served: Serve) -> None:
    nodes = {"n1": {"host": "192.0.2.1"}}
    ignore = {"node-not-declared": "it has no networks"}
    cluster, file = served({"lan": c.lan()}, nodes=nodes, ignore=ignore)
    code, document = cluster.document("verify", "-f", file)
    assert (code, document["findings"]) == (0, [])


def test_where_no_node_is_declared_none_is_a_stranger(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    assert cluster.document("verify", "-f", file)[1]["findings"] == []

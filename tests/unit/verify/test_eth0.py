"""`multinet verify`, as it is called, where a network takes eth0 from its pods, or may."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.verify import clusters as c
from tests.unit.verify.clusters import Serve, codes, routed

NODES = [c.node("n1", address="10.7.0.10"), c.node("n2", address="10.7.0.11")]
WHY = "it is meant"


pytestmark = pytest.mark.usefixtures("soon")


def test_beside_a_network_that_takes_nothing_all_of_eth0_works(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()})
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document
    assert [row["eth0"] for row in document["rows"]] == [
        {"probe": "yes", "service": "yes", "pod": "yes: n2"},
        {"probe": "yes", "service": "yes", "pod": "yes: n1"},
    ]
    probes = [pod["spec"]["containers"][0]["readinessProbe"]["httpGet"] for pod in cluster.made]
    assert all("host" not in probe for probe in probes), "the level restricted forbids it"


def test_on_the_nodes_own_subnet_probes_that_never_pass_are_a_mismatch(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, *NODES)
    cluster.failing["default/lan"] = {"probe"}
    cluster.event("any", "not of it")
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    for row in document["rows"]:
        assert codes(row) == ["live-probe-fails"]
        assert codes(row, "causes") == ["live-nodes-own-subnet"]
        assert row["eth0"]["service"] == "yes"
    (first, _) = document["rows"]
    assert "n1 does not reach the pod's eth0" in first["findings"][0]["rule"]
    assert "the node's own address 10.7.0.10" in first["causes"][0]["rule"]
    assert "no pod reaches its node by eth1" in first["causes"][0]["rule"]
    assert "exec probes" in first["causes"][0]["wayOut"]
    assert document["findings"] == [], "what was seen to fail is not warned of besides"
    assert {n["verdict"] for n in document["nodes"]} == {"ok"}
    shown = cluster.run("verify", "-f", file).stdout
    for words in ("[live-probe-fails]", "[live-nodes-own-subnet]", "a subnet of its own"):
        assert words in shown


def test_on_the_nodes_own_subnet_that_harms_no_probe_it_is_a_warning(served: Serve) -> None:
    networks = {"lan": c.lan()}
    cluster, file = served(networks, *NODES)
    code, document = cluster.document("verify", "-f", file)
    (finding,) = document["findings"]
    assert (code, finding["code"], finding["path"]) == (
        0,
        "nodes-own-subnet",
        "multinet:networks.lan",
    )
    assert "10.7.0.0/24 has the address of n1, n2 in it" in finding["rule"]
    assert "[nodes-own-subnet]" in cluster.run("verify", "-f", file).stdout


@pytest.mark.parametrize(
    ("entry", "nodes"),
    [
        ({**c.lan(), "ignore": {"nodes-own-subnet": WHY}}, NODES),
        ({**c.lan(), "nodeSelector": {"lan": "yes"}}, [*NODES, c.node("n3", lan="yes")]),
        ({"config": {**c.lan()["config"], "type": "bridge", "bridge": "br1", "master": None}}, NODES),
        (c.lan(), [c.node("n1", address="192.0.2.1")]),
    ],
    ids=["accepted", "on other nodes", "a bridge", "another subnet"],
)  # fmt: skip
def test_where_it_is_no_trouble_nothing_is_said(
    served: Serve, entry: dict[str, Any], nodes: list[dict[str, Any]]
) -> None:
    entry["config"] = {k: v for k, v in entry["config"].items() if v is not None}
    cluster, file = served({"lan": entry}, *nodes)
    assert cluster.document("verify", "-f", file)[1]["findings"] == []


def test_a_default_route_that_takes_services_away_is_a_mismatch(served: Serve) -> None:
    cluster, file = served({"lan": routed("0.0.0.0/0")})
    cluster.routes["default/lan"] = "default via 10.9.0.1"
    cluster.failing["default/lan"] = {"service", "pod"}
    cluster.given = {("default/lan", n): ["10.9.0.2", "10.9.0.3"] for n in ("n1", "n2")}
    cluster.given["default/lan", "n2"] = ["10.9.0.4", "10.9.0.5"]
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    for row in document["rows"]:
        assert codes(row) == ["live-eth0-unreachable", "live-service-unreachable"]
        assert codes(row, "causes") == ["live-default-route"]
        assert row["eth0"]["probe"] == "yes"
        assert "10.233.0.1:443" in row["findings"][1]["rule"]
        assert "ignore: {default-route" in row["causes"][0]["wayOut"]


def test_where_the_default_route_is_accepted_eth0_is_not_tried(served: Serve) -> None:
    cluster, file = served({"lan": routed("0.0.0.0/0", ignore={"default-route": WHY})})
    cluster.routes["default/lan"] = "default via 10.9.0.1"
    cluster.failing["default/lan"] = {"probe", "service", "pod"}
    cluster.given = {("default/lan", "n1"): ["10.9.0.2"], ("default/lan", "n2"): ["10.9.0.4"]}
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document
    assert {row["eth0"]["service"] for row in document["rows"]} == {
        "not tried: accepted (default-route)"
    }
    assert any("default-route is accepted" in note for note in document["notes"]), document
    assert "readinessProbe" not in cluster.made[0]["spec"]["containers"][0]


def test_of_many_networks_in_a_pod_the_one_that_takes_eth0_is_found(served: Serve) -> None:
    networks = {name: c.lan(range=f"10.{i}.0.0/24") for i, name in enumerate("abc", 20)}
    cluster, file = served(networks, c.node("n1"))
    for i, name in enumerate("abc", 20):
        cluster.given[f"default/{name}", "n1"] = [f"10.{i}.0.{j}" for j in range(2, 9)]
    cluster.routes["default/b"] = "10.233.0.0/24"
    cluster.failing["default/b"] = {"service"}
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    told = {r["network"]: (codes(r), codes(r, "causes")) for r in document["rows"]}
    assert told["a"] == told["c"] == ([], [])
    assert told["b"] == (["live-service-unreachable"], ["live-route-before-eth0"])
    assert [p for p in cluster.pods if p["metadata"]["name"].startswith("multinet-v")] == []


def test_what_fails_without_networks_too_is_no_networks_fault(served: Serve) -> None:
    """As behind a network policy that lets nothing out."""
    cluster, file = served({"lan": c.lan()})
    cluster.failing = {"": {"service", "pod"}, "default/lan": {"service", "pod"}}
    code, document = cluster.document("verify", "-f", file)
    assert code == 0, document
    assert [codes(row) for row in document["rows"]] == [[], []]
    for node in document["nodes"]:
        assert codes(node) == ["live-eth0-unreachable", "live-service-unreachable"]
        assert {f["severity"] for f in node["findings"]} == {"warning"}
        assert {f["path"] for f in node["findings"]} == {"multinet:primaryCni"}
    assert "policies of its namespace" in cluster.run("verify", "-f", file).stdout


def test_a_node_that_reaches_none_of_its_pods_is_told_as_a_node(served: Serve) -> None:
    cluster, file = served({})
    cluster.failing[""] = {"probe"}
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    assert [codes(node) for node in document["nodes"]] == [["live-probe-fails"]] * 2


def test_what_no_route_explains_is_told_as_that(served: Serve) -> None:
    cluster, file = served({"lan": c.lan()}, c.node("n1"))
    cluster.failing["default/lan"] = {"service"}
    code, document = cluster.document("verify", "-f", file)
    assert code == 1
    assert {c for row in document["rows"] for c in codes(row, "causes")} == {
        "live-eth0-unexplained"
    }

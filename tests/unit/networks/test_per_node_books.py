"""host-local where pods of several nodes meet: told once, and where there may be several nodes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.validating import Verdict, validate

CODE = "host-local-on-shared-l2"
HOSTNAME = "kubernetes.io/hostname"


def lan(i: int = 0, **keys: Any) -> dict[str, Any]:
    ipam = {"type": "host-local", "subnet": f"10.{i}.0.0/24"}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": ipam}
    return {"config": config, **keys}


def told(verdict: Verdict) -> list[tuple[str, str]]:
    return [(f["path"], f["rule"]) for f in verdict.findings if f["code"] == CODE]


def test_one_network_is_told_at_its_ipam() -> None:
    ((path, _),) = told(validate(networks={"lan": lan()}))
    assert path == "multinet:networks.lan.config.ipam.type"


def test_many_networks_are_told_once_with_their_names() -> None:
    networks = {f"lan-{i}": lan(i) for i in range(30)}

    ((path, rule),) = told(validate(networks=networks))

    assert path == "multinet:networks"
    assert rule.startswith("30 networks ('lan-0', 'lan-1'")
    assert "and 22 more" in rule


def test_a_network_that_accepts_it_is_not_counted() -> None:
    accepts = {CODE: "its pods run on one node"}
    networks = {"a": lan(1), "b": lan(2), "c": lan(3, ignore=accepts)}

    ((_, rule),) = told(validate(networks=networks))
    assert rule.startswith("2 networks ('a', 'b')")

    networks["b"]["ignore"] = accepts
    ((path, _),) = told(validate(networks=networks))
    assert path == "multinet:networks.a.config.ipam.type"


def test_one_place_accepts_it_for_all() -> None:
    networks = {f"lan-{i}": lan(i) for i in range(30)}
    verdict = validate(networks=networks, ignore={CODE: "there is one node"})
    assert verdict.findings == []


TWO = {
    "w1": {"labels": {"rack": "a", "disk": "ssd"}},
    "w2": {"labels": {"rack": "b", "disk": "ssd"}},
}
ONE_NODE: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "a selector of a node's name": ({HOSTNAME: "worker-a"}, {}),
    "the same, of a declared node": ({HOSTNAME: "w1"}, TWO),
    "a label that one declared node has": ({"rack": "a"}, TWO),
    "one declared node": ({}, {"w1": {}}),
    "one declared node, and a label that it may have": ({"rack": "z"}, {"w1": {}}),
}
SEVERAL: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "no nodes are declared": ({}, {}),
    "a label, and no nodes are declared": ({"rack": "a"}, {}),
    "two nodes": ({}, TWO),
    "a label that two nodes have": ({"disk": "ssd"}, TWO),
    "a label that was not declared": ({"zone": "north"}, TWO),
}


@pytest.mark.parametrize("where", ONE_NODE)
def test_a_network_that_stays_on_one_node_is_not_told_it(where: str) -> None:
    selector, nodes = ONE_NODE[where]
    assert told(validate(networks={"lan": lan(nodeSelector=selector)}, nodes=nodes)) == []


@pytest.mark.parametrize("where", SEVERAL)
def test_a_network_that_may_be_on_several_nodes_is_told_it(where: str) -> None:
    selector, nodes = SEVERAL[where]
    assert told(validate(networks={"lan": lan(nodeSelector=selector)}, nodes=nodes))

"""`multinet verify` on a real node, where a network takes eth0 from its pods."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from rig.cluster.addresses import NODE_IP
from tests.cluster.verifying import Environment, bridge, by_network, codes

pytestmark = pytest.mark.cluster

_BRIDGE_IP = "10.233.64.1"
"""Of the primary's bridge, which the node asks its pods from."""


def lan(**ipam: Any) -> dict[str, Any]:
    """On the node's uplink, and on the node's own subnet, as Kubespray's example is."""
    books = {"type": "host-local", "subnet": "192.168.1.0/24", "rangeStart": "192.168.1.230"}
    config = {"cniVersion": "1.0.0", "type": "macvlan", "master": "eth0", "ipam": {**books, **ipam}}
    return {"config": config}


@contextlib.contextmanager
def asked_from(dev: Environment, source: str) -> Iterator[None]:
    """The node reaches its pods from another address: with Calico it is the node's own."""

    def use(address: str) -> None:
        change = "for n in $(ip route show dev cni0 | cut -d' ' -f1); do"
        change += f" ip route change $n dev cni0 src {address}; done"
        dev.cluster.node_run(["sh", "-c", change])

    use(source)
    try:
        yield
    finally:
        use(_BRIDGE_IP)


def test_probes_of_pods_on_the_nodes_own_subnet_never_pass_where_the_node_asks_by_its_own_address(
    dev: Environment,
) -> None:
    networks = {"own": lan(), "fine": {"config": bridge(31)}}
    file = dev.declare("own", networks)
    try:
        code, document = dev.document(file)
        assert code == 0, document
        assert [f["code"] for f in document["findings"]] == ["nodes-own-subnet"]
        with asked_from(dev, NODE_IP):
            code, document = dev.document(file)
        assert code == 1
        rows = by_network(document)
        assert {tuple(codes(r)) for r in rows["own"]} == {("live-probe-fails",)}
        assert {tuple(codes(r, "causes")) for r in rows["own"]} == {("live-nodes-own-subnet",)}
        assert NODE_IP in rows["own"][0]["causes"][0]["rule"]
        assert rows["own"][0]["eth0"]["probe"].startswith("no: Readiness probe failed")
        # What shared its pod is tried without it.
        assert {r["verdict"] for r in rows["fine"]} == {"ok"}
        assert {n["verdict"] for n in document["nodes"]} == {"ok"}
        assert dev.pods_left() == ""
    finally:
        dev.drop(*networks)


def test_a_default_route_and_a_route_to_the_nodes_bridge_are_told_by_what_they_break(
    dev: Environment,
) -> None:
    networks = {
        "out": lan(routes=[{"dst": "0.0.0.0/0"}], gateway="192.168.1.1"),
        "narrow": {"config": bridge(32, ipam=_routed(32, f"{_BRIDGE_IP}/32"))},
    }
    file = dev.declare("routes", networks)
    try:
        code, document = dev.document(file)
        rows = by_network(document)
        assert code == 1
        for row in rows["out"]:
            told = (codes(row), codes(row, "causes"))
            broken = (["live-service-unreachable"], ["live-default-route"])
            # Linux takes eth0's while it waits for the gateway of the other one: a warning.
            waiting = (["live-default-route"], [])
            expected = waiting if row["eth0"]["service"] == "yes" else broken
            assert told == expected, (row["eth0"], document["nodes"])
            assert (row["eth0"]["probe"], row["eth0"]["pod"]) == ("yes", "yes: rig")
        for row in rows["narrow"]:
            assert codes(row) == ["live-probe-fails"], document
            assert codes(row, "causes") == ["live-route-before-eth0"]
    finally:
        dev.drop(*networks)


def test_a_default_route_whose_gateway_is_silent_is_told_though_linux_took_eth0s(
    dev: Environment,
) -> None:
    networks = {"silent": lan(routes=[{"dst": "0.0.0.0/0"}], gateway="192.168.1.99")}
    file = dev.declare("silent", networks)
    try:
        code, document = dev.document(file)
        assert code == 0, document
        for row in by_network(document)["silent"]:
            assert row["eth0"]["service"] == "yes"
            (found,) = row["findings"]
            assert (found["code"], found["severity"]) == ("live-default-route", "warning")
            assert "192.168.1.99" in found["rule"]
    finally:
        dev.drop(*networks)


def _routed(third: int, destination: str) -> dict[str, Any]:
    subnet = f"10.7.{third}.0/24"
    return {"type": "host-local", "subnet": subnet, "routes": [{"dst": destination}]}


def test_the_mtu_of_eth0_is_held_against_what_the_primary_is_set_to(dev: Environment) -> None:
    settings = ("configmap", "calico-config", "--namespace=kube-system")
    file = dev.declare("none", {})
    _, document = dev.document(file)
    assert [(n["mtu"], codes(n)) for n in document["nodes"]] == [(1500, [])]
    dev.cluster.kubectl("create", *settings, "--from-literal=veth_mtu=1440")
    try:
        code, document = dev.document(file)
        (node,) = document["nodes"]
        assert (code, codes(node)) == (0, ["live-primary-mtu"])
        assert "MTU 1500; ConfigMap calico-config says 1440" in node["findings"][0]["rule"]
    finally:
        dev.cluster.kubectl("delete", *settings)

"""Networks on links that the nodes declare, as `multinet validate` tells it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.validating import network, validate

NODES: dict[str, Any] = {
    "w1": {
        "host": "192.0.2.10",
        "links": {
            "br7": {"kind": "bridge", "ports": ["eth1"]},
            "eth2.9": {"kind": "vlan", "parent": "eth2", "vlan": 9},
            "eth3": {"vfs": 4},
            "br8": {"mtu": 9000, "change": True},
        },
    },
    "w2": {"host": "192.0.2.11", "labels": {"rack": "b"}},
}
ADDRESSES = {"ipam": {"type": "static", "addresses": [{"address": "10.9.0.5/24"}]}}
ELSEWHERE = {"nodeSelector": {"rack": "b"}}


def _config(kind: str, **keys: Any) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "type": kind, **keys}}


@pytest.mark.parametrize(
    ("link", "what"),
    [("eth1", "a port of bridge br7"), ("eth2.9", "a VLAN interface"), ("eth3", "a network card")],
)
def test_a_bridge_that_is_declared_as_another_link_is_refused(link: str, what: str) -> None:
    mine = _config("bridge", bridge=link)
    told = validate(networks={"lan": mine}, nodes=NODES)

    assert told.errors == {"multinet:networks.lan.config.bridge": "not-a-bridge"}
    assert f"{link} on node w1 is {what}" in told.text("not-a-bridge")
    assert validate(networks={"lan": {**mine, **ELSEWHERE}}, nodes=NODES).errors == {}
    assert validate(networks={"lan": mine}).errors == {}


@pytest.mark.parametrize("bridge", ["br7", "br8", "br9", "eth2"])
def test_a_bridge_that_is_one_or_may_be_one_is_taken(bridge: str) -> None:
    told = validate(networks={"lan": _config("bridge", bridge=bridge)}, nodes=NODES)

    assert told.errors == {}


@pytest.mark.parametrize("kind", ["macvlan", "ipvlan"])
def test_a_master_that_is_a_port_is_refused(kind: str) -> None:
    mine = _config(kind, master="eth1", **ADDRESSES)
    told = validate(networks={"lan": mine}, nodes=NODES)

    assert told.errors == {"multinet:networks.lan.config.master": "master-is-a-port"}
    assert "name the bridge: master br7" in told.text("master-is-a-port")
    assert validate(networks={"lan": {**mine, **ELSEWHERE}}, nodes=NODES).errors == {}
    above = {
        "lan": _config(kind, master="br7", ipam={"type": "dhcp"}),
        "vlan": _config("vlan", master="eth1", vlanId=4, **ADDRESSES),
    }
    assert validate(networks=above, nodes=NODES).errors == {}, "the kernel takes these"


def test_a_link_that_carries_another_of_the_nodes_is_missed_there() -> None:
    taken = {"a": _config("host-device", device="eth1")}
    told = validate(networks=taken, nodes=NODES)

    assert told.warnings["multinet:networks.a.config.type"] == "link-taken"
    assert "takes eth1 into a pod, and br7 of node w1 hangs on it" in told.text("link-taken")
    passthru = {"a": _config("macvlan", master="eth2", mode="passthru")}
    assert "eth2.9 of node w1" in validate(networks=passthru, nodes=NODES).text("link-taken")
    for fine in (
        {"a": {**_config("host-device", device="eth1"), **ELSEWHERE}},
        {"a": _config("host-device", device="eth2.9")},
        {"a": _config("macvlan", master="eth2")},
    ):
        assert not validate(networks=fine, nodes=NODES).text("link-taken"), fine


def test_passthru_without_a_master_cuts_the_node_off() -> None:
    config = {"cniVersion": "1.0.0", "type": "macvlan", "mode": "passthru"}

    assert network(config).warnings == {"mode": "node-cut-off"}
    assert network({**config, "master": "eth1"}).warnings == {}
    assert network({**config, "mode": "bridge"}).warnings == {}
    inside = network({**config, "linkInContainer": True})
    assert "node-cut-off" not in inside.warnings.values()


def test_vlans_matter_on_the_nodes_that_a_network_is_for() -> None:
    mine = _config("bridge", bridge="br7", vlan=100)
    path = "multinet:networks.lan.config.vlan"

    assert validate(networks={"lan": mine}, nodes=NODES).errors == {path: "vlan-without-filtering"}
    assert validate(networks={"lan": {**mine, **ELSEWHERE}}, nodes=NODES).errors == {}

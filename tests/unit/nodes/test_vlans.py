"""VLANs of networks on a bridge that the nodes get: told where nobody looks at them, else carried."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.stack.load import check_config
from multinet.stack.needs import node_needs
from tests.unit.validating import validate


def _network(**keys: Any) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br7", **keys}}


def _nodes(**link: Any) -> dict[str, Any]:
    bridge = {"kind": "bridge", "ports": ["eth1"], **link}
    return {"w1": {"host": "192.0.2.10", "links": {"br7": bridge}}}


@pytest.mark.parametrize(
    ("keys", "key"), [({"vlan": 100}, "vlan"), ({"vlanTrunk": [{"id": 7}]}, "vlanTrunk")]
)
def test_a_vlan_on_a_bridge_that_tells_none_apart_is_refused(
    keys: dict[str, Any], key: str
) -> None:
    networks = {"lan": _network(**keys)}
    path = f"multinet:networks.lan.config.{key}"

    assert validate(networks=networks, nodes=_nodes()).errors == {path: "vlan-without-filtering"}
    assert validate(networks=networks, nodes=_nodes(vlanFiltering=True)).errors == {}
    assert validate(networks=networks).errors == {}, "the plugin makes a bridge that does"
    assert validate(networks={"lan": _network()}, nodes=_nodes()).errors == {}


def test_the_uplink_is_to_carry_the_vlans_of_what_can_land_on_the_node() -> None:
    nodes = {
        **_nodes(vlanFiltering=True),
        "w2": {**_nodes(vlanFiltering=True)["w1"], "labels": {"rack": "b"}},
    }
    networks = {
        "a": _network(vlan=100),
        "b": _network(vlan=101),
        "c": _network(vlan=1),
        "d": _network(vlanTrunk=[{"id": 300}, {"minID": 1, "maxID": 3}]),
        "e": {**_network(vlan=200), "nodeSelector": {"rack": "b"}},
        "f": {"config": {"cniVersion": "1.0.0", "type": "bridge", "bridge": "br8", "vlan": 9}},
        "g": {"config": {"cniVersion": "1.0.0", "type": "macvlan", "master": "br7"}},
    }
    settings, found = check_config({"nodes": nodes, "networks": networks})
    assert settings is not None, [str(f) for f in found]

    carried = {
        name: node_needs(name, node, settings).vlans for name, node in settings.nodes.items()
    }

    assert carried["w1"] == {"br7": ("2-3", "100-101", "300"), "br8": ("9",)}
    assert carried["w2"] == {"br7": ("2-3", "100-101", "200", "300"), "br8": ("9",)}

"""What nodes have of networks, against what an object of Kubernetes can hold; and how it grows."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bench import nodes
from multinet.blocks import objects
from multinet.multus.settings import MultusSettings
from multinet.networks import nad
from multinet.networks.settings import NetworkSettings
from tests.unit.networks.test_per_node import LAN, made, network
from tests.unit.validating import validate


@pytest.mark.parametrize(
    ("named", "own", "told"),
    [
        (1500, {"master": "ens5"}, None),
        (5000, {"master": "ens5"}, "an object of Kubernetes 1,024 KiB at most"),
        (1200, {f"x{i}": "y" * 20 for i in range(8)}, "annotations, which have 256 KiB at most"),
    ],
)
def test_what_no_object_can_hold_is_refused(
    named: int, own: dict[str, Any], told: str | None
) -> None:
    # A type that multinet does not know takes any keys.
    config = {"cniVersion": "1.0.0", "type": "theirs", "ipam": LAN["ipam"]}
    given = network({"blockSize": 26, "nodes": {f"n{i}": own for i in range(named)}}, config)
    found = validate(networks={"lan": given})
    if told is None:
        assert found.errors == {}
        assert _largest(made(given)) < 1 << 20
    else:
        assert found.errors == {"multinet:networks.lan.perNode.nodes": "per-node-too-large"}
        assert told in found.text("per-node-too-large")


def _largest(settings: NetworkSettings) -> int:
    data = objects.config_map(MultusSettings(), {"lan": settings})
    return max(len(json.dumps(one).encode()) for one in (data, nad.manifest("lan", settings)))


def test_a_thousand_nodes_and_a_hundred_networks_are_checked_in_seconds() -> None:
    few, many = (min(nodes.seconds("validate", n) for _ in range(2)) for n in (100, 1_000))
    assert many < 10
    assert many < 15 * few, "ten times the nodes"

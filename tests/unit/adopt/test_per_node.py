"""A network that multinet gives the nodes is adopted as what it is made of."""

from __future__ import annotations

import json

from tests.unit.adopt import clusters as c
from tests.unit.adopt.test_convert import adopted


def test_a_network_that_multinet_gives_the_nodes_is_taken_as_what_it_is_made_of() -> None:
    ipam = {"type": "host-local", "subnet": "10.50.0.0/16"}
    made = {
        "config": {**c.MACVLAN, "ipam": ipam},
        "perNode": {"blockSize": 26, "nodes": {"b": {"master": "ens5"}}},
    }
    notes = {"multinet.dev/per-node": json.dumps(made)}
    found = {**c.nad("lan", "", annotations=notes), "spec": {}}
    assert adopted(found).config["networks"]["lan"] == {"namespace": "default", **made}
    broken = {**c.nad("lan", "", annotations={"multinet.dev/per-node": "{"}), "spec": {}}
    assert adopted(broken).config["networks"]["lan"]["perNode"] == "provided"

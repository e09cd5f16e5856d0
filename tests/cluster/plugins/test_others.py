"""Plugins of other projects: real ADD, CHECK and DEL where MULTINET_CNI_PLUGINS has them.

None of them can be had with a checksum by the rig. How they are built from a checkout:
`go build -o DIR/bond ./bond` (bond-cni), `go build -o DIR/macvtap ./cmd/cni` (macvtap-cni).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multinet.cni.config import parse
from multinet.findings import errors
from multinet.networks.checks import ClusterFacts, NetworkView, check_networks
from tests.cluster.plugins.node import FURTHER, Answer, Node
from tests.cluster.plugins.typed import link_of
from tests.unit.cni.others import bond

pytestmark = pytest.mark.cluster

_DEVICE = "dev0"
_ITS_INTERFACE = "mvta43b9c1d5ec5"
"""What macvtap-cni calls that device's interface: `mvt` and 48 bits of a hash of its name."""

_LINKS = f"""
for link in bond1 bond2 bond3 bond4; do ip link add $link type veth peer name $link-peer; done
ip link set bond3 mtu 1400
ip link add link nic1 name {_ITS_INTERFACE} type macvtap mode bridge
ip link set {_ITS_INTERFACE} up
"""


@pytest.fixture(scope="module")
def wired() -> Iterator[Node]:
    """A node with links to spare, and what a device plugin would have made."""
    with Node(_LINKS) as started:
        yield started


def _needs(plugin: str) -> None:
    if not any(Path(d, plugin).is_file() for d in FURTHER.split(":") if d):
        pytest.skip(f"MULTINET_CNI_PLUGINS names no directory with {plugin}")


def _bond(node: Node, *links: str, **keys: Any) -> Answer:
    _needs("bond")
    conf = {"cniVersion": "1.0.0", "type": "bond", "mode": "active-backup", "miimon": "100"}
    written = {**conf, "links": [{"name": link} for link in links], **keys}
    assert parse(written)[0] is not None
    return node.attach(json.dumps(written), check=True)


@pytest.mark.parametrize("name", bond.BROKEN)
def test_bond_refuses_what_we_refuse_before_it_asks_the_kernel(name: str) -> None:
    _needs("bond")
    written = bond.BROKEN[name][0]
    pairs = "ip link add net1 type veth peer name net2; ip link add eth1 type veth peer name eth2"

    with Node(pairs) as node:  # what it has moved before it fails, it does not give back
        answer = node.attach(json.dumps(written))

    assert answer.stage == "add"
    assert not answer.unsupported
    assert ("Link not found" in answer.error) == (name == "bond of one link twice"), answer.error


def test_a_bond_takes_the_nodes_links_with_an_mtu_of_1500(wired: Node) -> None:
    ipam = {"type": "host-local", "subnet": "10.61.0.0/24"}

    answer = _bond(wired, "bond1", "bond2", ipam=ipam)

    if answer.unsupported:
        pytest.skip("this kernel has no bonding")
    link = link_of(answer)
    assert (link["kind"], link["mtu"]) == ("bond", 1500)
    assert answer.left == [], "DEL took the bond away and gave the links back"


def test_a_bond_without_an_mtu_needs_links_with_1500_as_our_check_says(wired: Node) -> None:
    _needs("bond")
    written = {
        **{"cniVersion": "1.0.0", "type": "bond", "mode": "802.3ad", "miimon": "100"},
        "links": [{"name": "bond3"}, {"name": "bond4"}],
    }
    config, _ = parse(written)
    assert config is not None
    facts = ClusterFacts(link_mtus={"node": {"bond3": 1400, "bond4": 1500}})
    ours = errors(check_networks({"n": NetworkView("n", "default", config)}, facts))

    answer = wired.attach(json.dumps(written))

    assert [f.code for f in ours] == ["mtu-above-parent"]
    assert "invalid MTU (1500)" in answer.error


def _macvtap(node: Node, version: str = "0.4.0", **keys: Any) -> Answer:
    _needs("macvtap")
    return node.attach(json.dumps({"cniVersion": version, "type": "macvtap", **keys}), check=True)


def test_macvtap_fails_where_we_refuse(wired: Node) -> None:
    assert "incompatible CNI versions" in _macvtap(wired, "1.0.0", deviceID=_DEVICE).error
    assert "deviceID is required" in _macvtap(wired).error


def test_macvtap_takes_the_interface_of_its_device_plugin_and_never_an_ipam(wired: Node) -> None:
    ipam = {"type": "host-local", "subnet": "10.61.0.0/24"}
    documented = "02:00:5e:00:53:01"

    answer = _macvtap(
        wired, deviceID=_DEVICE, mtu=1400, promiscMode=True, mac=documented, ipam=ipam
    )

    link = link_of(answer)
    assert (link["kind"], link["mtu"], link["promisc"]) == ("macvtap", 1400, True)
    assert link["addresses"] is None, "no IPAM plugin is called"
    assert link["mac"] != documented, "its README has the key, and nobody reads it"
    assert answer.left == []

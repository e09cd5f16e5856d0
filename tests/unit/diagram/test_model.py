"""What a picture shows of an environment."""

from __future__ import annotations

from multinet.diagram import diagram, mermaid, svg
from multinet.diagram.model import EVERYWHERE
from tests.unit.diagram import environments as env


def test_networks_are_grouped_by_link_and_by_segment_on_it() -> None:
    found = diagram(
        env.settings(
            {
                "b": env.macvlan("eth1.200", "10.2.0.0/24"),
                "c": env.macvlan("eth1", "10.3.0.0/24"),
                "a": env.macvlan("eth0", "10.1.0.0/24"),
                "d": {
                    "config": {
                        "cniVersion": "1.0.0",
                        "type": "vlan",
                        "master": "eth1",
                        "vlanId": 200,
                        "ipam": {"type": "dhcp"},
                    }
                },
            }
        ),
        "x",
    )
    shape = {
        t.title: [(s.vlan, [n.name for n in s.nets]) for s in t.segments] for t in found.trunks
    }
    assert shape == {"eth1": [(0, ["c"]), (200, ["b", "d"])], "eth0": [(0, ["a"])]}
    assert [net.interface for net in found.nets] == ["net1", "net2", "net3", "net4"]
    assert [net.link for net in found.nets] == ["", "eth1.200", "", ""], "only where it is another"


def test_nodes_that_are_alike_stand_together_and_show_what_lands_on_them() -> None:
    found = diagram(env.few(), "x")
    places = {place.key: place.names for place in found.places}
    assert list(places.values()) == [("a",), ("b", "d"), ("c",)]
    (storage,) = (t for t in found.trunks if t.title == "eth1")
    assert [places[key] for key in storage.places] == [("a",)], "the selector's nodes alone"
    (lan,) = (t for t in found.trunks if t.title == "eth0")
    assert len(lan.places) == 3
    assert lan.detail == "MTU 9000"


def test_without_declared_nodes_selectors_stand_for_them() -> None:
    networks = {
        "any": env.macvlan("eth0", "10.1.0.0/24"),
        "ssd": env.macvlan("eth1", "10.2.0.0/24", nodeSelector={"disk": "ssd"}),
    }
    found = diagram(env.settings(networks), "x")
    assert [place.title for place in found.places] == [EVERYWHERE, "nodes with disk=ssd"]
    by_title = {trunk.title: trunk.places for trunk in found.trunks}
    assert by_title == {"eth0": ("place1", "place2"), "eth1": ("place2",)}


def test_sizes_are_those_that_are_declared() -> None:
    found = diagram(
        env.settings(
            {
                "small": env.macvlan("eth0", "192.168.1.200-192.168.1.216/24"),
                "own": env.bridge("br1", "10.0.0.0/24"),
                "leases": {
                    "config": {
                        "cniVersion": "1.0.0",
                        "type": "macvlan",
                        "master": "eth2",
                        "ipam": {"type": "dhcp"},
                    }
                },
                "wide": env.macvlan("eth3", "fd00::/64"),
            }
        ),
        "x",
    )
    nets = {net.name: net for net in found.nets}
    assert (nets["small"].addresses, nets["small"].per_node) == (17, False)
    assert nets["small"].ranges == ("192.168.1.200 – 192.168.1.216",)
    assert nets["own"].per_node, "each node hands out the same ones"
    assert nets["own"].ranges == ("10.0.0.0/24",), "a whole subnet is written as one"
    assert nets["leases"].addresses is None
    assert nets["wide"].addresses == 2**64 - 1 or nets["wide"].addresses > 2**63


def test_what_hangs_on_no_link_comes_last_and_is_tied_to_no_node() -> None:
    networks = {
        "alone": {
            "config": {
                "cniVersion": "1.0.0",
                "type": "dummy",
                "ipam": {"type": "static", "addresses": [{"address": "10.1.1.1/24"}]},
            }
        },
        "lan": env.macvlan("eth0", "10.1.0.0/24"),
    }
    found = diagram(env.settings(networks), "x")
    assert [t.title for t in found.trunks] == ["eth0", "dummy: no link of the node"]
    assert found.trunks[1].places == ()


def test_many_links_are_shown_together_with_their_names_on_the_segments() -> None:
    found = diagram(env.bridges(60), "x")
    (trunk,) = found.trunks
    assert trunk.title == "60 links, br-0 … br-59"
    assert [segment.link for segment in trunk.segments][:2] == ["br-0", "br-1"]
    assert len(found.nets) == 60


def test_the_description_says_in_words_what_is_seen() -> None:
    assert diagram(env.few(), "x").summary == (
        "calico v3.31.7 and 3 secondary networks (eth1: 1 network, eth0: 1 network, br1: 1 network)"
    )


def test_a_network_of_blocks_shows_which_node_has_which_as_far_as_that_is_known() -> None:
    unasked = diagram(env.blocks(), "x")
    (net,) = unasked.nets
    assert (net.blocks, [str(one) for one in net.own]) == (16, ["c: master ens5"])
    assert "65,600 addresses on each of 16 nodes" in mermaid(unasked)

    numbers = {"b": 0, "c": 2, "late": 16, "a": 1, "d": 3}
    asked = diagram(env.blocks(), "x", numbers)

    assert [str(one) for one in asked.nets[0].own] == [
        "b: 10.50.0.0/26, fd00:50::/112",
        "a: 10.50.0.64/26, fd00:50::1:0/112",
        "c: 10.50.0.128/26, fd00:50::2:0/112, master ens5",
        "d: 10.50.0.192/26, fd00:50::3:0/112",
        "late: no block, number 16",
    ]
    for told in (mermaid(asked), svg(asked)):
        assert "c: 10.50.0.128/26" in told
        assert "and 1 more node" in told
        assert "late" not in told

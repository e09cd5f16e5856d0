"""What `validate` says of policies that would not do what they say, and its ways out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.addons.test_whereabouts import PRIMARY, validated

RANGE = {"type": "host-local", "subnet": "10.9.0.0/24"}
PODS: list[dict[str, Any]] = [{"from": [{"podSelector": {}}]}]


def network(kind: str = "macvlan", **more: Any) -> dict[str, Any]:
    own = {} if kind != "macvlan" else {"master": "eth1"}
    return {"config": {"cniVersion": "1.0.0", "type": kind, **own, **more}}


def chain(*plugins: dict[str, Any]) -> dict[str, Any]:
    return {"config": {"cniVersion": "1.0.0", "plugins": [*plugins]}}


def config(policy: object, addon: object = True, **networks: Any) -> dict[str, Any]:
    return {
        "primaryCni": PRIMARY,
        "addons": {"networkPolicy": addon},
        "networks": networks or {"lan": network(ipam=RANGE)},
        "policies": {"web": policy},
    }


def told(
    tmp_path: Path, policy: dict[str, Any], addon: object = True, **networks: Any
) -> list[tuple[str, str, str]]:
    """Code, path below the policy, rule and way out: of what is said of policies."""
    whole = config({"networks": ["lan"], **policy}, addon, **networks)
    top = "multinet:policies.web"
    return [
        (f["code"], f["path"].removeprefix(top), f"{f['rule']}; {f['wayOut']}")
        for f in validated(tmp_path, whole)
        if f["path"].startswith(top)
    ]


VRF = {"type": "vrf", "vrfname": "blue"}
BRIDGE = {"type": "bridge", "ipam": RANGE}
NEVER: dict[str, tuple[dict[str, Any], str]] = {
    "vrf": (chain(BRIDGE, VRF), "VRF blue's"),
    "ipvlan l3s": (network("ipvlan", master="eth1", mode="l3s", ipam=RANGE), "mode l3s"),
    "tap": (network("tap"), "to a program"),
    "a virtual machine's": (network("cnv-bridge"), "a virtual machine"),
    "vfio": (network("ib-sriov", deviceID="0000:01:00.1", vfioPciMode=True), "no interface"),
    "the nodes'": ({"perNode": "provided"}, "on the nodes"),
}


@pytest.mark.parametrize("plugins", [None, ["macvlan"], ["bridge", "ipvlan", "tap", "cnv-bridge"]])
@pytest.mark.parametrize("what", NEVER)
def test_where_no_rule_ever_holds_plugins_is_no_way_out(
    tmp_path: Path, what: str, plugins: list[str] | None
) -> None:
    lan, why = NEVER[what]
    ((code, path, text),) = told(tmp_path, {}, {"plugins": plugins} if plugins else True, lan=lan)
    assert (code, path) == ("policy-not-enforced", ".networks[0]")
    assert why in text
    assert "addons.networkPolicy.plugins" not in text


def test_where_plugins_is_a_way_out_it_is_named(tmp_path: Path) -> None:
    for addon in (True, {"plugins": ["bridge"]}):
        ((_, _, text),) = told(tmp_path, {}, addon, lan=network("own-plugin"))
        assert "multinet:addons.networkPolicy.plugins" in text
    others = network("kube-ovn", provider="lan.default.ovn", server_socket="/run/x.sock")
    for addon in (True, {"plugins": ["bridge"]}):
        ((_, _, text),) = told(tmp_path, {}, addon, lan=others)
        assert "Kube-OVN enforces policies on its networks itself" in text
        assert "addons.networkPolicy.plugins" not in text


@pytest.mark.parametrize("mode", ["l2", "l3"])
def test_in_other_modes_of_ipvlan_they_hold(tmp_path: Path, mode: str) -> None:
    lan = network("ipvlan", master="eth1", mode=mode, ipam=RANGE)
    assert told(tmp_path, {"ingress": PODS}, lan=lan) == []


def two(**second: Any) -> dict[str, Any]:
    return {"lan": network(ipam=RANGE), "san": network(**{"master": "eth2", **second})}


@pytest.mark.parametrize(
    ("second", "policy", "refused"),
    [
        ({"ipam": RANGE}, {"ingress": PODS}, True),
        ({"ipam": RANGE}, {"egress": [{"to": [{"namespaceSelector": {}}]}]}, True),
        ({"ipam": {**RANGE, "subnet": "10.8.0.0/15"}}, {"ingress": PODS}, True),
        ({"ipam": {**RANGE, "subnet": "10.10.0.0/24"}}, {"ingress": PODS}, False),
        ({"ipam": RANGE}, {"ingress": [{"from": [{"ipBlock": {"cidr": "10.9.0.7/32"}}]}]}, False),
        ({"ipam": RANGE}, {"ingress": [{}]}, False),
    ],
)
def test_peers_of_networks_with_the_same_addresses_are_refused(
    tmp_path: Path, second: dict[str, Any], policy: dict[str, Any], refused: bool
) -> None:
    found = told(tmp_path, {"networks": ["lan", "san"], **policy}, **two(**second))
    if not refused:
        assert found == []
        return
    ((code, path, text),) = found
    assert (code, path) == ("policy-networks-overlap", ".networks[1]")
    assert "a policy of its own for each of them" in text


def test_networks_with_the_same_books_give_no_address_twice(tmp_path: Path) -> None:
    ipam = {"type": "whereabouts", "range": "10.9.0.0/24"}
    lan, san = network(ipam=ipam), network(master="eth2", ipam=ipam)
    assert told(tmp_path, {"networks": ["lan", "san"], "ingress": PODS}, lan=lan, san=san) == []
    assert told(tmp_path, {"ingress": PODS}, lan=lan, san=san) == []


def test_pods_without_addresses_are_nobody(tmp_path: Path) -> None:
    policy = {
        "ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}, {"namespaceSelector": {}}]}],
        "egress": [{"to": [{"podSelector": {}}]}],
    }
    found = told(tmp_path, policy, lan=network())
    assert [(code, path) for code, path, _ in found] == [
        ("policy-peer-unknown", ".ingress[0].from[1]"),
        ("policy-peer-unknown", ".egress[0].to[0]"),
    ]
    assert all("ipBlock" in text for _, _, text in found)
    assert told(tmp_path, {"ingress": [{}]}, lan=network()) == []


def block(cidr: str, *parts: str) -> dict[str, Any]:
    return {"ingress": [{"from": [{"ipBlock": {"cidr": cidr, "except": [*parts]}}]}]}


def port(given: object) -> dict[str, Any]:
    return {"ingress": [{"ports": [{"port": given}]}]}


WAYS_OUT: dict[str, tuple[dict[str, Any], str, str]] = {
    "a mask": (block("10.0.0.0/255.0.0.0"), "not-a-cidr", "write 10.0.0.0/8"),
    "a mask of hosts": (block("10.0.0.0/0.255.255.255"), "not-a-cidr", "write 10.0.0.0/8"),
    "IPv4 as IPv6": (block("::ffff:10.0.0.0/104"), "not-a-cidr", "write 10.0.0.0/8"),
    "a zone": (block("fe80::%eth0/64"), "not-a-cidr", "leave the zone out: fe80::/64"),
    "a part by a mask": (
        block("10.0.0.0/8", "10.1.0.0/255.255.0.0"),
        "not-a-cidr",
        "write 10.1.0.0/16",
    ),
    "quotes": (port("5432"), "policy-port", "without quotes: 5432"),
    "a range": (port("80-90"), "policy-port", "port: 80, endPort: 90"),
    "a name": (port("http"), "policy-port", "write the port's number"),
    "a reference": (
        {"networks": ["default/lan"]},
        "policy-network-unknown",
        "write the network's name alone: lan",
    ),
    "a kind": ({"kind": "NetworkPolicy"}, "unknown-key", "remove it"),
}


@pytest.mark.parametrize("what", WAYS_OUT)
def test_each_way_out_says_what_to_write(tmp_path: Path, what: str) -> None:
    policy, expected, way_out = WAYS_OUT[what]
    ((code, _, text),) = told(tmp_path, policy)
    assert code == expected
    assert way_out in text


def test_a_whole_object_is_told_of_once(tmp_path: Path) -> None:
    whole = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "web", "namespace": "apps"},
        "spec": {"podSelector": {}, "ingress": [{"ports": [{"port": "http"}]}]},
    }
    found = [f for f in validated(tmp_path, config(whole)) if f["severity"] == "error"]
    assert [(f["code"], f["path"]) for f in found] == [("policy-object", "multinet:policies.web")]
    assert "metadata's namespace and networks beside them" in found[0]["wayOut"]


@pytest.mark.parametrize("mask", ["10.233.64.0/255.255.192.0", "::ffff:10.0.0.0/104"])
def test_other_networks_are_read_as_strictly(tmp_path: Path, mask: str) -> None:
    primary = {"plugin": "calico", "podCidrs": [mask]}
    found = validated(tmp_path, {"primaryCni": primary})
    assert "not-a-cidr" in {f["code"] for f in found}

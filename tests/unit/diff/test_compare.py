"""What differs between two environments, by meaning."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.diff import ABSENT, comparable, compare
from multinet.stack import StackSettings
from multinet.stack.load import check_config

BLUE: dict[str, Any] = {
    "cniVersion": "1.0.0",
    "type": "macvlan",
    "master": "eth0",
    "ipam": {
        "type": "host-local",
        "ranges": [[{"subnet": "10.1.0.0/24"}], [{"subnet": "fd00::/64"}]],
    },
}


def settings(config: dict[str, Any]) -> StackSettings:
    checked, findings = check_config(config)
    assert checked is not None, findings
    return checked


def differences(a: dict[str, Any], b: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    ours, theirs = settings(a), settings(b)
    found = compare(comparable(ours, theirs), comparable(theirs, ours))
    return {f"{d.section}/{d.where}": (d.a, d.b) for d in found}


def network(config: Any, **keys: Any) -> dict[str, Any]:
    return {"networks": {"blue": {"config": config, **keys}}}


SAME = {
    "an explicit default": ({}, {"primaryCni": {"plugin": "calico", "calico": {"blockSize": 26}}}),
    "the pinned version written out": ({}, {"primaryCni": {"version": "v3.31.7"}}),
    "the usual file written out": ({}, {"primaryCni": {"confFile": "10-calico.conflist"}}),
    "the image written out": (
        {},
        {"multus": {"image": "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0-thick"}},
    ),
    "directories written out": ({"multus": {"cniConfDir": "/etc/cni/net.d"}}, {}),
    "a mapping and its JSON text": (network(BLUE), network(json.dumps(BLUE))),
    "another order of keys": (network(BLUE), network(dict(reversed(BLUE.items())))),
    "an empty mapping": (network(BLUE, labels={}), network(BLUE)),
    "a node's name written out as its host": (
        {"nodes": {"n1": {}}},
        {"nodes": {"n1": {"host": "n1"}}},
    ),
}


@pytest.mark.parametrize("what", SAME)
def test_what_means_the_same_does_not_differ(what: str) -> None:
    assert differences(*SAME[what]) == {}


def test_a_field_of_a_network_is_named_down_to_its_place_in_a_list() -> None:
    other = json.loads(json.dumps(BLUE))
    other["ipam"]["ranges"][1][0]["subnet"] = "fd01::/64"
    found = differences(network(BLUE), network({**other, "mode": "vepa"}))
    # A list of lists is one value: its entries have no names of their own.
    assert set(found) == {"networks/blue.config.ipam.ranges", "networks/blue.config.mode"}
    assert found["networks/blue.config.mode"] == (ABSENT, "vepa")


def test_plugins_of_a_list_are_compared_one_by_one() -> None:
    chain = [{"type": "macvlan", "master": "eth0"}, {"type": "tuning", "mtu": 1400}]
    longer = [chain[0], {"type": "tuning", "mtu": 1300}, {"type": "firewall"}]
    a = network({"cniVersion": "1.0.0", "plugins": chain})
    b = network({"cniVersion": "1.0.0", "plugins": longer})
    assert differences(a, b) == {
        "networks/blue.config.plugins[1].mtu": (1400, 1300),
        "networks/blue.config.plugins[2].type": (ABSENT, "firewall"),
    }


def test_networks_and_nodes_come_and_go_as_a_whole() -> None:
    found = differences(network(BLUE), {"nodes": {"n1": {"host": "192.0.2.1"}}})
    assert set(found) == {"networks/blue", "nodes/n1"}
    assert found["networks/blue"][1] is ABSENT
    assert found["nodes/n1"][0] is ABSENT


def test_another_primary_shows_the_options_that_were_chosen_alone() -> None:
    calico = {"primaryCni": {"plugin": "calico", "calico": {"blockSize": 24}}}
    cilium = {"primaryCni": {"plugin": "cilium"}}
    assert differences(calico, cilium) == {
        "primaryCni/plugin": ("calico", "cilium"),
        "primaryCni/version": ("v3.31.7", "1.20.2"),
        "primaryCni/confFile": ("10-calico.conflist", "05-cilium.conflist"),
        "primaryCni/calico.blockSize": (24, ABSENT),
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner),
    max_leaves=8,
)
VALUES = st.dictionaries(st.sampled_from("pqr"), JSON, max_size=3)


@given(VALUES, VALUES)
def test_nothing_differs_from_itself_and_what_differs_differs_both_ways(
    a: dict[str, Any], b: dict[str, Any]
) -> None:
    assert compare({"values": a}, {"values": a}) == []
    there = compare({"values": a}, {"values": b})
    back = compare({"values": b}, {"values": a})
    assert {(d.path, repr(d.a), repr(d.b)) for d in there} == {
        (d.path, repr(d.b), repr(d.a)) for d in back
    }
    for difference in there:
        assert difference.a is not difference.b


def test_true_is_not_one() -> None:
    values = [{"primaryCni": {"values": {"x": value}}} for value in (True, 1)]
    assert set(differences(*values)) == {"primaryCni/values.x"}


SECRETS = {
    "a kubeconfig": [{"kubeconfig": text} for text in ("hunter2", "hunter3")],
    "a private key": [{"nodes": {"n": {"privateKey": text}}} for text in ("hunter2", "hunter3")],
    "a key beside another cipher": [
        {"nodes": {"n": {"privateKey": {"secure": text}}}} for text in ("hunter2", "hunter3")
    ],
    "a chart value": [
        {"primaryCni": {"values": {"s3": {"secretKey": text}}}} for text in ("hunter2", "hunter3")
    ],
    "a password in a list": [
        {"primaryCni": {"values": {"passwords": [text]}}} for text in ("hunter2", "hunter3")
    ],
}


@pytest.mark.parametrize("what", SECRETS)
def test_secrets_are_compared_and_never_shown(what: str) -> None:
    one, two = SECRETS[what]
    assert differences(one, one) == {}
    found = differences(one, two)
    assert len(found) == 1
    assert "hunter" not in repr(found)
    assert "hunter" not in repr(comparable(settings(one)))


def test_a_secret_that_only_one_has_is_told_as_one() -> None:
    found = differences({}, {"kubeconfig": "hunter2"})
    assert repr(found["cluster/kubeconfig"]) == "(–, (a secret))"


def declared(**policies: Any) -> dict[str, Any]:
    two = {name: {"config": BLUE | {"master": name}} for name in ("blue", "red")}
    return {"addons": {"networkPolicy": False}, "policies": policies, "networks": two}


def test_policies_come_and_go_as_a_whole_and_differ_key_by_key() -> None:
    one = {"networks": ["blue"], "ingress": [{"ports": [{"port": 80}]}]}
    other = {**one, "ingress": [{"ports": [{"port": 81}]}]}
    assert differences(declared(web=one), declared(web=other)) == {
        "policies/web.ingress": tuple(
            f'[{{"ports": [{{"port": {port}, "protocol": "TCP"}}]}}]' for port in (80, 81)
        )
    }
    (found,) = differences(declared(), declared(web=one)).items()
    assert (found[0], found[1][0]) == ("policies/web", ABSENT)


def peers(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"ingress": [{"from": [*entries], **more}]}


PODS: dict[str, Any] = {"podSelector": {}}
A: dict[str, Any] = {"podSelector": {"matchLabels": {"app": "a"}}}
BLOCK: dict[str, Any] = {"ipBlock": {"cidr": "fd00::/64"}}
EXPRESSIONS: list[dict[str, Any]] = [
    {"key": "app", "operator": "NotIn", "values": ["x", "y"]},
    {"key": "team", "operator": "Exists"},
]

_UDP = [{"port": 53, "protocol": "UDP"}]
_TURNED = EXPRESSIONS[0] | {"values": ["y", "x"]}

POLICIES_THAT_MEAN_THE_SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "order of directions": (
        {"policyTypes": ["Ingress", "Egress"]},
        {"policyTypes": ["Egress", "Ingress"]},
    ),
    "directions written out": ({}, {"policyTypes": ["Ingress"]}),
    "order of networks": ({"networks": ["blue", "red"]}, {"networks": ["red", "blue"]}),
    "order of peers": (peers(A, BLOCK), peers(BLOCK, A)),
    "peers in rules of their own": (
        peers(A, BLOCK),
        {"ingress": [{"from": [BLOCK]}, {"from": [A]}]},
    ),
    "a peer twice": (peers(A), peers(A, A)),
    "an address in another form": (peers(BLOCK), peers({"ipBlock": {"cidr": "fd00:0::/064"}})),
    "order of exceptions": tuple(  # type: ignore[dict-item]
        peers({"ipBlock": {"cidr": "10.0.0.0/8", "except": parts}})
        for parts in (["10.1.0.0/16", "10.2.0.0/16"], ["10.2.0.0/16", "10.1.0.0/16"])
    ),
    "order of ports, and a range in pieces": (
        peers(A, ports=[{"port": 53, "protocol": "UDP"}, {"port": 80, "endPort": 90}]),
        peers(A, ports=[{"port": 85, "endPort": 90}, {"port": 80, "endPort": 84}, *_UDP]),
    ),
    "order of conditions and of their values": (
        {"podSelector": {"matchExpressions": EXPRESSIONS}},
        {"podSelector": {"matchExpressions": [EXPRESSIONS[1], _TURNED]}},
    ),
    "a label as a condition": (
        {"podSelector": {"matchLabels": {"app": "a"}}},
        {"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]}},
    ),
    "pods of namespaces, all of them": (
        peers({"namespaceSelector": {}}),
        peers({"namespaceSelector": {}, "podSelector": {}}),
    ),
    "everybody, and somebody": ({"ingress": [{}]}, {"ingress": [{"from": [A]}, {}]}),
}


@pytest.mark.parametrize("what", POLICIES_THAT_MEAN_THE_SAME)
def test_policies_that_let_the_same_through_do_not_differ(what: str) -> None:
    one, other = ({"networks": ["blue"], **p} for p in POLICIES_THAT_MEAN_THE_SAME[what])
    assert differences(declared(web=one), declared(web=other)) == {}


POLICIES_THAT_DIFFER: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "an empty rule": ({}, {"ingress": [{}]}, "ingress"),
    "an empty rule more": (peers(A), {"ingress": [{"from": [A]}, {}]}, "ingress"),
    "all pods, and everybody": (peers(PODS), {"ingress": [{}]}, "ingress"),
    "pods of all namespaces": (peers(PODS), peers({"namespaceSelector": {}}), "ingress"),
    "other namespaces as well": (peers(A), peers({**A, "namespaceSelector": {}}), "ingress"),
    "an empty peer of pods more": (peers(A), peers(A, PODS), "ingress"),
    "all ports": (peers(A, ports=[{"port": 1}]), peers(A), "ingress"),
    "all ports of a protocol": (peers(A, ports=[{"port": 1}]), peers(A, ports=[{}]), "ingress"),
    "which pods": ({}, {"podSelector": {"matchLabels": {"app": "a"}}}, "podSelector"),
    "the namespace": ({"namespace": "default"}, {"namespace": "apps"}, "namespace"),
}


@pytest.mark.parametrize("what", POLICIES_THAT_DIFFER)
def test_policies_differ_by_who_gets_in(what: str) -> None:
    one, other, key = POLICIES_THAT_DIFFER[what]
    isolation = {"multus": {"namespaceIsolation": False}}
    there, here = ({"networks": ["blue"], **policy} for policy in (one, other))
    found = differences(declared(web=there) | isolation, declared(web=here) | isolation)
    assert set(found) == {f"policies/web.{key}"}


def test_a_direction_that_is_isolated_differs_from_one_that_is_not() -> None:
    one, other = ({"networks": ["blue"], "policyTypes": [k]} for k in ("Ingress", "Egress"))
    assert set(differences(declared(web=one), declared(web=other))) == {
        f"policies/web.{key}" for key in ("policyTypes", "ingress", "egress")
    }

"""A policy as the nodes are given it: what it means, in the form in which they hold to it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multinet.findings.model import check
from multinet.policies.manifest import manifest
from multinet.policies.settings import PolicySettings


def made(**policy: Any) -> dict[str, Any]:
    settings, findings = check(PolicySettings, {"networks": ["lan"], **policy})
    assert settings is not None, findings
    return manifest("web", settings, {"lan": "default", "san": "storage"})


def spec(**policy: Any) -> dict[str, Any]:
    found: dict[str, Any] = made(**policy)["spec"]
    return found


@pytest.mark.parametrize(
    ("policy", "types"),
    [
        ({}, ["Ingress"]),
        ({"egress": [{}]}, ["Ingress", "Egress"]),
        ({"policyTypes": ["Egress"]}, ["Egress"]),
        ({"policyTypes": ["Egress", "Ingress"]}, ["Ingress", "Egress"]),
    ],
)
def test_directions_are_those_of_networkpolicy(policy: dict[str, Any], types: list[str]) -> None:
    assert spec(**policy) == {
        "podSelector": {},
        "policyTypes": types,
        **({"egress": [{}]} if "egress" in policy else {}),
    }


def test_networks_are_named_with_their_namespaces() -> None:
    annotations = made(networks=["lan", "san", "other"], namespace="apps")["metadata"][
        "annotations"
    ]
    named = annotations["k8s.v1.cni.cncf.io/policy-for"]
    assert named == "default/lan,storage/san,apps/other"


def test_selectors_are_handed_on_and_namespaces_have_one_of_pods_beside() -> None:
    selector = {"matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}]}
    peers = [{"podSelector": selector}, {"namespaceSelector": {"matchLabels": {"team": "x"}}}]
    assert spec(ingress=[{"from": peers}])["ingress"] == [
        {
            "from": [
                {"podSelector": selector},
                # Else a pod that starts later there would not be seen.
                {"podSelector": {}, "namespaceSelector": {"matchLabels": {"team": "x"}}},
            ]
        }
    ]


def test_each_block_stands_alone_since_the_kernel_takes_none_that_overlap() -> None:
    blocks = [
        {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16", "10.1.2.0/24"]}},
        {"ipBlock": {"cidr": "10.1.0.7/32"}},
    ]
    rule = {"to": [*blocks, {"podSelector": {}}], "ports": [{"port": 53, "protocol": "UDP"}]}
    ports = [{"protocol": "UDP", "port": 53}]
    assert spec(egress=[rule])["egress"] == [
        {"to": [{"podSelector": {}}], "ports": ports},
        {"to": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}], "ports": ports},
        {"to": [{"ipBlock": {"cidr": "10.1.0.7/32"}}], "ports": ports},
    ]


def test_a_rule_without_peers_or_ports_stays_one_for_all() -> None:
    assert spec(ingress=[{}])["ingress"] == [{}]
    assert spec(ingress=[{"ports": [{"port": 1}]}])["ingress"] == [
        {"ports": [{"protocol": "TCP", "port": 1}]}
    ]


_PORT = st.integers(1, 40)
_PORTS = st.lists(
    st.tuples(st.sampled_from(["TCP", "UDP", "SCTP"]), st.none() | st.tuples(_PORT, _PORT)),
    min_size=1,
    max_size=6,
)


def let_through(ports: list[dict[str, Any]]) -> set[tuple[str, int]]:
    """What a list of ports means, by NetworkPolicy's words."""
    found = set()
    for one in ports:
        first, last = one.get("port", 1), one.get("endPort", one.get("port", 40))
        found |= {(one.get("protocol", "TCP"), port) for port in range(first, last + 1)}
    return found


@given(_PORTS)
def test_ports_mean_what_was_written_and_never_overlap(
    written: list[tuple[str, tuple[int, int] | None]],
) -> None:
    ports: list[dict[str, Any]] = []
    for protocol, span in written:
        ends = {"port": min(span), "endPort": max(span)} if span else {}
        ports.append({"protocol": protocol, **ends})
    (rule,) = spec(ingress=[{"ports": ports}])["ingress"]
    assert let_through(rule["ports"]) == let_through(ports)
    for one, other in itertools.combinations(rule["ports"], 2):
        assert not let_through([one]) & let_through([other])


@pytest.mark.parametrize(
    ("written", "node"),
    [
        ("10.0.0.0/08", "10.0.0.0/8"),
        ("64:ff9b::1.2.3.0/120", "64:ff9b::102:300/120"),
        ("FD00:0::/64", "fd00::/64"),
    ],
)
def test_addresses_are_in_the_form_that_the_node_reads(written: str, node: str) -> None:
    (rule,) = spec(ingress=[{"from": [{"ipBlock": {"cidr": written, "except": [written]}}]}])[
        "ingress"
    ]
    assert rule == {"from": [{"ipBlock": {"cidr": node, "except": [node]}}]}

"""MultiNetworkPolicies as plain manifests.

In the form in which multi-networkpolicy-nftables v0.1.0 does what NetworkPolicy says of them: what
it cannot read on a node it leaves out as a whole, with no more than a line in its log.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from multinet.names import NAD_GROUP, POLICY_FOR, POLICY_KIND, POLICY_VERSION
from multinet.policies.peers import (
    PolicyIpBlock,
    PolicyPeer,
    PolicyPort,
    PolicySelector,
)
from multinet.policies.settings import PolicySettings

Manifest = dict[str, Any]

API_VERSION: Final = f"{NAD_GROUP}/{POLICY_VERSION}"


def manifest(name: str, policy: PolicySettings, namespaces: Mapping[str, str]) -> Manifest:
    """The policy called `name`. `namespaces`: those of its networks; absent: its own."""
    networks = [f"{namespaces.get(n, policy.namespace)}/{n}" for n in policy.networks]
    spec: Manifest = {
        "podSelector": _selector(policy.pod_selector),
        "policyTypes": [*policy.directions],
    }
    if ingress := [rule for one in policy.ingress for rule in _rules("from", one.from_, one.ports)]:
        spec["ingress"] = ingress
    if egress := [rule for one in policy.egress for rule in _rules("to", one.to, one.ports)]:
        spec["egress"] = egress
    return {
        "apiVersion": API_VERSION,
        "kind": POLICY_KIND,
        "metadata": {
            "name": name,
            "namespace": policy.namespace,
            "labels": {"app.kubernetes.io/part-of": "multinet"},
            "annotations": {POLICY_FOR: ",".join(networks)},
        },
        "spec": spec,
    }


def _rules(
    key: str, peers: Sequence[PolicyPeer], ports: Sequence[PolicyPort]
) -> Iterator[Manifest]:
    """A rule as several that mean the same: the selectors in one, each block in its own.

    All blocks of a rule become one set of the kernel, which takes none that overlap, and all of
    their exceptions another one, which would cut into the blocks beside.
    """
    shared = {"ports": port_manifests(ports)} if ports else {}
    selectors = [peer_manifest(peer) for peer in peers if peer.ip_block is None]
    if selectors or not peers:
        yield ({key: selectors} if selectors else {}) | shared
    for peer in peers:
        if peer.ip_block is not None:
            yield {key: [peer_manifest(peer)], **shared}


def peer_manifest(peer: PolicyPeer) -> Manifest:
    """Pods, or addresses."""
    if peer.ip_block is not None:
        return {"ipBlock": _block(peer.ip_block)}
    # With a selector of namespaces alone, pods that start later in one of them would not be seen.
    pods = peer.pod_selector or PolicySelector()
    made = {"podSelector": _selector(pods)}
    if peer.namespace_selector is not None:
        made["namespaceSelector"] = _selector(peer.namespace_selector)
    return made


def _block(block: PolicyIpBlock) -> Manifest:
    parts = [ipaddress.ip_network(text) for text in block.except_]
    left_out = [str(part) for part in ipaddress.collapse_addresses(parts)]  # type: ignore[type-var]
    # The node reads one form alone: 10.0.0.0/08 is none.
    cidr = str(ipaddress.ip_network(block.cidr))
    return {"cidr": cidr, **({"except": left_out} if left_out else {})}


def port_manifests(ports: Sequence[PolicyPort]) -> list[Manifest]:
    """Each protocol's, in order and apart: one without ports is all of its ports.

    Beside single ports of the same protocol it would not count on the node.
    """
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    whole = {port.protocol for port in ports if port.port is None}
    for port in ports:
        spans[port.protocol].append((port.port or 1, port.end_port or port.port or 1))
    made: list[Manifest] = []
    for protocol, several in spans.items():
        if protocol in whole:
            made.append({"protocol": protocol})
            continue
        for first, last in _apart(several):
            end = {"endPort": last} if last > first else {}
            made.append({"protocol": protocol, "port": first, **end})
    return made


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same ports in spans that neither overlap nor touch."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _selector(selector: PolicySelector) -> Manifest:
    made: Manifest = {}
    if selector.match_labels:
        made["matchLabels"] = dict(selector.match_labels)
    if selector.match_expressions:
        made["matchExpressions"] = [
            {"key": e.key, "operator": e.operator, **({"values": [*e.values]} if e.values else {})}
            for e in selector.match_expressions
        ]
    return made

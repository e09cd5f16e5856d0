"""What a policy means, in one form for all ways of writing it. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from multinet.policies.manifest import manifest, peer_manifest, port_manifests
from multinet.policies.peers import PolicyPeer, PolicyPort
from multinet.policies.settings import PolicySettings

Rule = tuple[Sequence[PolicyPeer], Sequence[PolicyPort]]

_EVERYBODY: Final = "everybody"


def meaning(policy: PolicySettings) -> dict[str, str]:
    """Key → what it says; equal for two policies just where they let the same through.

    Each is a text: of lists and mappings also an empty one says something. Order and form do not
    count. A direction in which nobody is isolated has no key.
    """
    made = manifest("", policy, {})["spec"]
    said = {
        "networks": ", ".join(sorted(set(policy.networks))),
        "namespace": policy.namespace,
        "podSelector": _text(_selector(made["podSelector"])),
        "policyTypes": ", ".join(policy.directions),
    }
    if "Ingress" in policy.directions:
        said["ingress"] = _text(_rules("from", [(r.from_, r.ports) for r in policy.ingress]))
    if "Egress" in policy.directions:
        said["egress"] = _text(_rules("to", [(r.to, r.ports) for r in policy.egress]))
    return said


def _rules(key: str, rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """Each peer once, with all of the ports at which it is let through."""
    ports: dict[str, list[PolicyPort] | None] = {}
    for peers, at in rules:
        for peer in [_peer(peer) for peer in peers] or [_EVERYBODY]:
            known = ports.get(peer, [])
            ports[peer] = None if known is None or not at else [*known, *at]
    if ports.get(_EVERYBODY, ()) is None:
        return [{}]  # beside which nothing else counts
    return [
        ({key: json.loads(peer)} if peer != _EVERYBODY else {})
        | ({"ports": _ports(at)} if at is not None else {})
        for peer, at in sorted(ports.items())
    ]


def _ports(ports: Sequence[PolicyPort]) -> list[dict[str, Any]]:
    return sorted(port_manifests(ports), key=_text)


def _peer(peer: PolicyPeer) -> str:
    made = peer_manifest(peer)
    return _text({k: v if k == "ipBlock" else _selector(v) for k, v in made.items()})


def _selector(made: dict[str, Any]) -> dict[str, Any]:
    """A rendered selector: a condition that one value meets is a label; values and all in order."""
    labels, others = dict(made.get("matchLabels", {})), {}
    for condition in made.get("matchExpressions", ()):
        key, values = condition["key"], sorted(set(condition.get("values", ())))
        alone = condition["operator"] == "In" and len(values) == 1
        if alone and labels.setdefault(key, values[0]) == values[0]:
            continue
        given = {**condition, **({"values": values} if values else {})}
        others[_text(given)] = given
    conditions = [others[text] for text in sorted(others)]
    return ({"matchLabels": labels} if labels else {}) | (
        {"matchExpressions": conditions} if conditions else {}
    )


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)

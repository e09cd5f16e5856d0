"""For each code of policies: what stands below `config:`, `# here` at what is told."""

from __future__ import annotations

from tests.unit.every_code.sections import lan, section


def policy(*lines: str, more: str = "", name: str = "web:") -> str:
    """A policy, what enforces it, and a network called lan."""
    text = section("policies", name, *(f"  {line}" for line in lines))
    return f"{text}multinet:addons: {{networkPolicy: true}}\n{more or lan('type: bridge')}"


_TWO = {"lan": "eth1", "san": "eth2"}
_RANGE = (
    "{cniVersion: '1.0.0', type: macvlan, master: %s,"
    " ipam: {type: host-local, subnet: 10.9.0.0/24}}"
)

POLICIES = {
    "policies-not-brought": section(
        "policies", "web: {networks: [lan]}", more=lan("type: bridge")
    ).replace("policies:", "policies:  # here", 1),
    "policy-elsewhere": policy(
        "networks: [lan]  # here",
        "namespace: apps",
        more="multinet:networks: {lan: {namespace: b, config: {cniVersion: '1.0.0', type: bridge}}}",
    ),
    "policy-except": policy(
        *("networks: [lan]", "ingress:", "- from:", "  - ipBlock:", "      cidr: 10.0.0.0/8"),
        *("      except:", "      - 11.0.0.0/8  # here"),
    ),
    "policy-name-too-long": policy(
        "networks: [lan]", f"namespace: {'n' * 63}", name=f"{'p' * 60}:  # here"
    ),
    "policy-network-twice": policy("networks:", "- lan", "- lan  # here"),
    "policy-network-unknown": policy("networks:", "- lna  # here"),
    "policy-networks-overlap": policy(
        *("networks:", "- lan", "- san  # here", "ingress:", "- from:", "  - podSelector: {}"),
        more="multinet:networks:"
        + "".join(f"\n  {name}: {{config: {_RANGE % link}}}" for name, link in _TWO.items()),
    ),
    "policy-not-enforced": policy("networks:", "- lan  # here", more=lan("type: tap")),
    "policy-object": section(
        "policies",
        "web:  # here",
        "  kind: NetworkPolicy",
        "  metadata: {name: web}",
        "  spec: {podSelector: {}}",
    ),
    "policy-peer": policy("networks: [lan]", "egress:", "- to:", "  - {}  # here"),
    "policy-peer-unknown": policy(
        "networks: [lan]", "ingress:", "- from:", "  - podSelector: {}  # here"
    ),
    "policy-port": policy("networks: [lan]", "ingress:", "- ports:", "  - port: http  # here"),
    "policy-selector": policy(
        *("networks: [lan]", "podSelector:", "  matchExpressions:"),
        *("  - key: app", "    operator: Exists", "    values: [web]  # here"),
    ),
    "policy-types": policy("networks: [lan]", "policyTypes: [Ingress]  # here", "egress: [{}]"),
}

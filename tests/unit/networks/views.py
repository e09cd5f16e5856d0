"""Networks to check against each other."""

from __future__ import annotations

from typing import Any

from multinet.cni.config import parse
from multinet.findings import Finding, format_path
from multinet.networks.checks import ClusterFacts, NetworkView, check_networks

FACTS = ClusterFacts(pod_cidrs=("10.233.64.0/18",), service_cidrs=("10.233.0.0/18",))


def view(
    name: str, written: dict[str, Any], resource: str = "", nodes: dict[str, str] | None = None
) -> NetworkView:
    config, findings = parse({"cniVersion": "1.0.0", **written})
    assert config is not None, [str(f) for f in findings]
    return NetworkView(name, "default", config, resource, nodes or {})


def macvlan(ipam: dict[str, Any], master: str = "eth0", **keys: Any) -> dict[str, Any]:
    return {"type": "macvlan", "master": master, "ipam": ipam, **keys}


def local(subnet: str, **keys: Any) -> dict[str, Any]:
    return {"type": "host-local", "subnet": subnet, **keys}


def static(*addresses: str) -> dict[str, Any]:
    return {"type": "static", "addresses": [{"address": a} for a in addresses]}


def check(facts: ClusterFacts = FACTS, **written: dict[str, Any]) -> list[Finding]:
    return check_networks({n: view(n, w) for n, w in written.items()}, facts)


def told(findings: list[Finding], code: str) -> dict[str, str]:
    return {str(f.path[1]): format_path(f.path[2:]) for f in findings if f.code == code}

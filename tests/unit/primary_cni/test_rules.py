"""What a primary CNI's settings are refused or warned for: code, path and severity."""

from __future__ import annotations

from typing import Any

import pytest

from multinet.findings import Finding
from multinet.stack.load import check_config

V6 = "fd00:10::/112"
CALICO = {"plugin": "calico"}
CILIUM = {"plugin": "cilium"}

ERRORS = {
    "pods and services overlap": (
        CALICO | {"podCidrs": ["10.0.0.0/14"], "serviceCidrs": ["10.2.0.0/16"]},
        ("cidrs-overlap", "serviceCidrs[0]"),
    ),
    "IPIP without BGP": (
        CALICO | {"calico": {"encapsulation": "IPIP"}},
        ("ipip-without-bgp", "calico.encapsulation"),
    ),
    "no encapsulation without BGP": (
        CALICO | {"calico": {"encapsulation": "None"}},
        ("unencapsulated-without-bgp", "calico.encapsulation"),
    ),
    "IPIP on IPv6": (
        CALICO | {"podCidrs": [V6], "serviceCidrs": [], "calico": {"encapsulation": "IPIP", "bgp": True}},
        ("ipip-on-ipv6", "calico.encapsulation"),
    ),
    "IPIP on IPv6, set apart": (
        CALICO | {"podCidrs": [V6], "serviceCidrs": [], "calico": {"encapsulationIpv6": "IPIP", "bgp": True}},
        ("ipip-on-ipv6", "calico.encapsulationIpv6"),
    ),
    "a pool smaller than a block": (
        CALICO | {"podCidrs": ["10.9.0.0/27"]},
        ("pod-cidr-too-small", "podCidrs[0]"),
    ),
    "a pool smaller than a node's share": (
        CILIUM | {"podCidrs": ["10.9.0.0/25"]},
        ("pod-cidr-too-small", "podCidrs[0]"),
    ),
    "an IPv6 pool with too many shares": (
        CILIUM | {"podCidrs": ["fd00::/64"], "serviceCidrs": []},
        ("pod-cidr-too-large", "podCidrs[0]"),
    ),
    "an MTU that IPv6 forbids": (
        CALICO | {"podCidrs": [V6], "serviceCidrs": [], "mtu": 1200},
        ("mtu-too-small", "mtu"),
    ),
    "native routing without IPv6's network": (
        CILIUM
        | {"podCidrs": ["10.9.0.0/16", V6], "cilium": {"routingMode": "native", "nativeRoutingCidr": "10.9.0.0/16"}},
        ("native-routing-cidr-missing", "cilium.routingMode"),
    ),
    "an IPv6 network for IPv4": (
        CILIUM | {"cilium": {"nativeRoutingCidr": V6}},
        ("wrong-family", "cilium.nativeRoutingCidr"),
    ),
    "direct routes and a tunnel": (
        CILIUM | {"cilium": {"autoDirectNodeRoutes": True}},
        ("direct-routes-with-tunnel", "cilium.autoDirectNodeRoutes"),
    ),
    "no version": (CALICO | {"version": "latest"}, ("not-a-version", "version")),
    "a Cilium that is known not to work": (
        CILIUM | {"version": "1.14.9"},
        ("version-too-old", "version"),
    ),
    "a Calico that is known not to work": (
        CALICO | {"version": "v3.23.5"},
        ("version-too-old", "version"),
    ),
    "nftables before 3.29": (
        CALICO | {"version": "v3.28.5", "calico": {"dataplane": "Nftables"}},
        ("dataplane-unknown", "calico.dataplane"),
    ),
    "the chart of CRDs is missing": (
        CALICO | {"version": "v3.32.1", "chart": {"path": "/charts/tigera-operator"}},
        ("crds-chart-missing", "chart.crdsPath"),
    ),
    "a chart of CRDs without need": (
        CALICO | {"chart": {"path": "/charts/a", "crdsPath": "/charts/b"}},
        ("crds-chart-unused", "chart.crdsPath"),
    ),
    "another plugin's options": (
        CALICO | {"cilium": {"exclusive": False}},
        ("other-plugins-options", "cilium"),
    ),
    "exclusive by values": (
        CILIUM | {"values": {"cni": {"exclusive": True}}},
        ("cilium-exclusive", "values.cni.exclusive"),
    ),
    "another directory by values": (
        CILIUM | {"values": {"cni": {"confPath": "/etc/elsewhere"}}},
        ("values-conflict", "values.cni.confPath"),
    ),
    "another type of CNI by values": (
        CALICO | {"values": {"installation": {"cni": {"type": "AmazonVPC"}}}},
        ("values-conflict", "values.installation.cni.type"),
    ),
    "adopting what is installed": (
        CILIUM | {"adopt": {"plugin": "cilium"}},
        ("nothing-to-adopt", "adopt"),
    ),
    "a registry for an existing primary": (
        {"plugin": "existing", "confFile": "10-x.conflist", "registry": "mirror.example.org"},
        ("no-effect-on-existing", "registry"),
    ),
    "an existing primary without its file": (
        {"plugin": "existing"},
        ("conf-file-missing", "confFile"),
    ),
}  # fmt: skip

WARNINGS = {
    "a version that was never tried": (
        CILIUM | {"version": "1.16.4"},
        ("version-not-tried", "version"),
    ),
    "one node's share": (
        CILIUM | {"podCidrs": ["10.9.0.0/24"]},
        ("one-node-only", "podCidrs[0]"),
    ),
    "services without pods of their family": (
        CALICO | {"serviceCidrs": ["10.96.0.0/16", "fd00:9::/112"]},
        ("service-family-without-pods", "serviceCidrs[1]"),
    ),
    "an existing Cilium that may be exclusive": (
        {"plugin": "existing", "confFile": "05-cilium.conflist"},
        ("existing-cilium-exclusive", "confFile"),
    ),
    "no kube-proxy and no API server": (
        CILIUM | {"cilium": {"kubeProxyReplacement": True}},
        ("api-server-unknown", "cilium.kubeProxyReplacement"),
    ),
    "certificates by rendering": (
        CILIUM | {"values": {"hubble": {"tls": {"auto": {"method": "helm"}}}}},
        ("values-change-every-time", "values.hubble.tls.auto.method"),
    ),
}


def found(primary: dict[str, Any], **more: Any) -> list[Finding]:
    return check_config({"primaryCni": primary, **more})[1]


def named(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [
        (f.code, f.where.removeprefix("multinet:primaryCni."), str(f.severity)) for f in findings
    ]


@pytest.mark.parametrize("case", ERRORS)
def test_it_is_refused_at_its_path_with_a_way_out(case: str) -> None:
    primary, (code, path) = ERRORS[case]
    findings = found(primary)
    assert (code, path, "error") in named(findings)
    assert all(f.rule and f.way_out for f in findings)


@pytest.mark.parametrize("case", WARNINGS)
def test_it_is_a_warning_and_valid(case: str) -> None:
    primary, (code, path) = WARNINGS[case]
    assert named(found(primary)) == [(code, path, "warning")]


@pytest.mark.parametrize(
    "primary",
    [
        CALICO,
        CILIUM,
        CALICO | {"podCidrs": ["10.9.0.0/16", V6], "calico": {"bgp": True, "encapsulation": "IPIP", "encapsulationIpv6": "None"}},
        CALICO | {"version": "v3.32.1", "chart": {"path": "/a", "crdsPath": "/b"}},
        CILIUM | {"podCidrs": ["10.9.0.0/16", V6], "cilium": {"maskSizeIpv6": 120}},
        CILIUM | {"values": {"bpf": {"vlanBypass": [0]}, "cni": {"install": True}}},
        {"plugin": "existing", "confFile": "05-cilium.conflist", "adopt": {"plugin": "cilium"}},
    ],
)  # fmt: skip
def test_what_works_has_no_finding(primary: dict[str, Any]) -> None:
    assert found(primary) == []


def test_more_nodes_than_shares_are_refused() -> None:
    nodes = {f"n{i}": {"host": f"192.0.2.{i}"} for i in range(1, 6)}
    findings = found(CILIUM | {"podCidrs": ["10.9.0.0/22"]}, nodes=nodes)
    assert ("too-few-node-shares", "podCidrs", "error") in named(findings)
    assert found(CILIUM | {"podCidrs": ["10.9.0.0/21"]}, nodes=nodes) == []


def test_other_directories_need_an_operator_that_knows_them() -> None:
    other = {"distribution": "k3s"}
    old = found(CALICO | {"version": "v3.28.5"}, multus=other)
    assert ("directories-unknown", "version", "error") in named(old)
    assert found(CALICO, multus=other) == []


def test_exclusive_is_allowed_without_multus() -> None:
    assert found(CILIUM | {"cilium": {"exclusive": True}}, multus={"enabled": False}) == []

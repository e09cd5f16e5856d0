"""Least privilege of what we ship, and of what an override may make of it."""

from __future__ import annotations

from typing import Any

import pytest

from multinet import versions
from multinet.findings import Severity
from multinet.multus import objects
from multinet.multus.settings import MultusSettings
from multinet.settings.policy import image
from multinet.stack.load import check_config

DIGEST = "sha256:" + "a1" * 32


def pod(mode: str) -> dict[str, Any]:
    manifest = objects.daemon_set(MultusSettings(mode=mode), "10-x.conflist")
    spec: dict[str, Any] = manifest["spec"]["template"]["spec"]
    return spec


def containers(mode: str) -> dict[str, dict[str, Any]]:
    spec = pod(mode)
    return {c["name"]: c for c in (*spec["initContainers"], *spec["containers"])}


@pytest.mark.parametrize("mode", ["thick", "thin"])
def test_only_the_daemon_that_runs_plugins_is_privileged(mode: str) -> None:
    privileged = {
        name for name, c in containers(mode).items() if c["securityContext"].get("privileged")
    }
    assert privileged == ({"multus"} if mode == "thick" else set())


@pytest.mark.parametrize(
    ("mode", "name"), [("thick", "install"), ("thin", "install"), ("thin", "multus")]
)
def test_what_lays_out_files_is_confined(mode: str, name: str) -> None:
    context = containers(mode)[name]["securityContext"]
    assert context["allowPrivilegeEscalation"] is False
    assert context["readOnlyRootFilesystem"] is True
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert context["capabilities"] == {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]}


def test_thin_sees_the_two_cni_directories_of_the_node_and_no_process() -> None:
    spec = pod("thin")
    paths = [v["hostPath"]["path"] for v in spec["volumes"] if "hostPath" in v]
    assert paths == ["/etc/cni/net.d", "/opt/cni/bin"]
    assert not spec.get("hostPID")
    assert not spec.get("hostIPC")


def test_the_daemon_writes_only_where_it_has_to() -> None:
    of_node = {volume["name"] for volume in pod("thick")["volumes"] if "hostPath" in volume}
    mounts = containers("thick")["multus"]["volumeMounts"]
    written = {m["name"] for m in mounts if m["name"] in of_node and not m.get("readOnly")}
    # Its configuration, its socket, its state, devices' facts; plugins write anywhere on the node.
    assert written == {"cni-conf", "run", "run-k8s-cni-cncf-io", "multus-state", "host-root"}


@pytest.mark.parametrize("mode", ["thick", "thin"])
def test_the_token_is_for_multuss_own_pods(mode: str) -> None:
    account = objects.service_account(MultusSettings(mode=mode))
    assert account["automountServiceAccountToken"] is False
    assert pod(mode)["automountServiceAccountToken"] is True


def test_a_namespace_of_its_own_says_to_pod_security_what_it_holds() -> None:
    namespace = objects.namespace(MultusSettings(namespace="multus"))
    assert namespace is not None
    labels = namespace["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "privileged"
    assert objects.namespace(MultusSettings(namespace="kube-system")) is None


def test_no_pinned_image_moves() -> None:
    for mode in ("thick", "thin"):
        assert [*image(MultusSettings(mode=mode).effective_image)] == []
    assert [*image(versions.SAMPLE_IMAGE)] == []


REFERENCES = {
    "ghcr.io/x/multus-cni:v4.3.0": None,
    "registry.example.org:5000/x/y:v4.3.0-thick": None,
    "localhost/x:1": None,
    "[2001:db8::1]:5000/x:1": None,
    f"x.example/m@{DIGEST}": None,
    f"x.example/m:latest@{DIGEST}": None,
    "x.example/m": "moving-tag",
    "x.example:5000/m": "moving-tag",
    "x.example/m:latest": "moving-tag",
    "x.example/m:snapshot": "moving-tag",
    "x.example/m:snapshot-thick": "moving-tag",
    "x.example/m:stable": "moving-tag",
    "x.example/m:stable-thick": "moving-tag",
    "x.example/m:LATEST": "moving-tag",
    "x.example/m:main": "moving-tag",
    "x.example/m:nightly-2026": "moving-tag",
    "x.example/m:": "not-an-image",
    "x.example/M:v1": "not-an-image",
    "https://x.example/m:v1": "not-an-image",
    "x.example/m:v1;id": "not-an-image",
    "x.example/../m:v1": "not-an-image",
    "x.example/m@sha256:abc": "not-an-image",
    "-x/m:v1": "not-an-image",
    "x.example/m:v1\x1b[31m": "not-an-image",
}


@pytest.mark.parametrize("reference", REFERENCES)
def test_an_image_is_a_reference_and_stays_what_it_is(reference: str) -> None:
    found = [f.code for f in image(reference)]
    assert found == [code for code in [REFERENCES[reference]] if code]


def codes(config: dict[str, Any]) -> dict[str, Severity]:
    """Path → severity, with the code before it."""
    _, findings = check_config(config)
    return {f"{f.code} {f.where}": f.severity for f in findings}


VALUES: dict[str, tuple[dict[str, Any], str | None]] = {
    "a privileged agent": (
        {"securityContext": {"privileged": True}},
        "privileges-widened multinet:primaryCni.values.securityContext.privileged",
    ),
    "not privileged": ({"securityContext": {"privileged": False}}, None),
    "escalation": (
        {"operator": {"securityContext": {"allowPrivilegeEscalation": True}}},
        "privileges-widened"
        " multinet:primaryCni.values.operator.securityContext.allowPrivilegeEscalation",
    ),
    "no seccomp": (
        {"podSecurityContext": {"seccompProfile": {"type": "Unconfined"}}},
        "privileges-widened multinet:primaryCni.values.podSecurityContext.seccompProfile.type",
    ),
    "another type": ({"service": {"type": "Unconfined"}}, None),
    "all capabilities": (
        {"securityContext": {"capabilities": {"ciliumAgent": ["ALL"]}}},
        "privileges-widened multinet:primaryCni.values.securityContext.capabilities.ciliumAgent",
    ),
    "no capabilities": ({"securityContext": {"capabilities": {"drop": ["ALL"]}}}, None),
    "a wildcard in a role": (
        {"extra": [{"rules": [{"verbs": ["*"], "resources": ["pods"]}]}]},
        "privileges-widened multinet:primaryCni.values.extra[0].rules[0].verbs",
    ),
    "the node's processes": (
        {"hostPID": True},
        "privileges-widened multinet:primaryCni.values.hostPID",
    ),
    "a moving tag": (
        {"image": {"repository": "quay.io/cilium/cilium", "tag": "latest"}},
        "moving-tag multinet:primaryCni.values.image.tag",
    ),
    "a moving tag with a digest": (
        {"image": {"repository": "quay.io/cilium/cilium", "tag": "latest", "digest": DIGEST}},
        None,
    ),
    "an image without a tag": (
        {"calicoctl": {"image": "docker.io/calico/ctl"}},
        "moving-tag multinet:primaryCni.values.calicoctl.image",
    ),
    "an image with its version beside it": (
        {"tigeraOperator": {"image": "tigera/operator", "version": "v1.40.0"}},
        None,
    ),
    "an override without a tag": (
        {"image": {"override": "x.example/cilium"}},
        "moving-tag multinet:primaryCni.values.image.override",
    ),
    "digests switched off": (
        {"image": {"useDigest": False}},
        "image-without-digest multinet:primaryCni.values.image.useDigest",
    ),
    "nothing of it": ({"debug": {"enabled": True}, "list": [1, "x"]}, None),
}


@pytest.mark.parametrize("what", VALUES)
def test_chart_values_that_loosen_what_the_chart_ships_are_reported(what: str) -> None:
    values, expected = VALUES[what]
    found = codes({"primaryCni": {"plugin": "cilium", "values": values}})
    mine = {where: s for where, s in found.items() if "primaryCni.values" in where}
    assert mine == ({expected: Severity.WARNING} if expected else {})


def test_open_namespaces_and_plain_http_are_reported() -> None:
    chart = {"repository": "http://charts.example.org"}
    found = codes({"multus": {"namespaceIsolation": False}, "primaryCni": {"chart": chart}})
    assert found["namespaces-not-isolated multinet:multus.namespaceIsolation"] == Severity.WARNING
    assert found["insecure-repository multinet:primaryCni.chart.repository"] == Severity.WARNING


@pytest.mark.parametrize(
    "config",
    [
        {"primaryCni": {"values": {"certs": {"key": "-----BEGIN RSA PRIVATE KEY-----\nx"}}}},
        {"primaryCni": {"values": {"token": {"secure": "AAAB"}}}},
        {"networks": {"a": {"config": {"type": "own", "x": {"secure": "v1:a:b"}}}}},
        {
            "networks": {
                "a": {
                    "config": {"type": "own"},
                    "annotations": {"x": "-----BEGIN PRIVATE KEY-----"},
                }
            }
        },
    ],
)
def test_a_secret_that_would_stand_in_the_clear_is_refused(config: dict[str, Any]) -> None:
    settings, findings = check_config(config)
    assert settings is None
    assert "secret-in-plain" in {f.code for f in findings}


def test_values_that_no_chart_can_take_are_refused() -> None:
    for value in (float("inf"), "\ud800", 10**300):
        settings, findings = check_config({"primaryCni": {"values": {"a": [value]}}})
        assert settings is None
        assert {f.where for f in findings} == {"multinet:primaryCni.values.a[0]"}


@pytest.mark.parametrize(
    ("plugin", "values", "where"),
    [
        ("calico", {"installation": "x"}, "installation"),
        ("calico", {"installation": None}, "installation"),
        ("calico", {"installation": {"cni": [1]}}, "installation.cni"),
        ("calico", {"installation": {"imagePullSecrets": 7}}, "installation.imagePullSecrets"),
        ("calico", {"imagePullSecrets": "x"}, "imagePullSecrets"),
        ("calico", {"whisker": 1}, "whisker"),
        # Without its section Cilium's own default counts, which is exclusive.
        ("cilium", {"cni": None}, "cni"),
        ("cilium", {"ipam": "x"}, "ipam"),
    ],
)
def test_a_section_that_multus_relies_on_is_not_replaced_as_a_whole(
    plugin: str, values: dict[str, Any], where: str
) -> None:
    settings, findings = check_config({"primaryCni": {"plugin": plugin, "values": values}})
    assert settings is None
    assert f"multinet:primaryCni.values.{where}" in {
        f.where for f in findings if f.code == "values-conflict"
    }

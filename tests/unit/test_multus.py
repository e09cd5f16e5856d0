"""Multus's objects: what each setting does to them, and what must never be in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from multinet import versions
from multinet.multus import objects
from multinet.multus.running import is_multus
from multinet.multus.settings import MultusSettings
from tests.unit.validating import validate

MODES = ["thick", "thin"]


def settings(**raw: Any) -> MultusSettings:
    return MultusSettings.model_validate(raw, by_alias=True, by_name=False)


def pod(multus: MultusSettings, conf_file: str = "10-x.conflist") -> dict[str, Any]:
    spec: dict[str, Any] = objects.daemon_set(multus, conf_file)["spec"]["template"]["spec"]
    return spec


def container(multus: MultusSettings) -> dict[str, Any]:
    (only,) = pod(multus)["containers"]
    assert isinstance(only, dict)
    return only


@pytest.mark.parametrize("mode", MODES)
def test_the_image_is_pinned_and_of_the_right_kind(mode: str) -> None:
    image = container(settings(mode=mode))["image"]
    expected = f"ghcr.io/k8snetworkplumbingwg/multus-cni:{versions.MULTUS}"
    assert image == (f"{expected}-thick" if mode == "thick" else expected)


def test_a_mirror_replaces_the_registry_and_a_digest_is_kept() -> None:
    mirrored = settings(registry="mirror.example/k8s")
    assert mirrored.effective_image.startswith("mirror.example/k8s/k8snetworkplumbingwg/")
    digest = f"sha256:{'0' * 64}"
    assert settings(image=f"x.example/m@{digest}").version == digest


IMAGES = {
    # mode, image → severity of what is found, and the way out's words
    ("thick", "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0"): ("error", "v4.3.0-thick"),
    ("thick", "mirror.example/k8snetworkplumbingwg/multus-cni:snapshot"): ("error", "-thick"),
    ("thin", "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0-thick"): ("error", "v4.3.0"),
    ("thin", f"ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0-thick@sha256:{'0' * 64}"): ("error", "mode"),
    ("thick", "registry.example/own/multus:v4.3.0"): ("warning", "-thick"),
    ("thick", "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.3.0-thick-arm64"): ("", ""),
    ("thick", "rancher/hardened-multus-thick:v4.2.3-build20251031"): ("", ""),
    ("thick", f"ghcr.io/k8snetworkplumbingwg/multus-cni@sha256:{'0' * 64}"): ("", ""),
    ("thick", "registry.example/own/multus:build-7"): ("", ""),
}  # fmt: skip


@pytest.mark.parametrize(("mode", "image"), IMAGES)
def test_an_image_of_the_other_mode_is_told_at_once_and_not_by_a_rollout(
    mode: str, image: str
) -> None:
    severity, words = IMAGES[mode, image]
    found = [
        f
        for f in validate(multus={"mode": mode, "image": image}).findings
        if f["code"] == "image-mode"
    ]
    assert [f["severity"] for f in found] == ([severity] if severity else [])
    assert all(words in f["wayOut"] for f in found)


@pytest.mark.parametrize("mode", MODES)
def test_what_we_install_is_known_as_multus_whatever_its_image_is_called(mode: str) -> None:
    named = settings(mode=mode, image="registry.example/net@sha256:" + "0" * 64)
    assert is_multus(objects.daemon_set(named, "10-x.conflist"))


@pytest.mark.parametrize("mode", MODES)
def test_there_is_no_cpu_limit_by_default_because_it_throttles_every_attach(mode: str) -> None:
    resources = container(settings(mode=mode))["resources"]
    assert "cpu" in resources["requests"]
    assert set(resources["limits"]) == {"memory"}


def test_the_primary_file_is_pinned_in_both_modes() -> None:
    thick = objects.config_map(settings(mode="thick"), "05-cilium.conflist")
    assert thick is not None
    config = json.loads(thick["data"]["daemon-config.json"])
    assert config["multusMasterCNI"] == "05-cilium.conflist"
    assert (
        "--multus-master-cni-file-name=05-cilium.conflist"
        in (pod(settings(mode="thin"), "05-cilium.conflist")["containers"][0]["args"])
    )


@pytest.mark.parametrize("isolation", [True, False])
def test_namespace_isolation_and_global_namespaces_reach_both_modes(isolation: bool) -> None:
    raw = {"namespaceIsolation": isolation, "globalNamespaces": ["default", "shared"]}
    thick = objects.config_map(settings(**raw), "x")
    assert thick is not None
    config = json.loads(thick["data"]["daemon-config.json"])
    flags = container(settings(mode="thin", **raw))["args"]
    assert config["namespaceIsolation"] is isolation
    assert config.get("globalNamespaces") == ("default,shared" if isolation else None)
    assert f"--namespace-isolation={str(isolation).lower()}" in flags
    assert ("--global-namespaces=default,shared" in flags) is isolation


def test_a_changed_configuration_changes_the_pod_template_so_that_pods_roll() -> None:
    def template(multus: MultusSettings, conf_file: str) -> dict[str, Any]:
        spec: dict[str, Any] = objects.daemon_set(multus, conf_file)["spec"]
        found: dict[str, Any] = spec["template"]
        return found

    same = template(settings(), "a"), template(settings(), "a")
    assert same[0] == same[1]
    for changed in (
        template(settings(), "b"),
        template(settings(logLevel="debug"), "a"),
        template(settings(globalNamespaces=["x"]), "a"),
    ):
        assert changed != same[0]


@pytest.mark.parametrize("mode", MODES)
def test_the_api_servers_own_address_is_used_where_service_addresses_do_not_work(mode: str) -> None:
    given = settings(mode=mode, apiServer={"host": "192.0.2.1", "port": 6443})
    env = {e["name"]: e.get("value") for e in container(given)["env"]}
    assert env["KUBERNETES_SERVICE_HOST"] == "192.0.2.1"
    assert env["KUBERNETES_SERVICE_PORT"] == "6443"
    names = {e["name"] for e in container(settings(mode=mode))["env"]}
    assert "KUBERNETES_SERVICE_HOST" not in names


@pytest.mark.parametrize(
    ("distribution", "conf", "binaries", "netns"),
    [
        ("kubeadm", "/etc/cni/net.d", "/opt/cni/bin", "/run/netns"),
        (
            "k3s",
            "/var/lib/rancher/k3s/agent/etc/cni/net.d",
            "/var/lib/rancher/k3s/data/cni",
            "/run/netns",
        ),
        ("talos", "/etc/cni/net.d", "/opt/cni/bin", "/var/run/netns"),
    ],
)
def test_a_distributions_directories_are_mounted(
    distribution: str, conf: str, binaries: str, netns: str
) -> None:
    volumes = pod(settings(distribution=distribution))["volumes"]
    paths = {v["name"]: v.get("hostPath", {}).get("path") for v in volumes}
    assert (paths["cni-conf"], paths["cni-bin"]) == (conf, binaries)
    assert paths["run-netns"] == netns
    # In the pod it is where the daemon, whose /var/run is a link, and its script look.
    mounts = {
        m["name"]: m["mountPath"]
        for m in container(settings(distribution=distribution))["volumeMounts"]
    }
    assert mounts["run-netns"] == "/run/netns"


def test_thick_mounts_the_binaries_at_the_same_path_as_on_the_node() -> None:
    mounts = {
        m["name"]: m["mountPath"] for m in container(settings(cniBinDir="/x/bin"))["volumeMounts"]
    }
    assert mounts["cni-bin"] == "/x/bin"


@pytest.mark.parametrize("mode", MODES)
def test_every_mount_has_its_volume(mode: str) -> None:
    spec = pod(settings(mode=mode))
    volumes = {v["name"] for v in spec["volumes"]}
    for each in spec["containers"] + spec["initContainers"]:
        assert {m["name"] for m in each["volumeMounts"]} <= volumes


@pytest.mark.parametrize("mode", MODES)
def test_privileges_are_least(mode: str) -> None:
    rules = objects.cluster_role(settings(mode=mode))["rules"]
    for rule in rules:
        assert "*" not in rule["apiGroups"] + rule["resources"] + rule["verbs"]
        assert "delete" not in rule["verbs"]
        if "k8s.cni.cncf.io" in rule["apiGroups"]:
            assert set(rule["verbs"]) <= {"get", "list", "watch"}
        if "pods" in rule["resources"]:
            assert "update" not in rule["verbs"], "only the status of pods is written"


def test_multus_runs_on_every_node_before_anything_else() -> None:
    spec = pod(settings())
    assert spec["tolerations"] == [{"operator": "Exists"}]
    assert spec["priorityClassName"] == "system-node-critical"


def test_thick_surges_and_thin_never_does_because_it_takes_the_configuration_of_both_away() -> None:
    def rolling(mode: str) -> dict[str, Any]:
        spec: dict[str, Any] = objects.daemon_set(settings(mode=mode), "x")["spec"]
        found: dict[str, Any] = spec["updateStrategy"]["rollingUpdate"]
        return found

    assert rolling("thick") == {"maxSurge": "10%", "maxUnavailable": 0}
    assert rolling("thin") == {"maxSurge": 0, "maxUnavailable": "10%"}


def test_the_daemon_never_writes_where_the_runtime_reads() -> None:
    multus = settings(mode="thick")
    config_map = objects.config_map(multus, "10-x.conflist")
    assert config_map is not None
    config = json.loads(config_map["data"]["daemon-config.json"])
    mounts = {m["mountPath"]: m["name"] for m in container(multus)["volumeMounts"]}
    volumes = {v["name"]: v for v in pod(multus)["volumes"]}
    assert config["cniConfigDir"] != config["multusAutoconfigDir"]
    assert volumes[mounts[config["cniConfigDir"]]]["emptyDir"] == {}


def test_the_script_that_runs_the_daemon_is_laid_out_and_knows_the_primary() -> None:
    config_map = objects.config_map(settings(mode="thick"), "10-x.conflist")
    assert config_map is not None
    assert config_map["data"]["daemon.sh"].startswith("# shellcheck shell=sh\n")
    shell, script, primary = container(settings(mode="thick"))["command"]
    assert (shell, primary) == ("/bin/sh", "10-x.conflist")
    (volume,) = (v["configMap"] for v in pod(settings())["volumes"] if "configMap" in v)
    assert {item["path"] for item in volume["items"]} == set(config_map["data"])
    assert script.rsplit("/", 1)[-1] in config_map["data"]

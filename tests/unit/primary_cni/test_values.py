"""What each option means in the charts' values, and what the program registers of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from multinet import kubernetes, render
from multinet.names import PROJECT
from multinet.primary_cni import adoption, calico
from multinet.primary_cni.cilium import IMAGES
from multinet.primary_cni.values import chart_values
from multinet.render.images import images_of
from multinet.stack.load import check_config

MIRROR = "mirror.example.org:5000/x"


def values(primary: dict[str, Any], multus: dict[str, Any] | None = None) -> dict[str, Any]:
    settings, _ = check_config({"primaryCni": primary, "multus": multus or {}})
    assert settings is not None
    return chart_values(settings.primary_cni, settings.multus)


def planned(project: Path, primary: dict[str, Any]) -> dict[str, render.Planned]:
    config = {"primaryCni": primary, "networks": {}}
    plan = render.run(project / "__main__.py", PROJECT, "test", config)
    return {r.name: r for r in plan.resources}


def at(value: dict[str, Any], path: str) -> Any:
    for key in path.split("."):
        value = value[key]
    return value


CALICO_OPTIONS = {
    "bgp": ({"bgp": True}, "bgp", "Enabled"),
    "dataplane": ({"dataplane": "BPF"}, "linuxDataplane", "BPF"),
    "autodetection": (
        {"nodeAddressAutodetection": {"interface": "eth.*"}},
        "nodeAddressAutodetectionV4.interface",
        "eth.*",
    ),
}


@pytest.mark.parametrize("option", CALICO_OPTIONS)
def test_an_option_of_calico_is_in_the_installation(option: str) -> None:
    given, path, wanted = CALICO_OPTIONS[option]
    server = {"apiServer": {"host": "192.0.2.1"}}  # which the eBPF dataplane needs
    made = values({"plugin": "calico", "calico": given}, server)
    assert at(made["installation"]["calicoNetwork"], path) == wanted


def test_each_family_has_its_own_pool() -> None:
    options = {
        "bgp": True, "encapsulation": "IPIPCrossSubnet", "encapsulationIpv6": "None",
        "natOutgoingIpv6": False, "blockSize": 25, "blockSizeIpv6": 121, "poolName": "office",
    }  # fmt: skip
    cidrs = ["fd00:10::/112", "10.9.0.0/16"]
    pools = values({"plugin": "calico", "podCidrs": cidrs, "calico": options})
    v6, v4 = at(pools, "installation.calicoNetwork.ipPools")
    assert v4 == {
        "cidr": "10.9.0.0/16", "encapsulation": "IPIPCrossSubnet", "natOutgoing": "Enabled",
        "blockSize": 25, "nodeSelector": "all()", "name": "office",
    }  # fmt: skip
    assert v6 == {
        "cidr": "fd00:10::/112", "encapsulation": "None", "natOutgoing": "Disabled",
        "blockSize": 121, "nodeSelector": "all()",
    }  # fmt: skip


CILIUM_OPTIONS = {
    "replacement": ({"kubeProxyReplacement": True}, "kubeProxyReplacement", True),
    "geneve": ({"tunnelProtocol": "geneve"}, "tunnelProtocol", "geneve"),
    "portmap": ({"portMap": True}, "cni.chainingMode", "portmap"),
    "share": ({"maskSize": 25}, "ipam.operator.clusterPoolIPv4MaskSize", 25),
    "ipam": ({"ipamMode": "kubernetes"}, "ipam.mode", "kubernetes"),
    "operators": ({"operatorReplicas": 2}, "operator.replicas", 2),
    "devices": ({"devices": ["eth0", "bond+"]}, "devices", ["eth0", "bond+"]),
    "hubble": ({"hubble": True}, "hubble.tls.auto.method", "cronJob"),
    "native": (
        {"routingMode": "native", "nativeRoutingCidr": "10.0.0.0/8"},
        "ipv4NativeRoutingCIDR",
        "10.0.0.0/8",
    ),
}


@pytest.mark.parametrize("option", CILIUM_OPTIONS)
def test_an_option_of_cilium_is_in_its_values(option: str) -> None:
    given, path, wanted = CILIUM_OPTIONS[option]
    assert at(values({"plugin": "cilium", "cilium": given}), path) == wanted


def test_both_take_directories_and_the_api_server_from_multus() -> None:
    multus = {"distribution": "k3s", "apiServer": {"host": "192.0.2.9", "port": 8443}}
    cilium = values({"plugin": "cilium"}, multus)
    assert cilium["cni"]["confPath"] == "/var/lib/rancher/k3s/agent/etc/cni/net.d"
    assert (cilium["k8sServiceHost"], cilium["k8sServicePort"]) == ("192.0.2.9", 8443)
    operator = values({"plugin": "calico"}, multus)
    assert operator["installation"]["cni"]["binDir"] == "/var/lib/rancher/k3s/data/cni"
    assert operator["kubernetesServiceEndpoint"] == {"host": "192.0.2.9", "port": "8443"}


def test_users_values_are_merged_over_ours() -> None:
    more = {"ipam": {"operator": {"clusterPoolIPv4MaskSize": 26}}, "debug": {"enabled": True}}
    merged = values({"plugin": "cilium", "values": more})
    assert merged["ipam"]["operator"]["clusterPoolIPv4MaskSize"] == 26
    assert merged["ipam"]["operator"]["clusterPoolIPv4PodCIDRList"] == ["10.233.64.0/18"]
    assert merged["debug"] == {"enabled": True}


def test_a_mirror_is_the_prefix_of_every_image() -> None:
    operator = values({"plugin": "calico", "registry": f"{MIRROR}/"})
    assert operator["installation"]["registry"] == f"{MIRROR}/", "the operator wants the slash"
    assert operator["tigeraOperator"]["registry"] == MIRROR
    assert operator["calicoctl"]["image"] == f"{MIRROR}/calico/ctl"
    cilium = values({"plugin": "cilium", "registry": MIRROR})
    for path in IMAGES:
        assert at(cilium, ".".join(path))["repository"].startswith(f"{MIRROR}/"), path


def test_the_operators_resources_are_the_charts_without_it_making_them() -> None:
    given = values({"plugin": "calico", "values": {"imagePullSecrets": {"pull": "{}"}}})
    installation, api_server = calico.resources(given, (3, 31))
    assert (installation["kind"], api_server["kind"]) == ("Installation", "APIServer")
    assert installation["spec"]["imagePullSecrets"] == [{"name": "pull"}]
    assert "enabled" not in installation["spec"]
    rest = calico.without_resources(given)
    assert not any(rest[key]["enabled"] for key in ("installation", "apiServer", "whisker"))
    assert calico.resources(rest, (3, 31)) == []


def test_a_resource_that_the_version_does_not_know_is_not_made() -> None:
    given = values({"plugin": "calico", "values": {"goldmane": {"enabled": True}}})
    kinds = [[r["kind"] for r in calico.resources(given, line)] for line in ((3, 28), (3, 31))]
    assert kinds == [["Installation", "APIServer"], ["Installation", "APIServer", "Goldmane"]]


def test_the_installation_is_waited_for_and_deleted_before_its_operator(project: Path) -> None:
    found = planned(project, {"plugin": "calico"})
    installation = found["primary-cni-installation"]
    annotations = installation.inputs["metadata"]["annotations"]
    assert annotations["pulumi.com/waitFor"] == "condition=Ready"
    assert found["primary-cni-chart"].urn in installation.dependencies
    assert installation.urn in found["primary-cni-apiserver"].dependencies
    assert found["primary-cni-namespace"].urn in found["primary-cni-chart"].dependencies
    assert installation.urn in found["multus-daemonset"].dependencies or any(
        installation.urn in r.dependencies for r in found.values() if r.name == "multus"
    )


def test_what_an_operator_has_to_clean_up_is_not_deleted_in_the_foreground(project: Path) -> None:
    values = {"goldmane": {"enabled": True}, "whisker": {"enabled": True}}
    found = planned(project, {"plugin": "calico", "values": values})
    cleaned = [r for r in found.values() if "operator.tigera.io" in r.type]
    assert {r.inputs["kind"] for r in cleaned} == {
        "Installation", "APIServer", "Goldmane", "Whisker",
    }  # fmt: skip
    policy = "pulumi.com/deletionPropagationPolicy"
    told = {r.inputs["metadata"]["annotations"].get(policy) for r in cleaned}
    assert told == {"background"}, "its finalizer and the garbage collector's wait for each other"


def test_without_waiting_nothing_is_waited_for(project: Path) -> None:
    found = planned(project, {"plugin": "calico", "waitForRollout": False})
    metadata = found["primary-cni-installation"].inputs["metadata"]
    assert "pulumi.com/waitFor" not in metadata["annotations"]
    assert found["primary-cni-chart"].inputs["skipAwait"] is True


def test_from_3_32_on_the_crds_come_first_from_their_own_chart(project: Path) -> None:
    found = planned(project, {"plugin": "calico", "version": "v3.32.1"})
    crds, chart = found["primary-cni-crds"], found["primary-cni-chart"]
    assert crds.inputs["chart"] == "crd.projectcalico.org.v1"
    assert crds.inputs["version"] == chart.inputs["version"] == "v3.32.1"
    assert crds.urn in chart.dependencies


SOURCES = {
    "the project's own": ({}, "cilium", "https://helm.cilium.io"),
    "an HTTP mirror": ({"repository": "http://m.example.org/c/"}, "cilium", "http://m.example.org/c"),
    "an OCI mirror": ({"repository": "oci://m.example.org/c/"}, "oci://m.example.org/c/cilium", None),
    "a path": ({"path": "/charts/cilium.tgz"}, "/charts/cilium.tgz", None),
}  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
def test_a_chart_comes_from(source: str, project: Path) -> None:
    given, chart, repository = SOURCES[source]
    inputs = planned(project, {"plugin": "cilium", "chart": given})["primary-cni-chart"].inputs
    assert inputs["chart"] == chart
    assert inputs.get("repositoryOpts", {}).get("repo") == repository
    assert inputs.get("version") == (None if "path" in given else "1.20.2")


def test_adoption_patches_one_key_and_the_agents_pods_and_nothing_else(project: Path) -> None:
    adopt = {"plugin": "cilium", "namespace": "cilium"}
    found = planned(
        project, {"plugin": "existing", "confFile": "05-cilium.conflist", "adopt": adopt}
    )
    config, restart = found["primary-cni-cilium-config"], found["primary-cni-cilium-restart"]
    assert config.type == "kubernetes:core/v1:ConfigMapPatch"
    assert config.inputs["data"] == {"cni-exclusive": "false"}
    assert config.inputs["metadata"]["namespace"] == "cilium"
    assert restart.type == "kubernetes:apps/v1:DaemonSetPatch"
    template = restart.inputs["spec"]["template"]
    assert list(template["metadata"]["annotations"]) == ["multinet.dev/cni-exclusive"]
    assert config.urn in restart.dependencies


def test_agents_are_restarted_for_our_change_of_their_configuration_alone() -> None:
    def entry(time: str, data: dict[str, Any], **more: Any) -> Any:
        return {"fieldsV1": {"f:data": data, **more}, "time": time}

    ours = entry("2026-01-02T00:00:00Z", {"f:cni-exclusive": {}}, **{"f:metadata": {}})
    owner = entry("2026-01-01T00:00:00Z", {"f:cni-exclusive": {}, "f:debug": {}})
    later = entry("2026-01-03T00:00:00Z", {"f:debug": {}})
    assert adoption.changed_at([owner, ours, later]) == "2026-01-02T00:00:00Z"
    assert adoption.changed_at(None) == adoption.changed_at([owner]) == kubernetes.APPLIED_AT


def test_an_existing_primary_that_is_not_adopted_is_not_touched(project: Path) -> None:
    found = planned(project, {"plugin": "existing", "confFile": "10-x.conflist"})
    assert [n for n in found if n.startswith("primary-cni")] == ["primary-cni"]


def test_images_are_those_of_pods_not_of_schemas() -> None:
    pod = {"containers": [{"image": "a:1"}], "initContainers": [{"image": "b:1"}, {"name": "x"}]}
    cron = {"jobTemplate": {"spec": {"template": {"spec": pod}}}}
    crd = {"kind": "CustomResourceDefinition", "metadata": {"name": "c"}, "spec": pod}
    job = {"kind": "CronJob", "metadata": {"name": "j"}, "spec": cron}
    assert images_of([crd, job]) == {"a:1": ["CronJob/j"], "b:1": ["CronJob/j"]}

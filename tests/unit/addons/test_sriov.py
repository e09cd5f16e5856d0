"""SR-IOV by its add-on, as a user has it: pools, what fits them, and what a pod has to request."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pulumi
import pytest

from multinet import Network, Sriov, resources, resources_from, versions
from multinet.addons.removal import TAKE_AWAY
from multinet.addons.sriov import objects
from multinet.stack.needs import node_needs
from tests.unit.addons.test_addons import before
from tests.unit.addons.test_addons import planned as planned_whole
from tests.unit.addons.test_whereabouts import PRIMARY, of, planned, pod_of, validated
from tests.unit.preflight.test_ownership import stack
from tests.unit.reuse import monitor
from tests.waiting import at_last

FAST = "example.com/fast"
NETWORK = {"resourceName": FAST, "config": {"cniVersion": "1.0.0", "type": "sriov", "vlan": 7}}
POOLS = {
    FAST: {"links": ["ens1f0#0-3"]},
    "example.com/dpdk": {"links": ["ens1f0#4-7"], "drivers": ["vfio-pci"]},
}


def config(pools: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    addons = {"sriov": {"pools": POOLS if pools is None else pools, **more.pop("addon", {})}}
    return {"primaryCni": PRIMARY, "networks": {"fast": NETWORK}, "addons": addons, **more}


def node(vfs: int | None, link: str = "ens1f0") -> dict[str, Any]:
    known: dict[str, Any] = {} if vfs is None else {"vfs": vfs}
    return {"host": "192.0.2.1", "links": {link: known}}


# --- what is created ----------------------------------------------------------------------


def test_pools_become_the_device_plugins_own_file(project: Path) -> None:
    found = planned(project, config())

    assert {name for name in found if name.startswith("sriov-")} == {
        "sriov-cni-config",
        "sriov-cni-daemonset",
        "sriov-config",
        "sriov-daemonset",
    }
    assert json.loads(found["sriov-config"]["data"]["config.json"]) == {
        "resourceList": [
            {
                "resourcePrefix": "example.com",
                "resourceName": "dpdk",
                "selectors": [{"pfNames": ["ens1f0#4-7"], "drivers": ["vfio-pci"]}],
            },
            {
                "resourcePrefix": "example.com",
                "resourceName": "fast",
                "selectors": [{"pfNames": ["ens1f0#0-3"]}],
            },
        ]
    }


def test_its_images_are_pinned_and_come_from_the_mirror(project: Path) -> None:
    found = planned(project, config(multus={"registry": "registry.example.org/mirror"}))
    for name, image, version in (
        ("sriov-daemonset", "sriov-network-device-plugin", versions.SRIOV_DEVICE_PLUGIN),
        ("sriov-cni-daemonset", "sriov-cni", versions.SRIOV_CNI),
    ):
        (container,) = pod_of(found[name])["containers"]
        path = f"registry.example.org/mirror/k8snetworkplumbingwg/{image}"
        assert container["image"] == f"{path}:{version}"
    own = {"image": "own.example.org/dp:v1", "cniImage": "own.example.org/cni:v2"}
    found = planned(project, config(addon=own))
    images = {pod_of(manifest)["containers"][0]["image"] for n, manifest in found.items() if n.startswith("sriov-") and "daemonset" in n}  # fmt: skip
    assert images == set(own.values())


def test_it_is_not_privileged_and_has_no_account(project: Path) -> None:
    found = planned(project, config(addon={"nodeSelector": {"sriov": "yes"}}))
    for name in ("sriov-daemonset", "sriov-cni-daemonset"):
        pod = pod_of(found[name])
        (container,) = pod["containers"]
        assert pod["automountServiceAccountToken"] is False
        assert "serviceAccountName" not in pod
        assert "privileged" not in container["securityContext"]
        assert container["securityContext"]["capabilities"]["drop"] == ["ALL"]
    assert pod_of(found["sriov-daemonset"])["nodeSelector"]["sriov"] == "yes"
    mounted = {v["hostPath"]["path"] for v in pod_of(found["sriov-daemonset"])["volumes"] if "hostPath" in v}  # fmt: skip
    assert mounted == {objects.REGISTRY, objects.DEVICE_INFO}


def test_a_changed_pool_restarts_the_device_plugin_and_no_other_change_does(project: Path) -> None:
    """It reads its file once; two of one node would take away each other's sockets."""

    def template(pools: dict[str, Any] | None = None) -> Any:
        made = planned(project, config(pools))["sriov-daemonset"]["spec"]
        assert made["updateStrategy"]["rollingUpdate"]["maxSurge"] == 0
        return made["template"]

    assert template() == template(dict(reversed(POOLS.items())))
    assert template() != template({FAST: {"links": ["ens1f0#0-4"]}})


def test_pods_get_functions_only_where_the_plugin_is_and_networks_come_after(project: Path) -> None:
    found = planned_whole(project, config())
    plugin = found["sriov-cni-daemonset"].urn
    assert plugin in before("sriov-daemonset", found)
    assert found["sriov-daemonset"].urn in before("fast", found)


def test_what_it_laid_out_is_taken_away_before_it_goes(project: Path) -> None:
    found = planned_whole(project, config())
    removal = found["sriov-removal"]
    assert removal.inputs["environment"]["MULTINET_DAEMONSET"] == objects.CNI_NAME
    assert TAKE_AWAY in removal.inputs["delete"]
    (container,) = found["sriov-cni-daemonset"].inputs["spec"]["template"]["spec"]["containers"]
    environment = {v["name"]: v.get("value") for v in container["env"]}
    # A record of its own beside that of the other add-on, in the same directory.
    assert environment["PLUGINS_RECORD"] == "sriov"
    assert container["command"][2:] == ["sriov"]


@pytest.mark.parametrize("given", [False, None])
def test_off_there_is_nothing_of_it(project: Path, given: bool | None) -> None:
    addons = {} if given is None else {"sriov": given}
    found = planned(project, config() | {"addons": addons})
    assert [name for name in found if name.startswith("sriov")] == []


@pytest.mark.parametrize("given", [True, False])
def test_a_declared_nodes_preflight_does_not_miss_the_plugin_that_is_brought(given: bool) -> None:
    addons = {"sriov": {"pools": POOLS}} if given else {}
    declared = stack(networks={"fast": NETWORK}, nodes={"n1": node(8)}, addons=addons)
    needs = node_needs("n1", declared.nodes["n1"], declared)
    assert ("sriov" in needs.binaries) is not given


# --- what is checked ----------------------------------------------------------------------


def test_pools_that_fit_the_nodes_and_the_networks_are_told_nothing_of(tmp_path: Path) -> None:
    found = validated(tmp_path, config(nodes={"n1": node(8)}))
    assert [f for f in found if "sriov" in str(f["path"]) or f["code"].startswith("pool")] == []


def test_functions_that_a_node_has_not_are_refused_at_the_link(tmp_path: Path) -> None:
    found = validated(tmp_path, config(nodes={"n1": node(8), "n2": node(6)}))
    (told,) = of(found, "pool-beyond-vfs")
    assert told["severity"] == "error"
    assert told["path"] == 'multinet:addons.sriov.pools["example.com/dpdk"].links[0]'
    assert "n2 has 6 virtual functions: 0 to 5" in told["rule"]


@pytest.mark.parametrize("nodes", [{"n1": node(None)}, {"n1": node(8, "ens1f1")}])
def test_a_link_without_functions_is_warned_of(tmp_path: Path, nodes: dict[str, Any]) -> None:
    found = of(validated(tmp_path, config(nodes=nodes)), "pool-of-nothing")
    assert {(f["severity"], f["value"]) for f in found} == {
        ("warning", "ens1f0#0-3"),
        ("warning", "ens1f0#4-7"),
    }


def test_a_networks_resource_that_no_pool_offers_is_warned_of(tmp_path: Path) -> None:
    other = {"fast": {**NETWORK, "resourceName": "example.com/fats"}}
    (told,) = of(validated(tmp_path, config(networks=other)), "resource-without-pool")
    assert told["path"] == "multinet:networks.fast.resourceName"
    assert FAST in told["wayOut"]


@pytest.mark.parametrize(
    ("pools", "code"),
    [
        ({}, "no-pools"),
        ({FAST: {}}, "pool-of-everything"),
        ({FAST: {"vendors": ["8086"]}}, "pool-of-everything"),
        ({"fast": {"links": ["a"]}}, "not-an-extended-resource"),
        ({"kubernetes.io/fast": {"links": ["a"]}}, "not-an-extended-resource"),
        ({"example.com/a.b": {"links": ["a"]}}, "not-an-extended-resource"),
        ({FAST: {"links": ["ens1f0#3-0"]}}, "not-functions"),
        ({FAST: {"links": ["ens1f0#"]}}, "not-functions"),
        ({FAST: {"links": ["a/b"]}}, "not-functions"),
        ({FAST: {"devices": ["0x154c"]}}, "not-a-pci-id"),
        ({FAST: {"links": ["a"], "drivers": ["vfio pci"]}}, "not-a-driver"),
        ({FAST: {"pciAddresses": ["3b:02.0"]}}, "not-a-pci-address"),
        ({FAST: {"links": ["a#0-3"]}, "example.com/b": {"links": ["b", "a#3"]}}, "pools-overlap"),
        ({FAST: {"links": ["a"]}, "example.com/b": {"links": ["a#3"]}}, "pools-overlap"),
    ],
)  # fmt: skip
def test_a_wrong_pool_is_refused(tmp_path: Path, pools: dict[str, Any], code: str) -> None:
    found = validated(tmp_path, config(pools))
    assert [f["code"] for f in found if f["severity"] == "error"] == [code]
    assert all(f["path"].startswith("multinet:addons.sriov.pools") for f in of(found, code))


@pytest.mark.parametrize("keys", [("drivers", "iavf", "vfio-pci"), ("devices", "154c", "1889")])
def test_pools_of_one_card_with_other_kinds_are_apart(
    tmp_path: Path, keys: tuple[str, ...]
) -> None:
    key, one, other = keys
    pools = {
        FAST: {"links": ["ens1f0"], key: [one]},
        "example.com/b": {"links": ["ens1f0"], key: [other]},
    }
    assert of(validated(tmp_path, config(pools)), "pools-overlap") == []


def test_true_alone_lacks_its_pools(tmp_path: Path) -> None:
    found = validated(tmp_path, config() | {"addons": {"sriov": True}})
    assert [f["code"] for f in found if f["severity"] == "error"] == ["no-pools"]


# --- what pods request ----------------------------------------------------------------------


@pytest.mark.parametrize("later", [False, True])
def test_a_pod_requests_a_device_for_each_of_its_networks(later: bool) -> None:
    exported: dict[str, Any] = {}

    def program() -> None:
        name: pulumi.Input[str] = pulumi.Output.from_input(FAST) if later else FAST
        fast = Network("fast", Sriov(), resource_name=name)
        other = Network("other", Sriov(), resource_name="example.com/other")
        plain = Network("plain", Sriov(device_id="0000:3d:00.1"))
        claim = Network("claim", Sriov(), resource_name="my-claim")
        made = resources(fast, other, fast, plain, claim)
        pulumi.Output.from_input(made).apply(exported.update)

    monitor.run(monitor.Monitor(), program)
    amounts = {FAST: "2", "example.com/other": "1"}
    assert exported == {"requests": amounts, "limits": amounts}


def test_networks_without_devices_request_nothing() -> None:
    exported: list[Any] = []

    def program() -> None:
        exported.append(resources(Network("plain", Sriov(device_id="0000:3d:00.1"))))

    monitor.run(monitor.Monitor(), program)
    assert exported == [{}]


def test_another_stack_tells_by_its_outputs(project: Path) -> None:
    outputs = {
        "fast": {"reference": "default/fast", "resourceName": FAST},
        "lan": {"reference": "default/lan"},
    }
    exported: list[Any] = []

    def program() -> None:
        resources_from(outputs, "fast", "lan").apply(exported.append)

    monitor.run(monitor.Monitor(), program)
    assert exported == [{"requests": {FAST: "1"}, "limits": {FAST: "1"}}]

    def wrong() -> None:
        pulumi.export("x", resources_from(outputs, "fats"))

    with pytest.raises(pulumi.RunError, match="did you mean 'fast'"):
        monitor.run(monitor.Monitor(), wrong)


# --- the real device plugin ------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("sriovdp") is None, reason="no sriovdp v3.11.0 on PATH")
def test_the_real_device_plugin_reads_its_pools_and_finds_no_devices(
    project: Path, tmp_path: Path
) -> None:
    """It is in no registry of Go modules: whoever built it puts it on PATH."""
    found = planned(project, config())
    file = tmp_path / "config.json"
    file.write_text(found["sriov-config"]["data"]["config.json"])
    (container,) = pod_of(found["sriov-daemonset"])["containers"]
    argv = [argument.replace("/etc/multinet", str(tmp_path)) for argument in container["command"]]
    # Names of PCI devices, which its image brings; without any it ends.
    names = tmp_path / "pci.ids"
    names.write_text("8086  Intel Corporation\nC 02  Network controller\n")
    environment = os.environ | {"PCIDB_PATH": str(names)}
    with (tmp_path / "log").open("w") as log:
        running = subprocess.Popen(["sriovdp", *argv[1:]], stdout=log, stderr=log, env=environment)
        try:
            read = (tmp_path / "log").read_text
            assert at_last(lambda: "All servers started." in read(), 20), read()
        finally:
            running.terminate()
            running.wait(10)
    for pool in ("fast", "dpdk"):
        assert f"skipping creating resource server for {pool}" in read()
    assert "unable to get SelectorObj" not in read()

"""`multinet import-kubespray`: five inventories; nothing is lost without a word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from multinet.cli.app import app
from multinet.kubespray import NotKubespray, convert, read
from multinet.kubespray.ansible.expressions import truth
from multinet.stack import load

INVENTORIES = Path(__file__).parent / "inventories"


def imported(path: Path, tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any], Path]:
    """The report, the written configuration, and its file."""
    file = tmp_path / "Pulumi.imported.yaml"
    result = CliRunner().invoke(app, ["import-kubespray", str(path), "-o", str(file), "--json"])
    assert result.exit_code == 0, result.output
    document = YAML(typ="safe").load(file.read_text())
    config = {k.removeprefix("multinet:"): v for k, v in document["config"].items()}
    return json.loads(result.stdout), config, file


def variables(text: str, tmp_path: Path) -> Path:
    file = tmp_path / "k8s-cluster.yml"
    file.write_text(text)
    return file


@pytest.mark.parametrize("name", ["calico", "cilium", "ipv6/k8s-cluster.yml", "jinja"])
def test_an_inventory_becomes_a_valid_environment(name: str, tmp_path: Path) -> None:
    _, _, file = imported(INVENTORIES / name, tmp_path)
    environment = load(file)
    assert environment.settings is not None, environment.findings


@pytest.mark.parametrize("name", ["calico", "cilium", "ipv6/k8s-cluster.yml", "jinja"])
def test_every_variable_is_carried_or_named(name: str, tmp_path: Path) -> None:
    report, _, _ = imported(INVENTORIES / name, tmp_path)
    named = [*report["carried"], *(x["name"] for x in report["notCarried"])]
    named += report["notAboutNetworking"]
    assert sorted(named) == sorted(read(INVENTORIES / name).given)


def test_calicos_options_are_carried(tmp_path: Path) -> None:
    report, config, _ = imported(INVENTORIES / "calico", tmp_path)
    primary = config["primaryCni"]
    assert primary["podCidrs"] == ["10.64.0.0/16"], "the pool, not the subnet that it is in"
    assert primary["mtu"] == 1440
    assert primary["calico"] == {
        "bgp": True, "encapsulation": "IPIPCrossSubnet", "poolName": "office-pool",
        "natOutgoing": False, "blockSize": 25, "dataplane": "Iptables", "apiServer": False,
        "nodeAddressAutodetection": {"interface": "eth.*"},
    }  # fmt: skip
    assert primary["values"]["installation"]["cni"]["ipam"] == {"type": "HostLocal"}
    assert config["multus"]["apiServer"] == {"host": "192.0.2.10", "port": 8443}
    lost = {x["name"] for x in report["notCarried"]}
    assert {"global_as_num", "peer_with_router", "calico_mtu", "kube_owner"} <= lost


def test_ciliums_options_are_carried_and_exclusive_is_not(tmp_path: Path) -> None:
    report, config, _ = imported(INVENTORIES / "cilium", tmp_path)
    cilium = config["primaryCni"]["cilium"]
    assert cilium["exclusive"] is False
    assert cilium["kubeProxyReplacement"] is True, "strict is an old word for it"
    assert (cilium["routingMode"], cilium["maskSize"]) == ("native", 25)
    assert config["primaryCni"]["registry"] == "mirror.example.org/quay"
    assert config["primaryCni"]["values"]["bpf"] == {"vlanBypass": [100, 200]}
    reasons = {x["name"]: x["reason"] for x in report["notCarried"]}
    assert "with Multus" in reasons["cilium_cni_exclusive"]


def test_kubesprays_own_defaults_are_written_where_ours_differ(tmp_path: Path) -> None:
    file = variables("kube_network_plugin: calico\nkube_network_plugin_multus: true\n", tmp_path)
    config = convert(read(file)).config
    assert config["multus"] == {"mode": "thin", "enabled": True, "namespaceIsolation": False}
    assert config["primaryCni"]["calico"]["poolName"] == "default-pool"
    assert config["primaryCni"]["calico"]["apiServer"] is False


def test_ipv6_gets_its_own_networks(tmp_path: Path) -> None:
    _, config, _ = imported(INVENTORIES / "ipv6" / "k8s-cluster.yml", tmp_path)
    primary = config["primaryCni"]
    assert primary["podCidrs"] == ["10.233.64.0/18", "fd85:ee78:d8a6:8607::1:0/112"]
    assert primary["serviceCidrs"] == ["10.233.0.0/18", "fd85:ee78:d8a6:8607::1000/116"]
    assert primary["calico"]["natOutgoingIpv6"] is False


def test_templates_are_named_as_they_stand(tmp_path: Path) -> None:
    report, config, file = imported(INVENTORIES / "jinja", tmp_path)
    templates = {x["name"]: x["value"] for x in report["notCarried"] if x["jinja"]}
    assert templates["kube_pods_subnet"] == "10.{{ site_number }}.0.0/16"
    assert set(templates) == {
        "kube_pods_subnet", "cilium_pool_cidr", "cilium_mtu", "cilium_extra_values",
    }  # fmt: skip
    assert config["primaryCni"]["registry"] == "mirror.example.org", "a plain reference is filled"
    assert config["primaryCni"]["podCidrs"] == ["10.233.64.0/18"]
    assert "# " in file.read_text()
    assert "10.{{ site_number }}.0.0/16" in file.read_text(), "also for whoever opens the file"
    assert set(report["notRead"]) == {"group_vars/gpu_nodes.yml", "host_vars/node1.yml"}


def test_what_multinet_refuses_is_left_out_and_named(tmp_path: Path) -> None:
    file = variables("kube_network_plugin: cilium\ncilium_version: 1.12.1\n", tmp_path)
    converted = convert(read(file))
    assert "version" not in converted.config["primaryCni"]
    (lost,) = [x for x in converted.lost if x.name == "cilium_version"]
    assert "before 1.15" in lost.reason


@pytest.mark.parametrize(("plugin", "file"), [("flannel", "10-flannel.conflist")])
def test_a_plugin_that_is_not_ours_stays_kubesprays(plugin: str, file: str, tmp_path: Path) -> None:
    config = convert(read(variables(f"kube_network_plugin: {plugin}\n", tmp_path))).config
    assert config["primaryCni"]["plugin"] == "existing"
    assert config["primaryCni"]["confFile"] == file


BROKEN = {
    "not Kubespray's": ("shop_name: tea\n", "none of Kubespray's variables"),
    "not YAML": ("kube_network_plugin: [\n", "not valid YAML"),
    "a list": ("- kube_network_plugin\n", "must be a mapping"),
    "encrypted": ("$ANSIBLE_VAULT;1.1;AES256\n61\n", "encrypted by Ansible Vault"),
    "an unknown plugin": ("kube_network_plugin: custom_cni\n", "plugin: existing"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_anything_else_is_a_clear_error_and_writes_nothing(case: str, tmp_path: Path) -> None:
    text, message = BROKEN[case]
    out = tmp_path / "Pulumi.x.yaml"
    source = variables(text, tmp_path)
    result = CliRunner().invoke(app, ["import-kubespray", str(source), "-o", str(out)])
    assert result.exit_code == 2
    assert message in result.output
    assert not out.exists()


def test_an_inventory_of_something_else_is_refused() -> None:
    with pytest.raises(NotKubespray, match="none of Kubespray's variables"):
        convert(read(INVENTORIES / "webshop"))
    with pytest.raises(NotKubespray, match="no group_vars"):
        read(INVENTORIES)


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path) -> None:
    out = tmp_path / "Pulumi.x.yaml"
    out.write_text("mine")
    source = str(INVENTORIES / "cilium")
    assert CliRunner().invoke(app, ["import-kubespray", source, "-o", str(out)]).exit_code == 2
    assert out.read_text() == "mine"
    forced = CliRunner().invoke(app, ["import-kubespray", source, "-o", str(out), "--force"])
    assert forced.exit_code == 0


def test_the_same_inventory_gives_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    first, second = (imported(INVENTORIES / "calico", tmp_path / d)[2] for d in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_later_groups_win_over_earlier_ones(tmp_path: Path) -> None:
    for group, plugin in (("all", "cilium"), ("k8s_cluster", "calico")):
        (tmp_path / "group_vars" / group).mkdir(parents=True)
        file = tmp_path / "group_vars" / group / "x.yml"
        file.write_text(f"kube_network_plugin: {plugin}\n")
    assert convert(read(tmp_path)).config["primaryCni"]["plugin"] == "calico"


@pytest.mark.parametrize(
    ("given", "meant"), [("yes", True), ("off", False), (1, True), ("x", None)]
)
def test_booleans_are_ansibles(given: Any, meant: bool | None) -> None:
    assert truth(given) is meant

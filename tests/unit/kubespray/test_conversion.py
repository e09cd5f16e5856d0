"""What becomes of variables: networking is carried over or named, piece by piece."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.kubespray.importing import Imported, imported, inventory, refused, shown

CILIUM = "kube_network_plugin: cilium\n"


def of(text: str, tmp_path: Path, *options: str) -> Imported:
    return imported(inventory(tmp_path / "x", {"group_vars/k8s_cluster.yml": text}), *options)


OVERLAPS = {
    "services inside the pods' network": (
        "kube_pods_subnet: 10.233.0.0/16\nkube_service_addresses: 10.233.0.0/18\n",
        "kube_pods_subnet",
    ),
    "services over the usual network of pods": (
        "kube_service_addresses: 10.233.0.0/16\n", "kube_service_addresses",
    ),
    "the second family": (
        "ipv6_stack: true\nkube_pods_subnet_ipv6: fd00::/112\n"
        "kube_service_addresses_ipv6: fd00::/116\n", "kube_service_addresses_ipv6",
    ),
    "a share that is larger than its network": (
        "kube_pods_subnet: 10.64.0.0/26\nkube_network_node_prefix: 24\n", "kube_pods_subnet",
    ),
    "direct routes with a tunnel": (
        "cilium_auto_direct_node_routes: true\n", "cilium_auto_direct_node_routes",
    ),
    "a value that Multus needs otherwise": (
        "cilium_extra_values: {cni: {confPath: /x, logFile: /y}}\n",
        "cilium_extra_values.cni.confPath",
    ),
    "a release that is too old": ("cilium_version: 1.12.1\n", "cilium_version"),
}  # fmt: skip


@pytest.mark.parametrize("case", OVERLAPS)
def test_one_problem_takes_out_one_value_and_the_plugin_stays(case: str, tmp_path: Path) -> None:
    text, name = OVERLAPS[case]
    also = "cilium_mtu: 1400\ncilium_enable_hubble: true\nquay_image_repo: m.example.org\n"
    found = of(CILIUM + also + text, tmp_path)
    assert found.primary["plugin"] == "cilium"
    assert found.primary["mtu"] == 1400
    assert found.primary["registry"] == "m.example.org"
    assert found.primary["cilium"]["hubble"] is True
    refusals = {n for n, why in found.lost().items() if "multinet refuses it" in why}
    assert refusals == {name}, found.report["notCarried"]


def test_what_is_taken_out_of_the_chart_values_is_listed_and_the_rest_stays(tmp_path: Path) -> None:
    found = of(CILIUM + """\
cilium_enable_bpf_masquerade: true
cilium_extra_values:
  cni: {exclusive: true, install: false, logFile: /var/log/cni.log}
  bpf: {vlanBypass: [100, 200]}
  hubble: {enabled: no}
""", tmp_path)  # fmt: skip
    assert found.primary["values"] == {
        "bpf": {"masquerade": True, "vlanBypass": [100, 200]},
        "cni": {"logFile": "/var/log/cni.log"},
        "hubble": {"enabled": False},
    }
    lost = {one["name"]: one for one in found.report["notCarried"]}
    assert set(lost) == {"cilium_extra_values.cni.exclusive", "cilium_extra_values.cni.install"}
    assert lost["cilium_extra_values.cni.exclusive"]["value"] == "true"
    assert lost["cilium_extra_values.cni.exclusive"]["source"] == "group_vars/k8s_cluster.yml:3"
    assert found.report["carried"]["cilium_extra_values"] == "primaryCni.values"


def test_a_chart_value_wins_over_the_variable_of_the_same_thing(tmp_path: Path) -> None:
    text = "cilium_cluster_name: east\ncilium_extra_values: {cluster: {name: west}}\n"
    found = of(CILIUM + text, tmp_path)
    assert found.primary["values"] == {"cluster": {"name": "west"}}
    assert found.lost() == {"cilium_cluster_name": "cilium_extra_values is there too, and wins"}


NETWORKING = {
    "peers: [{router_id: 192.0.2.1, as: 65000}]": "BGPPeer",
    "peer_with_router: true": "BGPPeer",
    "local_as: 65001": "BGPPeer",
    "cluster_id: 1.0.0.1": "BGPPeer",
    "calico_rr_id: rr1": "BGPPeer",
    "calico_advertise_cluster_ips: true": "BGPConfiguration",
    "calico_bgp_listen_port: 180": "BGPConfiguration",
    "calico_ipam_strictaffinity: true": "IPAMConfiguration",
    "ipip: true": "calico_ipip_mode",
    "ipip_mode: CrossSubnet": "calico_ipip_mode",
    "kube_proxy_mode: nftables": "kube-proxy is the cluster's",
    "kube_proxy_nodeport_addresses: [10.0.0.0/8]": "kube-proxy is the cluster's",
    "enable_network_policy: false": "keep NetworkPolicies on",
    "calico_node_image_repo: m.example.org/calico/node": "primaryCni.registry",
    "calico_endpoint_to_host_action: DROP": "sets it: ACCEPT",
    "typha_replicas: 3": "it always runs Typha",
    "calico_unheard_of: 1": "no key",
}


@pytest.mark.parametrize("line", NETWORKING)
def test_what_is_pod_networking_is_named_with_its_reason(line: str, tmp_path: Path) -> None:
    found = of(f"kube_network_plugin: calico\n{line}\n", tmp_path)
    name = line.partition(":")[0]
    assert NETWORKING[line] in found.lost()[name]
    assert found.report["notAboutNetworking"] == []


FELIX = {
    "calico_vxlan_vni: 4097": {"vxlanVNI": 4097},
    "calico_vxlan_port: 4790": {"vxlanPort": 4790},
    "calico_wireguard_enabled: true": {"wireguardEnabled": True},
    "calico_bpf_log_level: Debug": {"bpfLogLevel": "Debug"},
    "calico_bpf_service_mode: DSR": {"bpfExternalServiceMode": "DSR"},
    "calico_feature_detect_override: ChecksumOffloadBroken=false":
        {"featureDetectOverride": "ChecksumOffloadBroken=false"},
    "calico_felix_chaininsertmode: Append": {"chainInsertMode": "Append"},
    "calico_felix_floating_ips: Enabled": {"floatingIPs": "Enabled"},
    "calico_felix_log_severity_screen: Debug": {"logSeverityScreen": "Debug"},
    "calico_loglevel: warning": {"logSeverityScreen": "Warning"},
    "calico_felix_mtu_iface_pattern: ^ens.*": {"mtuIfacePattern": "^ens.*"},
    "calico_felix_prometheusmetricsenabled: yes": {"prometheusMetricsEnabled": True},
    "calico_felix_prometheusmetricsport: 9092": {"prometheusMetricsPort": 9092},
    "calico_felix_reporting_interval: 60s": {"reportingInterval": "60s"},
    "calico_healthhost: 0.0.0.0": {"healthHost": "0.0.0.0"},
    "calico_iptables_backend: NFT": {"iptablesBackend": "NFT"},
    "calico_iptables_lock_timeout_secs: 20": {"iptablesLockTimeout": "20s"},
    "calico_usage_reporting: false": {"usageReportingEnabled": False},
}  # fmt: skip


@pytest.mark.parametrize("line", FELIX)
def test_felixs_variables_go_where_the_chart_takes_them(line: str, tmp_path: Path) -> None:
    """The chart makes FelixConfiguration of `defaultFelixConfiguration`, if that is enabled."""
    values = of(f"kube_network_plugin: calico\n{line}\n", tmp_path).primary["values"]
    assert values == {"defaultFelixConfiguration": {**FELIX[line], "enabled": True}}


def test_variables_of_plugins_that_are_not_in_use_are_one_line(tmp_path: Path) -> None:
    kube_ovn = "".join(f"kube_ovn_x{i}: {i}\n" for i in range(24))
    text = CILIUM + kube_ovn + "calico_pool_blocksize: 26\nmacvlan_interface: eth1\n"
    path = inventory(tmp_path / "x", {"group_vars/all.yml": text})
    found = imported(path)
    assert found.lost() == {}
    assert {k: len(v) for k, v in found.report["notInUse"].items()} == {
        "kube-ovn": 24, "calico": 1, "macvlan": 1,
    }  # fmt: skip
    told = [line for line in shown(path).splitlines() if "not in use" in line]
    assert len(told) == 1
    assert "24 variables of kube-ovn" in told[0]
    assert "kube_ovn_x1" not in found.text


def test_one_reason_of_many_variables_is_said_once(tmp_path: Path) -> None:
    text = "kube_network_plugin: calico\n" + "".join(f"calico_x{i}: {i}\n" for i in range(20))
    said = shown(inventory(tmp_path / "x", {"group_vars/all.yml": text}))
    assert said.count("multinet has no key for it") == 1
    assert said.count("calico_x") == 20


EXISTING = {
    "flannel": "10-flannel.conflist",
    "kube-ovn": "01-kube-ovn.conflist",
    "kube-router": "10-kuberouter.conflist",
    "macvlan": "10-macvlan.conf",
    "weave": "10-weave.conflist",
    "kube-ovn\nkube_ovn_cni_config_priority: '05'": "05-kube-ovn.conflist",
    "custom_cni\ncustom_cni_chart_ref: cilium/cilium": "05-cilium.conflist",
    'custom_cni\ncustom_cni_manifests: ["{{ playbook_dir }}/x/flannel.yml"]': "10-flannel.conflist",
}


@pytest.mark.parametrize("plugin", EXISTING)
def test_a_plugin_that_is_not_ours_stays_kubesprays(plugin: str, tmp_path: Path) -> None:
    found = of(f"kube_network_plugin: {plugin}\n", tmp_path)
    assert found.primary["plugin"] == "existing"
    assert found.primary["confFile"] == EXISTING[plugin]


@pytest.mark.parametrize("plugin", ["cni", "cloud", "custom_cni", "contiv"])
def test_a_plugin_whose_file_only_the_user_knows_is_asked_for(plugin: str, tmp_path: Path) -> None:
    text = f"kube_network_plugin: {plugin}\n"
    path = inventory(tmp_path / "x", {"group_vars/all.yml": text})
    assert "--conf-file" in refused(path)
    found = imported(path, "--conf-file", "10-mine.conflist")
    assert found.primary["confFile"] == "10-mine.conflist"


def test_cilium_without_kube_proxy_reaches_the_api_as_kubesprays_nodes_do(tmp_path: Path) -> None:
    alone = of(CILIUM + "cilium_kube_proxy_replacement: true\n", tmp_path / "a")
    assert alone.config["multus"]["apiServer"] == {"host": "localhost", "port": 6443}
    assert "api-server-unknown" not in alone.findings
    balanced = of(
        CILIUM + "kube_proxy_remove: true\nkube_apiserver_port: 8443\n"
        "loadbalancer_apiserver: {address: 192.0.2.9}\n", tmp_path / "b",
    )  # fmt: skip
    assert balanced.config["multus"]["apiServer"] == {"host": "192.0.2.9", "port": 8443}


def test_hubbles_page_comes_with_hubble_as_kubespray_has_it(tmp_path: Path) -> None:
    found = of(CILIUM + "cilium_enable_hubble: true\n", tmp_path / "a")
    assert found.primary["values"] == {"hubble": {"ui": {"enabled": True}}}
    without = of(CILIUM + "cilium_enable_hubble: true\ncilium_enable_hubble_ui: no\n",
                 tmp_path / "b")  # fmt: skip
    assert "values" not in without.primary


def test_what_says_nothing_new_is_not_written(tmp_path: Path) -> None:
    found = of(CILIUM + "cilium_l2announcements: false\ncilium_mtu: '0'\ncilium_cluster_id: 0\n",
               tmp_path)  # fmt: skip
    assert "values" not in found.primary
    assert found.report["carried"]["cilium_cluster_id"] == "(as it is anyway)"
    assert found.lost() == {}


@pytest.mark.parametrize("value", ["'{{ cni_of_choice }}'", "!vault x", "[calico]"])
def test_a_primary_cni_that_cannot_be_told_is_asked_for(value: str, tmp_path: Path) -> None:
    """All the rest hangs on it: Kubespray's default is no answer."""
    text = f"kube_network_plugin: {value}\ncilium_mtu: 9000\n"
    path = inventory(tmp_path / "x", {"group_vars/all.yml": text})
    assert "--extra-vars kube_network_plugin=NAME" in refused(path)
    assert imported(path, "-e", "kube_network_plugin=cilium").primary["mtu"] == 9000

"""The parity table: current in docs/, and true of the conversion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from multinet.kubespray.parity import BY_NAME, NOTHING, ROWS, table
from tests.unit.kubespray.importing import imported


def test_the_table_in_docs_is_current(project: Path) -> None:
    text = (project / "docs" / "kubespray.md").read_text(encoding="utf-8")
    assert table() in text, "run: python -m multinet.kubespray.parity"


def test_no_variable_is_there_twice() -> None:
    assert len(BY_NAME) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_says_what_there_is_or_why_not(row: object) -> None:
    assert row.ours != NOTHING or row.why  # type: ignore[attr-defined]


# A value that is not the default, for every variable that has a key of ours.
OTHER = {
    "kube_network_plugin_multus": "true", "kube_pods_subnet": "10.64.0.0/16",
    "kube_service_addresses": "10.96.0.0/16", "kube_network_node_prefix": "25",
    "ipv4_stack": "true", "ipv6_stack": "true", "enable_dual_stack_networks": "true",
    "kube_pods_subnet_ipv6": "fd01::/112", "kube_service_addresses_ipv6": "fd02::/116",
    "kube_network_node_prefix_ipv6": "121", "kube_proxy_remove": "true",
    "loadbalancer_apiserver": "{address: 192.0.2.1, port: 443}",
    "quay_image_repo": "m.example.org", "github_image_repo": "m.example.org",
    "multus_namespace_isolation": "true", "multus_image_tag": "v4.3.0",
    "multus_image_repo": "m.example.org/k8snetworkplumbingwg/multus-cni",
    "multus_cni_conf_dir_host": "/etc/cni/other.d", "multus_cni_bin_dir_host": "/opt/other/bin",
    "calico_version": "3.31.6", "calico_network_backend": "bird",
    "calico_vxlan_mode": "CrossSubnet", "calico_ipip_mode": "Always",
    "calico_vxlan_mode_ipv6": "CrossSubnet", "calico_pool_cidr": "10.233.64.0/20",
    "calico_pool_cidr_ipv6": "fd85:ee78:d8a6:8607::1:0/113", "calico_pool_name": "p",
    "calico_pool_blocksize": "25", "calico_pool_blocksize_ipv6": "121", "nat_outgoing": "false",
    "nat_outgoing_ipv6": "true", "calico_mtu": "1400", "calico_veth_mtu": "1401",
    "calico_ipam_host_local": "true", "calico_ip_auto_method": "can-reach=192.0.2.1",
    "calico_ip6_auto_method": "interface=eth1", "calico_vxlan_vni": "4097",
    "calico_vxlan_port": "4790", "calico_wireguard_enabled": "true",
    "calico_bpf_enabled": "true", "calico_nftable_mode": "Enabled",
    "calico_apiserver_enabled": "true", "cilium_version": "1.20.1",
    "cilium_cni_exclusive": "false", "cilium_kube_proxy_replacement": "true",
    "cilium_tunnel_mode": "geneve", "cilium_ipam_mode": "kubernetes",
    "cilium_pool_cidr": "10.233.64.0/20", "cilium_pool_mask_size": "26",
    "cilium_pool_cidr_ipv6": "fd85:ee78:d8a6:8607::1:0/113",
    "cilium_pool_mask_size_ipv6": "121", "cilium_mtu": '"9000"',
    "cilium_enable_portmap": "true", "cilium_native_routing_cidr": "10.233.64.0/18",
    "cilium_native_routing_cidr_ipv6": "fd85::/16",
    "cilium_auto_direct_node_routes": "true", "cilium_operator_replicas": "3",
    "cilium_enable_hubble": "true", "cilium_encryption_enabled": "true",
    "cilium_encryption_type": "wireguard", "cilium_cluster_id": "3",
    "cilium_cluster_name": "east", "cilium_enable_bpf_masquerade": "true",
    "cilium_extra_values": "{debug: {enabled: true}}",
    "kube_apiserver_port": "8443", "loadbalancer_apiserver_localhost": "yes",
    "loadbalancer_apiserver_port": "8443", "calico_allow_ip_forwarding": "true",
    "calico_bpf_log_level": "Debug", "calico_bpf_service_mode": "DSR",
    "calico_feature_detect_override": "ChecksumOffloadBroken=false",
    "calico_felix_chaininsertmode": "Append", "calico_felix_floating_ips": "Enabled",
    "calico_felix_log_severity_screen": "Debug", "calico_loglevel": "warning",
    "calico_felix_mtu_iface_pattern": "^ens.*", "calico_felix_prometheusmetricsenabled": "true",
    "calico_felix_prometheusmetricsport": "9092",
    "calico_felix_prometheusgometricsenabled": "false",
    "calico_felix_prometheusprocessmetricsenabled": "no",
    "calico_felix_reporting_interval": "60s", "calico_healthhost": "0.0.0.0",
    "calico_iptables_backend": "NFT", "calico_iptables_lock_timeout_secs": "20",
    "calico_usage_reporting": "true", "cilium_enable_hubble_ui": "true",
    "cilium_hubble_metrics": "[dns, drop]", "cilium_encryption_node_encryption": "true",
    "cilium_enable_host_legacy_routing": "true", "cilium_monitor_aggregation": "none",
    "cilium_preallocate_bpf_maps": "true", "cilium_bpf_map_dynamic_size_ratio": "0.005",
    "cilium_enable_ipv4_masquerade": "false", "cilium_enable_ipv6_masquerade": "false",
    "cilium_ip_masq_agent_enable": "true", "cilium_loadbalancer_mode": "dsr",
    "cilium_enable_bandwidth_manager": "true", "cilium_enable_bandwidth_manager_bbr": "true",
    "cilium_enable_host_firewall": "true", "cilium_policy_audit_mode": "true",
    "cilium_gateway_api_enabled": "true", "cilium_l2announcements": "true",
    "cilium_enable_bgp_control_plane": "true",
    "cilium_dns_proxy_enable_transparent_mode": "false", "cilium_enable_prometheus": "true",
    "cilium_agent_scrape_port": "9972", "cilium_operator_scrape_port": "9973",
    "cilium_agent_health_port": "9880", "cilium_debug": "true",
    "cilium_cgroup_auto_mount": "false", "cilium_cgroup_host_root": "/sys/fs/cgroup",
    "cilium_cni_log_file": "/var/log/cni.log", "cilium_memory_limit": "1G",
    "cilium_cpu_limit": "1", "cilium_memory_requests": "128M", "cilium_cpu_requests": "200m",
    "cilium_agent_extra_args": "[--debug]", "cilium_operator_extra_args": "[--debug]",
    "cilium_agent_extra_volumes": "[{name: x, emptyDir: {}}]",
    "cilium_agent_extra_volume_mounts": "[{name: x, mountPath: /x}]",
    "cilium_operator_tolerations": "[{operator: Exists}]",
    "cilium_config_extra_vars": "{x: y}",
}  # fmt: skip
WITH = {
    "cilium_auto_direct_node_routes": "cilium_tunnel_mode: disabled\n"
    "cilium_native_routing_cidr: 10.0.0.0/8\n",
    "calico_ipip_mode": "calico_network_backend: bird\n",
    "calico_bpf_enabled": "loadbalancer_apiserver: {address: 192.0.2.1, port: 6443}\n",
    "cilium_enable_hubble_ui": "cilium_enable_hubble: true\n",
    "kube_apiserver_port": "loadbalancer_apiserver: {address: 192.0.2.1}\n",
    "loadbalancer_apiserver_localhost": "cilium_kube_proxy_replacement: true\n",
    "loadbalancer_apiserver_port": "cilium_kube_proxy_replacement: true\n",
}
# Keys that are written in another way than the table's one word for them.
AS = {
    "loadbalancer_apiserver": "multus.apiServer.port",
    "cilium_tunnel_mode": "primaryCni.cilium.tunnelProtocol",
    "multus_image_repo": "multus.registry",
}


def test_every_row_with_a_key_of_ours_is_tried() -> None:
    # calico_ipip_mode_ipv6 must be Never, which is its default.
    carried = {row.name for row in ROWS if row.ours != NOTHING}
    assert carried - set(OTHER) == {"kube_network_plugin", "calico_ipip_mode_ipv6"}


@pytest.mark.parametrize("name", OTHER)
def test_a_row_with_a_key_is_carried_to_that_key(name: str, tmp_path: Path) -> None:
    row = BY_NAME[name]
    cilium = (
        name.startswith(("cilium_", "loadbalancer_apiserver_"))
        or ".cilium." in row.ours
        or "cilium" in WITH.get(name, "")
    )
    lines = f"kube_network_plugin: {'cilium' if cilium else 'calico'}\n" + WITH.get(name, "")
    if ("ipv6" in name and name != "ipv6_stack") or name == "calico_ip6_auto_method":
        lines += "ipv6_stack: true\n"
    file = tmp_path / "all.yml"
    file.write_text(f"{lines}{name}: {OTHER[name]}\n")
    found = imported(file)
    assert found.report["carried"].get(name) == AS.get(name, row.ours), found.lost()
    there: Any = found.config
    for step in AS.get(name, row.ours).split("."):
        assert step in there
        there = there[step]
    if row.read is not None:
        assert there == row.read(YAML(typ="safe").load(OTHER[name])), "as the row reads it"

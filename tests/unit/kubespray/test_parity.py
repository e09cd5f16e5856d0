"""The parity table: current in docs/, and true of the conversion."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from multinet.kubespray import convert, read
from multinet.kubespray.parity import BY_NAME, NOTHING, ROWS, table


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
}  # fmt: skip
WITH = {
    "cilium_auto_direct_node_routes": "cilium_tunnel_mode: disabled\n"
    "cilium_native_routing_cidr: 10.0.0.0/8\n",
    "cilium_encryption_type": "cilium_encryption_enabled: true\n",
    "calico_ipip_mode": "calico_network_backend: bird\n",
    "calico_bpf_enabled": "loadbalancer_apiserver: {address: 192.0.2.1, port: 6443}\n",
}


def test_every_row_with_a_key_of_ours_is_tried() -> None:
    # calico_ipip_mode_ipv6 must be Never, which is its default.
    carried = {row.name for row in ROWS if row.ours != NOTHING}
    assert carried - set(OTHER) == {"kube_network_plugin", "calico_ipip_mode_ipv6"}


@pytest.mark.parametrize("name", OTHER)
def test_a_row_with_a_key_is_carried_to_that_key(name: str, tmp_path: Path) -> None:
    row = BY_NAME[name]
    cilium = name.startswith("cilium_") or ".cilium." in row.ours
    lines = f"kube_network_plugin: {'cilium' if cilium else 'calico'}\n"
    lines += WITH.get(name, "")
    if ("ipv6" in name and name != "ipv6_stack") or name == "calico_ip6_auto_method":
        lines += "ipv6_stack: true\n"
    file = tmp_path / "all.yml"
    file.write_text(f"{lines}{name}: {OTHER[name]}\n")
    converted = convert(read(file))
    assert name in converted.carried, [x for x in converted.lost if x.name == name]
    first = re.split(r", | or ", row.ours)
    assert any(converted.carried[name].startswith(key) or key.startswith(converted.carried[name])
               for key in first) or "cilium.routingMode" in converted.carried[name]  # fmt: skip

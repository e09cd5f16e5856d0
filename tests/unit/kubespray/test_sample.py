"""Inventories of the shape of Kubespray's own sample, alone and under its CI's variants."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.kubespray.importing import imported, inventory, shown

EMPTY = "---\n## Uncomment to have it otherwise\n# some_provider_setting: value\n"
SAMPLE = {
    "inventory.ini": """\
        # All of it is an example to be filled in.
        [kube_control_plane]
        # first ansible_host=192.0.2.1 ip=198.51.100.1 etcd_member_name=etcd1

        [etcd:children]
        kube_control_plane

        [kube_node]
        # second ansible_host=192.0.2.2
        """,
    **{
        f"group_vars/all/{name}.yml": EMPTY
        for name in ("aws", "azure", "coreos", "cri-o", "gcp", "hcloud", "oci", "offline", "vsphere")
    },
    "group_vars/all/all.yml": """\
        ---
        bin_dir: /usr/local/bin
        loadbalancer_apiserver_port: 6443
        loadbalancer_apiserver_healthcheck_port: 8081
        no_proxy_exclude_workers: false
        ntp_enabled: false
        """,
    "group_vars/all/docker.yml": "---\ndocker_iptables_enabled: \"false\"\n",
    "group_vars/all/etcd.yml": "---\netcd_data_dir: /var/lib/etcd\n",
    "group_vars/k8s_cluster/addons.yml": "---\nhelm_enabled: false\nmetallb_enabled: false\n",
    "group_vars/k8s_cluster/k8s-cluster.yml": """\
        ---
        kube_config_dir: /etc/kubernetes
        kube_cert_dir: "{{ kube_config_dir }}/ssl"
        credentials_dir: "{{ inventory_dir }}/credentials"
        kube_owner: kube
        kube_network_plugin: calico
        kube_network_plugin_multus: false
        kube_service_addresses: 10.233.0.0/18
        kube_pods_subnet: 10.233.64.0/18
        kube_network_node_prefix: 24
        kube_service_addresses_ipv6: fd85:ee78:d8a6:8607::1000/116
        kube_pods_subnet_ipv6: fd85:ee78:d8a6:8607::1:0000/112
        kube_network_node_prefix_ipv6: 120
        kube_apiserver_port: 6443
        kube_proxy_mode: ipvs
        kube_proxy_strict_arp: false
        kube_proxy_nodeport_addresses: >-
          {%- if some_addresses is defined -%} [{{ some_addresses }}] {%- else -%} [] {%- endif -%}
        cluster_name: cluster.local
        dns_domain: "{{ cluster_name }}"
        container_manager: containerd
        """,
    "group_vars/k8s_cluster/k8s-net-calico.yml": """\
        ---
        calico_cni_name: k8s-pod-network
        # nat_outgoing: true
        calico_pool_blocksize: 26
        """,
    "group_vars/k8s_cluster/k8s-net-cilium.yml": "---\ncilium_l2announcements: false\n",
    "group_vars/k8s_cluster/k8s-net-custom-cni.yml": EMPTY,
    "group_vars/k8s_cluster/k8s-net-flannel.yml": EMPTY,
    "group_vars/k8s_cluster/k8s-net-kube-router.yml": EMPTY,
    "group_vars/k8s_cluster/k8s-net-macvlan.yml": "---\nmacvlan_interface: eth1\n",
    "group_vars/k8s_cluster/k8s-net-kube-ovn.yml": "---\n"
    + "".join(f"kube_ovn_setting_{i}: {i}\n" for i in range(24)),
    "group_vars/k8s_cluster/kube_control_plane.yml": "# no document at all\n",
}  # fmt: skip
# What a run of the CI says on top → the primary CNI that comes of it.
VARIANTS = {
    "nothing of networking": ("mode: ha\nauto_renew_certificates: true\n", "calico"),
    "another engine": ("container_manager: crio\n", "calico"),
    "eBPF": ("calico_bpf_enabled: true\nloadbalancer_apiserver_localhost: true\n", "calico"),
    "WireGuard": ("calico_wireguard_enabled: true\nkube_proxy_mode: iptables\n", "calico"),
    "etcd as the datastore": ("calico_datastore: \"etcd\"\nkube_proxy_mode: nftables\n", "calico"),
    "BGP, with an old name": (
        "ipip: false\ncalico_vxlan_mode: Always\ncalico_network_backend: bird\n"
        "calico_pool_blocksize: 24\n", "calico",
    ),
    "both families": ("ipv4_stack: true\nipv6_stack: true\n", "calico"),
    "IPv6 alone": ("ipv4_stack: false\nipv6_stack: true\n", "calico"),
    "Cilium": ("kube_network_plugin: cilium\nkube_owner: root\n", "cilium"),
    "Cilium without kube-proxy": (
        "kube_network_plugin: cilium\ncilium_kube_proxy_replacement: true\n"
        "enable_network_policy: true\n", "cilium",
    ),
    "Cilium without kube-proxy, and without a proxy to the API": (
        "kube_network_plugin: cilium\ncilium_kube_proxy_replacement: true\n"
        "loadbalancer_apiserver_localhost: false\n", "cilium",
    ),
    "flannel": ("kube_network_plugin: flannel\n", "existing"),
    "kube-ovn": ("kube_network_plugin: kube-ovn\n", "existing"),
    "kube-router": (
        "kube_network_plugin: \"kube-router\"\nkube_router_run_service_proxy: true\n", "existing",
    ),
    "macvlan": ("kube_network_plugin: macvlan\nmacvlan_interface: eth0\n", "existing"),
    "a CNI of one's own, as manifests": (
        "kube_network_plugin: custom_cni\n"
        "custom_cni_manifests: [\"{{ playbook_dir }}/files/cilium.yaml\"]\n", "existing",
    ),
    "a CNI of one's own, as a chart": (
        "kube_network_plugin: custom_cni\ncustom_cni_chart_release_name: cilium\n"
        "custom_cni_chart_values: {ipam: {x: [\"{{ kube_pods_subnet }}\"]}}\n", "existing",
    ),
}  # fmt: skip


def test_the_sample_as_it_is(tmp_path: Path) -> None:
    path = inventory(tmp_path / "sample", SAMPLE)
    found = imported(path)
    assert found.primary["plugin"] == "calico"
    assert found.findings == ["namespaces-not-isolated"], "Kubespray isolates none"
    assert found.report["notRead"] == {}
    assert set(found.lost()) == {
        "kube_owner", "kube_network_plugin_multus", "kube_service_addresses_ipv6",
        "kube_pods_subnet_ipv6", "kube_proxy_nodeport_addresses",
    }  # fmt: skip
    assert len(shown(path).splitlines()) < 20


def test_the_local_sample_whose_group_vars_are_a_link(tmp_path: Path) -> None:
    inventory(tmp_path / "sample", SAMPLE)
    local = inventory(tmp_path / "local", {
        "hosts.ini": "n ansible_connection=local x={{ansible_env.HOME}}/y\n[kube_node]\nn\n",
    })  # fmt: skip
    (local / "group_vars").symlink_to("../sample/group_vars")
    assert imported(local).primary == imported(tmp_path / "sample").primary


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_on_top_of_the_sample(variant: str, tmp_path: Path) -> None:
    text, plugin = VARIANTS[variant]
    (tmp_path / "variant.yml").write_text(f"---\n# Instance\ncloud_image: debian-12\n{text}")
    path = inventory(tmp_path / "sample", SAMPLE)
    found = imported(path, "--extra-vars", f"@{tmp_path}/variant.yml")
    assert found.primary["plugin"] == plugin
    for line in text.splitlines():
        name = line.partition(":")[0]
        everything = [*found.report["carried"], *found.lost(), *found.report["notAboutNetworking"]]
        everything += [n for names in found.report["notInUse"].values() for n in names]
        assert name in everything, "carried, or named"


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_variant_alone(variant: str, tmp_path: Path) -> None:
    text, plugin = VARIANTS[variant]
    path = tmp_path / "variant.yml"
    path.write_text(f"---\n# Instance\ncloud_image: debian-12\n{text}")
    assert imported(path).primary["plugin"] == plugin

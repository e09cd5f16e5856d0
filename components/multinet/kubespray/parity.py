"""Kubespray's variables of pod networking, one by one: what each is here.

Read from Kubespray v2.31.0-96: roles/kubespray_defaults, roles/network_plugin/{calico_defaults,
cilium,multus}/defaults. The table in docs/kubespray.md is made of this one.
"""

from __future__ import annotations

import dataclasses
from typing import Final

NOTHING: Final = "–"


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One variable.

    Attributes:
        name, default, meaning: Kubespray's.
        ours: the key under `multinet:`; NOTHING where there is none.
        sets: what the key sets in the chart or manifest.
        why: where there is no key: why not.
    """

    name: str
    default: str
    meaning: str
    ours: str = NOTHING
    sets: str = NOTHING
    why: str = ""


_POOL = "installation.calicoNetwork.ipPools[]"
_FELIX = "values.defaultFelixConfiguration"
_OPERATOR = "Calico's operator decides it"

CLUSTER: Final = (
    Row("kube_network_plugin", "calico", "primary CNI", "primaryCni.plugin", "which chart"),
    Row("kube_network_plugin_multus", "false", "Multus", "multus.enabled", "all of Multus",
        "multinet is there for Multus: it is on unless you turn it off"),
    Row("kube_pods_subnet", "10.233.64.0/18", "pod network", "primaryCni.podCidrs",
        f"calico: {_POOL}.cidr; cilium: ipam.operator.clusterPoolIPv4PodCIDRList"),
    Row("kube_service_addresses", "10.233.0.0/18", "service network", "primaryCni.serviceCidrs",
        "nothing: checked against the others"),
    Row("kube_network_node_prefix", "24", "a node's share", "primaryCni.cilium.maskSize",
        "ipam.operator.clusterPoolIPv4MaskSize",
        "Calico's address management has blocks, not node shares: calico.blockSize"),
    Row("ipv4_stack", "true", "IPv4", "primaryCni.podCidrs", "whether it holds IPv4"),
    Row("ipv6_stack", "false", "IPv6", "primaryCni.podCidrs", "whether it holds IPv6"),
    Row("enable_dual_stack_networks", "false", "old name of ipv6_stack", "primaryCni.podCidrs",
        "whether it holds IPv6"),
    Row("kube_pods_subnet_ipv6", "fd85:ee78:d8a6:8607::1:0000/112", "pod network, IPv6",
        "primaryCni.podCidrs", "as IPv4"),
    Row("kube_service_addresses_ipv6", "fd85:ee78:d8a6:8607::1000/116", "service network, IPv6",
        "primaryCni.serviceCidrs", "nothing: checked against the others"),
    Row("kube_network_node_prefix_ipv6", "120", "a node's share, IPv6",
        "primaryCni.cilium.maskSizeIpv6", "ipam.operator.clusterPoolIPv6MaskSize",
        "Calico's address management has blocks, not node shares: calico.blockSizeIpv6"),
    Row("kube_owner", "kube", "owner of the CNI directories",
        why="the directories belong to root, as Cilium requires"),
    Row("kube_proxy_remove", "false", "a cluster without kube-proxy",
        "primaryCni.cilium.kubeProxyReplacement", "kubeProxyReplacement",
        "kube-proxy is the cluster's: multinet neither installs nor removes it"),
    Row("cni_version", "1.9.1", "reference plugins on nodes",
        why="multinet pins the reference plugins itself"),
    Row("loadbalancer_apiserver", "undefined", "the API server from outside", "multus.apiServer",
        "k8sServiceHost and k8sServicePort, or kubernetesServiceEndpoint"),
    Row("quay_image_repo", "quay.io", "mirror of quay.io", "primaryCni.registry",
        "every image of the primary"),
    Row("github_image_repo", "ghcr.io", "mirror of ghcr.io", "multus.registry", "Multus's image"),
)  # fmt: skip

MULTUS: Final = (
    Row("multus_namespace_isolation", "false", "networks of a pod's own namespace only",
        "multus.namespaceIsolation", "--namespace-isolation, or namespaceIsolation"),
    Row("multus_version", "4.2.2", "release",
        why="multinet's manifests go with the release that it pins"),
    Row("multus_image_repo", "ghcr.io/k8snetworkplumbingwg/multus-cni", "image without tag",
        "multus.registry or multus.image", "the containers' image"),
    Row("multus_image_tag", "v4.2.2", "the image's tag", "multus.image", "the containers' image"),
    Row("multus_conf_file", "auto", "a hand-written configuration",
        why="Multus makes its configuration from primaryCni.confFile"),
    Row("multus_cni_conf_dir_host", "/etc/cni/net.d", "configurations on nodes",
        "multus.cniConfDir", "the mount; cni.confPath or installation.cni.confDir"),
    Row("multus_cni_bin_dir_host", "/opt/cni/bin", "plugins on nodes", "multus.cniBinDir",
        "the mount; cni.binPath or installation.cni.binDir"),
    Row("multus_cni_run_dir_host", "/run", "runtime state on nodes",
        why="Multus's manifests use /run"),
    Row("multus_kubeconfig_file_host", "/etc/cni/net.d/multus.d/multus.kubeconfig",
        "Multus's credential", why="it stands in multus.d of cniConfDir"),
)  # fmt: skip

CALICO: Final = (
    Row("calico_version", "Kubespray's", "release", "primaryCni.version", "the chart's version"),
    Row("calico_cni_name", "k8s-pod-network", "name of the network", why=_OPERATOR),
    Row("calico_network_backend", "vxlan", "bird spreads routes by BGP", "primaryCni.calico.bgp",
        "installation.calicoNetwork.bgp"),
    Row("calico_vxlan_mode", "Always", "VXLAN between nodes", "primaryCni.calico.encapsulation",
        f"{_POOL}.encapsulation"),
    Row("calico_ipip_mode", "Never", "IPIP between nodes", "primaryCni.calico.encapsulation",
        f"{_POOL}.encapsulation"),
    Row("calico_vxlan_mode_ipv6", "Always", "VXLAN between nodes, IPv6",
        "primaryCni.calico.encapsulationIpv6", f"{_POOL}.encapsulation"),
    Row("calico_ipip_mode_ipv6", "Never", "must be Never",
        "primaryCni.calico.encapsulationIpv6", f"{_POOL}.encapsulation"),
    Row("calico_pool_cidr", "kube_pods_subnet", "the pool", "primaryCni.podCidrs",
        f"{_POOL}.cidr"),
    Row("calico_pool_cidr_ipv6", "kube_pods_subnet_ipv6", "the pool, IPv6", "primaryCni.podCidrs",
        f"{_POOL}.cidr"),
    Row("calico_pool_name", "default-pool", "the pool's name", "primaryCni.calico.poolName",
        f"{_POOL}.name"),
    Row("calico_pool_blocksize", "26", "a block", "primaryCni.calico.blockSize",
        f"{_POOL}.blockSize"),
    Row("calico_pool_blocksize_ipv6", "122", "a block, IPv6", "primaryCni.calico.blockSizeIpv6",
        f"{_POOL}.blockSize"),
    Row("nat_outgoing", "true", "masquerade what leaves", "primaryCni.calico.natOutgoing",
        f"{_POOL}.natOutgoing"),
    Row("nat_outgoing_ipv6", "false", "the same, IPv6", "primaryCni.calico.natOutgoingIpv6",
        f"{_POOL}.natOutgoing"),
    Row("calico_mtu", "found by itself", "MTU", "primaryCni.mtu",
        "installation.calicoNetwork.mtu"),
    Row("calico_veth_mtu", "found by itself", "MTU of pods; wins over calico_mtu",
        "primaryCni.mtu", "installation.calicoNetwork.mtu"),
    Row("calico_datastore", "kdd", "where Calico keeps its state",
        why="Calico's operator knows the Kubernetes datastore only"),
    Row("calico_ipam_host_local", "false", "host-local instead of Calico's addresses",
        "primaryCni.values.installation.cni.ipam", "installation.cni.ipam.type HostLocal"),
    Row("calico_ip_auto_method", "first-found", "which address of a node",
        "primaryCni.calico.nodeAddressAutodetection",
        "installation.calicoNetwork.nodeAddressAutodetectionV4"),
    Row("calico_ip6_auto_method", "first-found", "which address of a node, IPv6",
        "primaryCni.values.installation.calicoNetwork.nodeAddressAutodetectionV6",
        "installation.calicoNetwork.nodeAddressAutodetectionV6"),
    Row("calico_vxlan_vni", "4096", "VXLAN's network identifier", f"primaryCni.{_FELIX}.vxlanVNI",
        "FelixConfiguration"),
    Row("calico_vxlan_port", "4789", "VXLAN's port", f"primaryCni.{_FELIX}.vxlanPort",
        "FelixConfiguration"),
    Row("calico_wireguard_enabled", "false", "encryption",
        f"primaryCni.{_FELIX}.wireguardEnabled", "FelixConfiguration"),
    Row("calico_bpf_enabled", "false", "eBPF dataplane", "primaryCni.calico.dataplane",
        "installation.calicoNetwork.linuxDataplane"),
    Row("calico_nftable_mode", "Disabled", "nftables dataplane", "primaryCni.calico.dataplane",
        "installation.calicoNetwork.linuxDataplane"),
    Row("calico_apiserver_enabled", "false", "Calico's API server",
        "primaryCni.calico.apiServer", "apiServer.enabled"),
    Row("global_as_num", "64512", "BGP's AS number",
        why="is a BGPConfiguration, an object of Calico's own API: apply it yourself"),
    Row("typha_enabled", "false", "Typha", why=f"{_OPERATOR}: it always runs Typha"),
)  # fmt: skip

CILIUM: Final = (
    Row("cilium_version", "1.20.1", "release", "primaryCni.version", "the chart's version"),
    Row("cilium_cni_exclusive", "true", "rename others' configurations",
        "primaryCni.cilium.exclusive", "cni.exclusive",
        "with Multus it has to be false, and is"),
    Row("cilium_kube_proxy_replacement", "false", "replace kube-proxy",
        "primaryCni.cilium.kubeProxyReplacement", "kubeProxyReplacement"),
    Row("cilium_tunnel_mode", "vxlan", "vxlan, geneve or disabled",
        "primaryCni.cilium.tunnelProtocol, routingMode", "tunnelProtocol, routingMode"),
    Row("cilium_ipam_mode", "cluster-pool", "who gives nodes their share",
        "primaryCni.cilium.ipamMode", "ipam.mode"),
    Row("cilium_pool_cidr", "kube_pods_subnet", "the pool", "primaryCni.podCidrs",
        "ipam.operator.clusterPoolIPv4PodCIDRList"),
    Row("cilium_pool_mask_size", "kube_network_node_prefix", "a node's share",
        "primaryCni.cilium.maskSize", "ipam.operator.clusterPoolIPv4MaskSize"),
    Row("cilium_pool_cidr_ipv6", "kube_pods_subnet_ipv6", "the pool, IPv6", "primaryCni.podCidrs",
        "ipam.operator.clusterPoolIPv6PodCIDRList"),
    Row("cilium_pool_mask_size_ipv6", "kube_network_node_prefix_ipv6", "a node's share, IPv6",
        "primaryCni.cilium.maskSizeIpv6", "ipam.operator.clusterPoolIPv6MaskSize"),
    Row("cilium_mtu", "0", "MTU, 0: found by itself", "primaryCni.mtu", "MTU"),
    Row("cilium_enable_portmap", "false", "chain portmap", "primaryCni.cilium.portMap",
        "cni.chainingMode"),
    Row("cilium_native_routing_cidr", "none", "what is not masqueraded",
        "primaryCni.cilium.nativeRoutingCidr", "ipv4NativeRoutingCIDR"),
    Row("cilium_native_routing_cidr_ipv6", "none", "what is not masqueraded, IPv6",
        "primaryCni.cilium.nativeRoutingCidrIpv6", "ipv6NativeRoutingCIDR"),
    Row("cilium_auto_direct_node_routes", "false", "routes between nodes on one link",
        "primaryCni.cilium.autoDirectNodeRoutes", "autoDirectNodeRoutes"),
    Row("cilium_operator_replicas", "2", "operators", "primaryCni.cilium.operatorReplicas",
        "operator.replicas"),
    Row("cilium_enable_hubble", "false", "flows", "primaryCni.cilium.hubble",
        "hubble.enabled, relay, certificates by a CronJob"),
    Row("cilium_encryption_enabled", "false", "encryption", "primaryCni.values.encryption",
        "encryption.enabled"),
    Row("cilium_encryption_type", "ipsec", "ipsec or wireguard", "primaryCni.values.encryption",
        "encryption.type"),
    Row("cilium_cluster_id", "0", "of a mesh", "primaryCni.values.cluster.id", "cluster.id"),
    Row("cilium_cluster_name", "default", "of a mesh", "primaryCni.values.cluster.name",
        "cluster.name"),
    Row("cilium_enable_bpf_masquerade", "false", "masquerade in eBPF",
        "primaryCni.values.bpf.masquerade", "bpf.masquerade"),
    Row("cilium_identity_allocation_mode", "crd", "where identities are",
        why="kvstore needs an etcd of its own"),
    Row("cilium_extra_values", "{}", "chart values", "primaryCni.values", "themselves"),
)  # fmt: skip

ROWS: Final = (*CLUSTER, *MULTUS, *CALICO, *CILIUM)
BY_NAME: Final = {row.name: row for row in ROWS}


def table() -> str:
    """The table of docs/kubespray.md, in Markdown."""
    lines = []
    for title, rows in (
        ("The cluster", CLUSTER), ("Multus", MULTUS), ("Calico", CALICO), ("Cilium", CILIUM)
    ):  # fmt: skip
        lines += [f"### {title}", ""]
        lines += ["| Kubespray's variable | its meaning | its default | ours | sets |"]
        lines += ["|---|---|---|---|---|"]
        for row in rows:
            ours = f"`{row.ours}`" if row.ours != NOTHING else f"none: {row.why}"
            sets = row.sets + (f"; {row.why}" if row.why and row.ours != NOTHING else "")
            lines.append(f"| `{row.name}` | {row.meaning} | `{row.default}` | {ours} | {sets} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())

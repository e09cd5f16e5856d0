"""Variables of the cluster and of Multus."""

from __future__ import annotations

from typing import Final

from multinet.kubespray.rows.row import Family, Row, Write, flag, text

_POOL: Final = "installation.calicoNetwork.ipPools[]"
_KUBE_PROXY: Final = "kube-proxy is the cluster's: multinet neither installs nor removes it"
_NO_KEY: Final = "multinet has no key for it"

CLUSTER: Final = (
    Row("kube_network_plugin", "calico", "primary CNI", "primaryCni.plugin", "which chart"),
    Row("kube_network_plugin_multus", "false", "Multus", "multus.enabled", "all of Multus",
        "multinet is there for Multus: it is on unless you turn it off"),
    Row("cilium_deploy_additionally", "false", "Cilium beside another primary CNI",
        why="multinet installs one primary CNI"),
    Row("kube_pods_subnet", "10.233.64.0/18", "pod network", "primaryCni.podCidrs",
        f"calico: {_POOL}.cidr; cilium: ipam.operator.clusterPoolIPv4PodCIDRList"),
    Row("kube_service_addresses", "10.233.0.0/18", "service network", "primaryCni.serviceCidrs",
        "nothing: checked against the others"),
    Row("kube_network_node_prefix", "24", "a node's share", "primaryCni.cilium.maskSize",
        "ipam.operator.clusterPoolIPv4MaskSize",
        "Calico's address management has blocks, not node shares: calico.blockSize"),
    Row("ipv4_stack", "true", "IPv4", "primaryCni.podCidrs", "whether it holds IPv4"),
    Row("ipv6_stack", "{{ enable_dual_stack_networks }}", "IPv6",
        "primaryCni.podCidrs", "whether it holds IPv6"),
    Row("enable_dual_stack_networks", "false", "old name of ipv6_stack", "primaryCni.podCidrs",
        "whether it holds IPv6"),
    Row("kube_pods_subnet_ipv6", "fd85:ee78:d8a6:8607::1:0000/112", "pod network, IPv6",
        "primaryCni.podCidrs", "as IPv4"),
    Row("kube_service_addresses_ipv6", "fd85:ee78:d8a6:8607::1000/116", "service network, IPv6",
        "primaryCni.serviceCidrs", "nothing: checked against the others"),
    Row("kube_network_node_prefix_ipv6", "120", "a node's share, IPv6",
        "primaryCni.cilium.maskSizeIpv6", "ipam.operator.clusterPoolIPv6MaskSize",
        "Calico's address management has blocks, not node shares: calico.blockSizeIpv6"),
    Row("kube_owner", "kube", "owner of the CNI directories", otherwise=True,
        why="the directories belong to root, as Cilium requires"),
    Row("kube_proxy_remove", "false", "a cluster without kube-proxy",
        "primaryCni.cilium.kubeProxyReplacement", "kubeProxyReplacement", _KUBE_PROXY),
    Row("cni_version", "1.9.1", "reference plugins on nodes", otherwise=True,
        why="multinet pins the reference plugins itself"),
    Row("enable_network_policy", "true", "whether NetworkPolicies hold",
        why="Calico's and Cilium's own charts keep NetworkPolicies on"),
    Row("loadbalancer_apiserver", "(undefined)", "the API server from outside",
        "multus.apiServer", "k8sServiceHost and k8sServicePort, or kubernetesServiceEndpoint"),
    Row("kube_apiserver_port", "6443", "the API server's port", "multus.apiServer.port",
        "as above, where loadbalancer_apiserver names none"),
    Row("loadbalancer_apiserver_localhost", "true", "a proxy to it on every node",
        "multus.apiServer.host", "as above, for Cilium without kube-proxy",
        "where no kube-proxy is needed, the cluster's own address of it serves"),
    Row("loadbalancer_apiserver_port", "{{ kube_apiserver_port }}", "that proxy's port",
        "multus.apiServer.port", "as above, for Cilium without kube-proxy"),
    Row("kube_proxy_mode", "ipvs", "how kube-proxy does it", why=_KUBE_PROXY),
    Row("kube_proxy_strict_arp", "false", "whether it keeps ARP strict", why=_KUBE_PROXY),
    Row("quay_image_repo", "quay.io", "mirror of quay.io", "primaryCni.registry",
        "every image of the primary", read=text),
    Row("github_image_repo", "ghcr.io", "mirror of ghcr.io", "multus.registry", "Multus's image"),
)  # fmt: skip

MULTUS: Final = (
    Row("multus_namespace_isolation", "false", "networks of a pod's own namespace only",
        "multus.namespaceIsolation", "--namespace-isolation, or namespaceIsolation",
        read=flag, write=Write.ALWAYS),
    Row("multus_version", "4.2.2", "release", otherwise=True,
        why="multinet's manifests go with the release that it pins"),
    Row("multus_image_repo", "{{ github_image_repo }}/k8snetworkplumbingwg/multus-cni",
        "image without tag", "multus.registry or multus.image", "the containers' image"),
    Row("multus_image_tag", "v{{ multus_version }}", "the image's tag", "multus.image",
        "the containers' image"),
    Row("multus_conf_file", "auto", "a hand-written configuration",
        why="Multus makes its configuration from primaryCni.confFile"),
    Row("multus_cni_conf_dir_host", "/etc/cni/net.d", "configurations on nodes",
        "multus.cniConfDir", "the mount; cni.confPath or installation.cni.confDir", read=text),
    Row("multus_cni_bin_dir_host", "/opt/cni/bin", "plugins on nodes", "multus.cniBinDir",
        "the mount; cni.binPath or installation.cni.binDir", read=text),
    Row("multus_cni_run_dir_host", "/run", "runtime state on nodes",
        why="Multus's manifests use /run"),
    Row("multus_kubeconfig_file_host", "{{ multus_cni_conf_dir_host }}/multus.d/multus.kubeconfig",
        "Multus's credential", why="it stands in multus.d of cniConfDir"),
)  # fmt: skip

FAMILIES: Final = (
    Family(r"kube_proxy_.*", "", _KUBE_PROXY),
    Family(r"multus_.*", "", _NO_KEY),
    Family(r"flannel_.*", "flannel", _NO_KEY),
    Family(r"kube_ovn_.*", "kube-ovn", _NO_KEY),
    Family(r"kube_router_.*", "kube-router", _NO_KEY),
    Family(r"macvlan_.*|enable_nat_default_gateway", "macvlan", _NO_KEY),
    Family(r"custom_cni_.*", "custom_cni", _NO_KEY),
    Family(r"weave_.*", "weave", _NO_KEY),
    Family(r"canal_.*", "canal", _NO_KEY),
    Family(r"(ipv4|ipv6)_stack|cni_.*|kube_(network|pods)_.*|kube_service_(addresses|subnets).*", "", _NO_KEY),
)  # fmt: skip

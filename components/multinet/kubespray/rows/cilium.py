"""Cilium's variables; Kubespray hands most of them to the same chart."""

from __future__ import annotations

from typing import Any, Final

from multinet.kubespray.rows.row import (
    Family,
    Row,
    Write,
    flag,
    mapping,
    network,
    number,
    one_of,
    sequence,
    size,
    text,
    version,
)

_OURS: Final = "primaryCni.cilium"
_VALUES: Final = "primaryCni.values"
_OBJECT: Final = "is an object of Cilium's own API: apply it yourself"


def _value(name: str, default: str, meaning: str, key: str, read: Any, **more: Any) -> Row:
    """A variable that is a value of the chart and has no key of ours."""
    return Row(name, default, meaning, f"{_VALUES}.{key}", key, read=read, **more)


def _ratio(value: Any) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


CILIUM: Final = (
    Row("cilium_version", "1.20.1", "release", "primaryCni.version", "the chart's version",
        read=version(""), write=Write.GIVEN),
    Row("cilium_cni_exclusive", "true", "rename others' configurations", f"{_OURS}.exclusive",
        "cni.exclusive", "with Multus it has to be false, and is"),
    Row("cilium_kube_proxy_replacement", "{{ kube_proxy_remove }}", "replace kube-proxy",
        f"{_OURS}.kubeProxyReplacement", "kubeProxyReplacement"),
    Row("cilium_tunnel_mode", "vxlan", "vxlan, geneve or disabled",
        f"{_OURS}.tunnelProtocol, routingMode", "tunnelProtocol, routingMode"),
    Row("cilium_ipam_mode", "cluster-pool", "who gives nodes their share", f"{_OURS}.ipamMode",
        "ipam.mode", read=one_of("cluster-pool", "kubernetes"), write=Write.ALWAYS),
    Row("cilium_pool_cidr", "{{ kube_pods_subnet }}", "the pool", "primaryCni.podCidrs",
        "ipam.operator.clusterPoolIPv4PodCIDRList"),
    Row("cilium_pool_mask_size", "{{ kube_network_node_prefix }}", "a node's share",
        f"{_OURS}.maskSize", "ipam.operator.clusterPoolIPv4MaskSize"),
    Row("cilium_pool_cidr_ipv6", "{{ kube_pods_subnet_ipv6 }}", "the pool, IPv6",
        "primaryCni.podCidrs", "ipam.operator.clusterPoolIPv6PodCIDRList"),
    Row("cilium_pool_mask_size_ipv6", "{{ kube_network_node_prefix_ipv6 }}",
        "a node's share, IPv6", f"{_OURS}.maskSizeIpv6", "ipam.operator.clusterPoolIPv6MaskSize"),
    Row("cilium_mtu", "0", "MTU, 0: found by itself", "primaryCni.mtu", "MTU", read=number),
    Row("cilium_enable_portmap", "false", "chain portmap", f"{_OURS}.portMap",
        "cni.chainingMode", read=flag),
    Row("cilium_native_routing_cidr", "(none)", "what is not masqueraded",
        f"{_OURS}.nativeRoutingCidr", "ipv4NativeRoutingCIDR", read=network, write=Write.GIVEN),
    Row("cilium_native_routing_cidr_ipv6", "(none)", "what is not masqueraded, IPv6",
        f"{_OURS}.nativeRoutingCidrIpv6", "ipv6NativeRoutingCIDR", read=network,
        write=Write.GIVEN),
    Row("cilium_auto_direct_node_routes", "false", "routes between nodes on one link",
        f"{_OURS}.autoDirectNodeRoutes", "autoDirectNodeRoutes", read=flag),
    Row("cilium_operator_replicas", "2", "operators", f"{_OURS}.operatorReplicas",
        "operator.replicas", read=size, write=Write.ALWAYS),
    Row("cilium_enable_hubble", "false", "flows", f"{_OURS}.hubble",
        "hubble.enabled, relay, certificates by a CronJob", read=flag),
    Row("cilium_enable_hubble_ui", "{{ cilium_enable_hubble }}", "a page that shows them",
        f"{_VALUES}.hubble.ui.enabled", "hubble.ui.enabled"),
    _value("cilium_hubble_metrics", "(none)", "which metrics of flows", "hubble.metrics.enabled",
           sequence, write=Write.GIVEN),
    _value("cilium_encryption_enabled", "false", "encryption", "encryption.enabled", flag),
    _value("cilium_encryption_type", "ipsec", "ipsec or wireguard", "encryption.type",
           one_of("ipsec", "wireguard")),
    _value("cilium_encryption_node_encryption", "false", "between nodes as well",
           "encryption.nodeEncryption", flag),
    _value("cilium_cluster_id", "0", "of a mesh", "cluster.id", number),
    _value("cilium_cluster_name", "default", "of a mesh", "cluster.name", text),
    _value("cilium_enable_bpf_masquerade", "false", "masquerade in eBPF", "bpf.masquerade", flag),
    _value("cilium_enable_host_legacy_routing", "false", "routes of the host's stack",
           "bpf.hostLegacyRouting", flag),
    _value("cilium_monitor_aggregation", "medium", "how much of flows is summed up",
           "bpf.monitorAggregation", text),
    _value("cilium_preallocate_bpf_maps", "false", "memory for maps ahead of time",
           "bpf.preallocateMaps", flag),
    _value("cilium_bpf_map_dynamic_size_ratio", "0.0025", "share of memory for maps",
           "bpf.mapDynamicSizeRatio", _ratio),
    _value("cilium_enable_ipv4_masquerade", "true", "masquerade what leaves",
           "enableIPv4Masquerade", flag),
    _value("cilium_enable_ipv6_masquerade", "true", "the same, IPv6", "enableIPv6Masquerade",
           flag),
    _value("cilium_ip_masq_agent_enable", "false", "masquerading by networks",
           "ipMasqAgent.enabled", flag),
    _value("cilium_loadbalancer_mode", "snat", "snat, dsr or hybrid", "loadBalancer.mode", text),
    _value("cilium_enable_bandwidth_manager", "false", "bandwidth of pods",
           "bandwidthManager.enabled", flag),
    _value("cilium_enable_bandwidth_manager_bbr", "false", "BBR for pods", "bandwidthManager.bbr",
           flag),
    _value("cilium_enable_host_firewall", "false", "policies for nodes", "hostFirewall.enabled",
           flag),
    _value("cilium_policy_audit_mode", "false", "policies only tell", "policyAuditMode", flag),
    _value("cilium_gateway_api_enabled", "false", "Gateway API", "gatewayAPI.enabled", flag),
    _value("cilium_l2announcements", "false", "service addresses on L2",
           "l2announcements.enabled", flag),
    _value("cilium_enable_bgp_control_plane", "false", "BGP", "bgpControlPlane.enabled", flag),
    _value("cilium_dns_proxy_enable_transparent_mode", "(the chart's)", "how names are looked up",
           "dnsProxy.enableTransparentMode", flag, write=Write.GIVEN),
    _value("cilium_enable_prometheus", "false", "metrics", "prometheus.enabled", flag),
    _value("cilium_agent_scrape_port", "9962", "their port", "prometheus.port", number),
    _value("cilium_operator_scrape_port", "9963", "the operator's", "operator.prometheus.port",
           number),
    _value("cilium_agent_health_port", "9879", "where agents answer", "healthPort", number),
    _value("cilium_debug", "false", "debug logs", "debug.enabled", flag),
    _value("cilium_cgroup_auto_mount", "true", "cgroup2, mounted by the agent",
           "cgroup.autoMount.enabled", flag),
    _value("cilium_cgroup_host_root", "/run/cilium/cgroupv2", "where", "cgroup.hostRoot", text),
    _value("cilium_cni_log_file", "/var/run/cilium/cilium-cni.log", "the plugin's log",
           "cni.logFile", text),
    _value("cilium_memory_limit", "500M", "an agent's memory", "resources.limits.memory", text,
           write=Write.GIVEN),
    _value("cilium_cpu_limit", "500m", "an agent's CPU", "resources.limits.cpu", text,
           write=Write.GIVEN),
    _value("cilium_memory_requests", "64M", "an agent's memory, at least",
           "resources.requests.memory", text, write=Write.GIVEN),
    _value("cilium_cpu_requests", "100m", "an agent's CPU, at least", "resources.requests.cpu",
           text, write=Write.GIVEN),
    _value("cilium_agent_extra_args", "(none)", "arguments of agents", "extraArgs", sequence,
           write=Write.GIVEN),
    _value("cilium_agent_extra_volumes", "(none)", "volumes of agents", "extraVolumes", sequence,
           write=Write.GIVEN),
    _value("cilium_agent_extra_volume_mounts", "(none)", "where they are", "extraVolumeMounts",
           sequence, write=Write.GIVEN),
    _value("cilium_operator_extra_args", "(none)", "arguments of operators",
           "operator.extraArgs", sequence, write=Write.GIVEN),
    _value("cilium_operator_tolerations", "(all)", "where operators may run",
           "operator.tolerations", sequence, write=Write.GIVEN),
    _value("cilium_config_extra_vars", "(none)", "keys of cilium-config", "extraConfig", mapping,
           write=Write.GIVEN),
    Row("cilium_identity_allocation_mode", "crd", "where identities are",
        why="kvstore needs an etcd of its own"),
    Row("cilium_extra_values", "(none)", "chart values; they win", _VALUES, "themselves"),
)  # fmt: skip

FAMILIES: Final = (
    Family(r"cilium_bgp_.*|cilium_loadbalancer_ip_pools", "cilium", _OBJECT),
    Family(r"cilium_.*image_(repo|tag)|cilium_cli_version", "cilium",
           "the chart says which images: primaryCni.version and primaryCni.registry"),
    Family(r"cilium_.*|hubble_.*", "cilium", "multinet has no key for it; see primaryCni.values"),
)  # fmt: skip

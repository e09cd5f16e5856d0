"""Calico's variables."""

from __future__ import annotations

from typing import Any, Final

from multinet.kubespray.rows.row import (
    Family,
    Row,
    Write,
    flag,
    number,
    one_of,
    size,
    switch,
    text,
    version,
)

_POOL: Final = "installation.calicoNetwork.ipPools[]"
_NETWORK: Final = "primaryCni.values.installation.calicoNetwork"
FELIX: Final = "primaryCni.values.defaultFelixConfiguration"
_SETS: Final = "FelixConfiguration"
_OPERATOR: Final = "Calico's operator decides it"
_OBJECT: Final = "an object of Calico's own API: apply it yourself"


def autodetection(value: object) -> dict[str, Any] | None:
    """`interface=eth.*` and its like, as the Installation writes them."""
    method, _, argument = str(value).partition("=")
    match method:
        case "first-found" if not argument:
            return {"firstFound": True}
        case "kubernetes-internal-ip" if not argument:
            return {"kubernetes": "NodeInternalIP"}
        case "cidr" if argument:
            return {"cidrs": argument.split(",")}
    keys = {"interface": "interface", "skip-interface": "skipInterface", "can-reach": "canReach"}
    return {keys[method]: argument} if method in keys and argument else None


def _seconds(value: object) -> str | None:
    seconds = number(value)
    return None if seconds is None else f"{seconds}s"


def _level(value: object) -> str | None:
    given = text(value)
    return None if given is None else given.capitalize()


CALICO: Final = (
    Row("calico_version", "(Kubespray's)", "release", "primaryCni.version", "the chart's version",
        read=version("v"), write=Write.GIVEN),
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
    Row("calico_pool_cidr", "{{ kube_pods_subnet }}", "the pool", "primaryCni.podCidrs",
        f"{_POOL}.cidr"),
    Row("calico_pool_cidr_ipv6", "{{ kube_pods_subnet_ipv6 }}", "the pool, IPv6",
        "primaryCni.podCidrs", f"{_POOL}.cidr"),
    Row("calico_pool_name", "default-pool", "the pool's name", "primaryCni.calico.poolName",
        f"{_POOL}.name", read=text, write=Write.ALWAYS),
    Row("calico_pool_blocksize", "26", "a block", "primaryCni.calico.blockSize",
        f"{_POOL}.blockSize", read=size),
    Row("calico_pool_blocksize_ipv6", "122", "a block, IPv6", "primaryCni.calico.blockSizeIpv6",
        f"{_POOL}.blockSize", read=size, ipv6=True),
    Row("nat_outgoing", "true", "masquerade what leaves", "primaryCni.calico.natOutgoing",
        f"{_POOL}.natOutgoing", read=flag, write=Write.ALWAYS),
    Row("nat_outgoing_ipv6", "false", "the same, IPv6", "primaryCni.calico.natOutgoingIpv6",
        f"{_POOL}.natOutgoing", read=flag, write=Write.ALWAYS, ipv6=True),
    Row("calico_mtu", "(found by itself)", "MTU", "primaryCni.mtu",
        "installation.calicoNetwork.mtu", read=size, write=Write.GIVEN),
    Row("calico_veth_mtu", "(found by itself)", "MTU of pods; wins over calico_mtu",
        "primaryCni.mtu", "installation.calicoNetwork.mtu", read=size, write=Write.GIVEN),
    Row("calico_datastore", "kdd", "where Calico keeps its state",
        why="Calico's operator knows the Kubernetes datastore only"),
    Row("calico_ipam_host_local", "false", "host-local instead of Calico's addresses",
        "primaryCni.values.installation.cni.ipam", "installation.cni.ipam.type HostLocal",
        read=switch({"type": "HostLocal"}, {})),
    Row("calico_ip_auto_method", "(first-found)", "which address of a node",
        "primaryCni.calico.nodeAddressAutodetection",
        "installation.calicoNetwork.nodeAddressAutodetectionV4",
        read=autodetection, write=Write.GIVEN),
    Row("calico_ip6_auto_method", "(first-found)", "which address of a node, IPv6",
        f"{_NETWORK}.nodeAddressAutodetectionV6",
        "installation.calicoNetwork.nodeAddressAutodetectionV6",
        read=autodetection, write=Write.GIVEN, ipv6=True),
    Row("calico_allow_ip_forwarding", "false", "forwarding inside of pods",
        f"{_NETWORK}.containerIPForwarding", "installation.calicoNetwork.containerIPForwarding",
        read=switch("Enabled", "Disabled")),
    Row("calico_bpf_enabled", "false", "eBPF dataplane", "primaryCni.calico.dataplane",
        "installation.calicoNetwork.linuxDataplane"),
    Row("calico_nftable_mode", "Disabled", "nftables dataplane", "primaryCni.calico.dataplane",
        "installation.calicoNetwork.linuxDataplane"),
    Row("calico_apiserver_enabled", "false", "Calico's API server",
        "primaryCni.calico.apiServer", "apiServer.enabled", read=flag, write=Write.ALWAYS),
    Row("global_as_num", "64512", "BGP's AS number", why=f"is a BGPConfiguration, {_OBJECT}"),
    Row("typha_enabled", "false", "Typha", why=f"{_OPERATOR}: it always runs Typha",
        otherwise=True),
    Row("calico_vxlan_vni", "4096", "VXLAN's network identifier", f"{FELIX}.vxlanVNI", _SETS,
        read=number),
    Row("calico_vxlan_port", "4789", "VXLAN's port", f"{FELIX}.vxlanPort", _SETS, read=number),
    Row("calico_wireguard_enabled", "false", "encryption", f"{FELIX}.wireguardEnabled", _SETS,
        read=flag),
    Row("calico_bpf_log_level", "(none)", "what eBPF programs log", f"{FELIX}.bpfLogLevel", _SETS,
        read=text, write=Write.GIVEN),
    Row("calico_bpf_service_mode", "Tunnel", "how eBPF answers for services",
        f"{FELIX}.bpfExternalServiceMode", _SETS, read=text),
    Row("calico_feature_detect_override", "(none)", "kernel features, whatever is found",
        f"{FELIX}.featureDetectOverride", _SETS, read=text, write=Write.GIVEN),
    Row("calico_felix_chaininsertmode", "Insert", "where its rules stand",
        f"{FELIX}.chainInsertMode", _SETS, read=text),
    Row("calico_felix_floating_ips", "Disabled", "floating addresses", f"{FELIX}.floatingIPs",
        _SETS, read=text),
    Row("calico_felix_log_severity_screen", "Info", "what Felix logs",
        f"{FELIX}.logSeverityScreen", _SETS, read=text),
    Row("calico_loglevel", "info", "the same; wins", f"{FELIX}.logSeverityScreen", _SETS,
        read=_level),
    Row("calico_felix_mtu_iface_pattern", "(Felix's)", "links that the MTU is found by",
        f"{FELIX}.mtuIfacePattern", _SETS, read=text, write=Write.GIVEN),
    Row("calico_felix_prometheusmetricsenabled", "false", "metrics",
        f"{FELIX}.prometheusMetricsEnabled", _SETS, read=flag),
    Row("calico_felix_prometheusmetricsport", "9091", "their port",
        f"{FELIX}.prometheusMetricsPort", _SETS, read=number),
    Row("calico_felix_prometheusgometricsenabled", "true", "metrics of its runtime",
        f"{FELIX}.prometheusGoMetricsEnabled", _SETS, read=flag),
    Row("calico_felix_prometheusprocessmetricsenabled", "true", "metrics of its process",
        f"{FELIX}.prometheusProcessMetricsEnabled", _SETS, read=flag),
    Row("calico_felix_reporting_interval", "0s", "how often it reports",
        f"{FELIX}.reportingInterval", _SETS, read=text, write=Write.GIVEN),
    Row("calico_healthhost", "localhost", "where it answers for its health",
        f"{FELIX}.healthHost", _SETS, read=text),
    Row("calico_iptables_backend", "Auto", "which iptables", f"{FELIX}.iptablesBackend", _SETS,
        read=one_of("Auto", "Legacy", "NFT")),
    Row("calico_iptables_lock_timeout_secs", "10", "how long it waits for iptables' lock",
        f"{FELIX}.iptablesLockTimeout", _SETS, read=_seconds, write=Write.GIVEN),
    Row("calico_usage_reporting", "false", "whether it tells its makers",
        f"{FELIX}.usageReportingEnabled", _SETS, read=flag, write=Write.GIVEN),
    Row("calico_endpoint_to_host_action", "RETURN", "what pods send to their node", otherwise=True,
        why="Calico's operator sets it: ACCEPT"),
    Row("calico_node_ignorelooserpf", "false", "a kernel with loose reverse path filtering",
        why="Felix takes it from its environment alone, which Calico's operator writes"),
    Row("calico_use_default_route_src_ipaddr", "false", "source of routes to pods",
        why="it is another address on each node, and FelixConfiguration is one for all"),
    Row("ipip", "(undefined)", "old name of calico_ipip_mode",
        why="Kubespray refuses it; the mode is calico_ipip_mode"),
    Row("ipip_mode", "(undefined)", "old name of calico_ipip_mode",
        why="Kubespray refuses it; the mode is calico_ipip_mode"),
)  # fmt: skip

FAMILIES: Final = (
    Family(r"peers|peer_with_.*|local_as|rr_local_asn|cluster_id|calico_(rr|group)_id"
           r"|calico_bgp_.*peer.*", "calico", f"BGPPeer and the node's own BGP are {_OBJECT}"),
    Family(r"calico_advertise_.*|calico_bgp_listen_port|calico_no_global_as_num", "calico",
           f"is a BGPConfiguration, {_OBJECT}"),
    Family(r"calico_ipam_.*|calcio_ipam_.*", "calico", f"is an IPAMConfiguration, {_OBJECT}"),
    Family(r"typha_.*", "calico", f"{_OPERATOR}: it always runs Typha"),
    Family(r"calico_.*image_(repo|tag)|calico_(ctl|cni|policy|typha|apiserver)_version", "calico",
           "the chart says which images: primaryCni.version and primaryCni.registry"),
    Family(r"calico_.*|nat_outgoing.*", "calico", "multinet has no key for it; see primaryCni.values"),
)  # fmt: skip

"""The primary CNI of an inventory: Calico's, Cilium's and others' variables."""

from __future__ import annotations

import ipaddress
from typing import Any

from multinet.kubespray.draft import Draft, flag, mapping, number, one_of, text
from multinet.kubespray.inventory import NotKubespray
from multinet.kubespray.parity import BY_NAME

# Primary CNIs of Kubespray that multinet does not install → the configuration each writes.
_OTHERS = {
    "flannel": "10-flannel.conflist",
    "kube-ovn": "01-kube-ovn.conflist",
    "kube-router": "10-kuberouter.conflist",
    "macvlan": "10-macvlan.conf",
}
_NOTHING: dict[str, Any] = {}
_MODES = one_of("Always", "CrossSubnet", "Never")


def primary(draft: Draft) -> None:
    """Write `primaryCni`. Raises NotKubespray where the plugin cannot be told."""
    plugin = draft.take("kube_network_plugin", text, "calico")
    known = {"calico", "cilium", *_OTHERS}
    if plugin not in known:
        source = draft.given["kube_network_plugin"].source
        raise NotKubespray(
            f"{source}: kube_network_plugin is {plugin}, whose configuration file only you know;"
            " write the environment by hand with plugin: existing and its confFile"
        )
    ours = plugin if plugin in ("calico", "cilium") else "existing"
    draft.put("primaryCni.plugin", ours, "kube_network_plugin")
    _networks(draft, plugin)
    if plugin == "calico":
        _calico(draft)
    elif plugin == "cilium":
        _cilium(draft)
    else:
        draft.put("primaryCni.confFile", _OTHERS[plugin])
        reason = f"{plugin} stays Kubespray's: plugin existing, confFile {_OTHERS[plugin]}"
        draft.lose("kube_network_plugin", reason)


def _networks(draft: Draft, plugin: str) -> None:
    """podCidrs and serviceCidrs, of the families that the cluster has."""
    dual = draft.take("enable_dual_stack_networks", flag, False)
    ipv4 = draft.take("ipv4_stack", flag, True)
    ipv6 = draft.take("ipv6_stack", flag, dual)
    stacks = ("ipv4_stack", "ipv6_stack", "enable_dual_stack_networks")
    pods: list[str] = []
    services: list[str] = []
    names: list[str] = [*stacks]
    for wanted, suffix, pod, service in (
        (ipv4, "", "10.233.64.0/18", "10.233.0.0/18"),
        (ipv6, "_ipv6", "fd85:ee78:d8a6:8607::1:0/112", "fd85:ee78:d8a6:8607::1000/116"),
    ):
        whole = draft.take(f"kube_pods_subnet{suffix}", _network, pod)
        pool = draft.take(f"{plugin}_pool_cidr{suffix}", _network, whole)
        served = draft.take(f"kube_service_addresses{suffix}", _network, service)
        if wanted:
            pods.append(pool)
            services.append(served)
            names += [f"kube_pods_subnet{suffix}", f"{plugin}_pool_cidr{suffix}"]
            draft.put("primaryCni.serviceCidrs", services, f"kube_service_addresses{suffix}")
        else:
            for name in ("kube_pods_subnet", f"{plugin}_pool_cidr", "kube_service_addresses"):
                draft.lose(f"{name}{suffix}", f"has no effect without {stacks[bool(suffix)]}")
        if pool != whole:
            draft.lose(f"kube_pods_subnet{suffix}", f"podCidrs is the pool in it, {pool}")
    draft.put("primaryCni.podCidrs", pods, *names)


def _calico(draft: Draft) -> None:
    _version(draft, "calico_version", "v")
    _registry(draft)
    backend = draft.take("calico_network_backend", one_of("bird", "vxlan", "none"), "vxlan")
    if backend == "none":
        draft.lose("calico_network_backend", "without a backend Calico is no network of pods")
    draft.put("primaryCni.calico.bgp", backend == "bird", "calico_network_backend")
    ipv6 = any(":" in cidr for cidr in draft.config["primaryCni"]["podCidrs"])
    for suffix, key in (("", "encapsulation"), ("_ipv6", "encapsulationIpv6")):
        names = (f"calico_ipip_mode{suffix}", f"calico_vxlan_mode{suffix}")
        ipip, vxlan = draft.take(names[0], _MODES, "Never"), draft.take(names[1], _MODES, "Always")
        if suffix == "" or ipv6:
            draft.put(f"primaryCni.calico.{key}", _encapsulation(ipip, vxlan), *names)
    pool_name = draft.take("calico_pool_name", text, "default-pool")
    draft.put("primaryCni.calico.poolName", pool_name, "calico_pool_name")
    draft.put(
        "primaryCni.calico.natOutgoing", draft.take("nat_outgoing", flag, True), "nat_outgoing"
    )
    if ipv6:
        outgoing = draft.take("nat_outgoing_ipv6", flag, False)
        draft.put("primaryCni.calico.natOutgoingIpv6", outgoing, "nat_outgoing_ipv6")
    for name, key in (
        ("calico_pool_blocksize", "calico.blockSize"),
        ("calico_pool_blocksize_ipv6", "calico.blockSizeIpv6"),
        ("calico_mtu", "mtu"),
        ("calico_veth_mtu", "mtu"),  # after calico_mtu: it wins
    ):
        if size := draft.take(name, number, 0):
            draft.put(f"primaryCni.{key}", size, name)
    if draft.has("calico_mtu") and draft.take("calico_veth_mtu", number, 0):
        draft.carried.pop("calico_mtu", None)
        draft.lose("calico_mtu", "calico_veth_mtu is there too, and wins")
    _calico_rest(draft)


def _calico_rest(draft: Draft) -> None:
    bpf = draft.take("calico_bpf_enabled", flag, False)
    nftables = draft.take("calico_nftable_mode", text, "Disabled") == "Enabled"
    names = ("calico_bpf_enabled", "calico_nftable_mode")
    draft.put("primaryCni.calico.dataplane", _dataplane(bpf, nftables), *names)
    name = "calico_apiserver_enabled"
    draft.put("primaryCni.calico.apiServer", draft.take(name, flag, False), name)
    for name, key in (
        ("calico_ip_auto_method", "calico.nodeAddressAutodetection"),
        (
            "calico_ip6_auto_method",
            "values.installation.calicoNetwork.nodeAddressAutodetectionV6",
        ),
    ):
        if found := draft.take(name, _autodetection, _NOTHING):
            draft.put(f"primaryCni.{key}", found, name)
    if draft.take("calico_ipam_host_local", flag, False):
        key = "primaryCni.values.installation.cni.ipam.type"
        draft.put(key, "HostLocal", "calico_ipam_host_local")
    felix = "primaryCni.values.defaultFelixConfiguration"
    for name, key in (("calico_vxlan_vni", "vxlanVNI"), ("calico_vxlan_port", "vxlanPort")):
        if draft.has(name) and (value := draft.take(name, number, 0)):
            draft.put(f"{felix}.enabled", True)
            draft.put(f"{felix}.{key}", value, name)
    if draft.take("calico_wireguard_enabled", flag, False):
        draft.put(f"{felix}.enabled", True)
        draft.put(f"{felix}.wireguardEnabled", True, "calico_wireguard_enabled")
    for name, usual in (
        ("calico_datastore", "kdd"),
        ("calico_cni_name", "k8s-pod-network"),
        ("global_as_num", "64512"),
    ):
        if draft.take(name, text, usual) != usual:
            draft.lose(name, BY_NAME[name].why)


def _cilium(draft: Draft) -> None:
    _version(draft, "cilium_version", "")
    _registry(draft)
    if draft.take("cilium_cni_exclusive", flag, True) and draft.has("cilium_cni_exclusive"):
        draft.lose("cilium_cni_exclusive", "with Multus it has to be false, and is")
    draft.put("primaryCni.cilium.exclusive", False, "cilium_cni_exclusive")
    removed = draft.take("kube_proxy_remove", flag, False)
    replaced = draft.take("cilium_kube_proxy_replacement", _replacement, removed)
    names = ("cilium_kube_proxy_replacement", "kube_proxy_remove")
    draft.put("primaryCni.cilium.kubeProxyReplacement", replaced, *names)
    tunnel = draft.take("cilium_tunnel_mode", one_of("vxlan", "geneve", "disabled"), "vxlan")
    if tunnel == "disabled":
        draft.put("primaryCni.cilium.routingMode", "native", "cilium_tunnel_mode")
    else:
        draft.put("primaryCni.cilium.tunnelProtocol", tunnel, "cilium_tunnel_mode")
    mode = draft.take("cilium_ipam_mode", one_of("cluster-pool", "kubernetes"), "cluster-pool")
    draft.put("primaryCni.cilium.ipamMode", mode, "cilium_ipam_mode")
    for suffix, key, usual in (("", "maskSize", 24), ("_ipv6", "maskSizeIpv6", 120)):
        node = draft.take(f"kube_network_node_prefix{suffix}", number, usual)
        share = draft.take(f"cilium_pool_mask_size{suffix}", number, node)
        names = (f"kube_network_node_prefix{suffix}", f"cilium_pool_mask_size{suffix}")
        draft.put(f"primaryCni.cilium.{key}", share, *names)
    if size := draft.take("cilium_mtu", number, 0):
        draft.put("primaryCni.mtu", size, "cilium_mtu")
    replicas = draft.take("cilium_operator_replicas", number, 2)
    draft.put("primaryCni.cilium.operatorReplicas", replicas, "cilium_operator_replicas")
    for name, key in (
        ("cilium_enable_portmap", "portMap"),
        ("cilium_auto_direct_node_routes", "autoDirectNodeRoutes"),
        ("cilium_enable_hubble", "hubble"),
    ):
        if draft.has(name):
            draft.put(f"primaryCni.cilium.{key}", draft.take(name, flag, False), name)
    for name, key in (
        ("cilium_native_routing_cidr", "nativeRoutingCidr"),
        ("cilium_native_routing_cidr_ipv6", "nativeRoutingCidrIpv6"),
    ):
        if network := draft.take(name, _network, ""):
            draft.put(f"primaryCni.cilium.{key}", network, name)
    _cilium_values(draft)


def _cilium_values(draft: Draft) -> None:
    """What has no key of ours but one in the chart; cilium_extra_values last: it wins."""
    encrypted = draft.take("cilium_encryption_enabled", flag, False)
    kind = draft.take("cilium_encryption_type", one_of("ipsec", "wireguard"), "ipsec")
    if encrypted:
        names = ("cilium_encryption_enabled", "cilium_encryption_type")
        draft.put("primaryCni.values.encryption.enabled", True, *names)
        draft.put("primaryCni.values.encryption.type", kind, *names)
    if draft.has("cilium_cluster_id"):
        number_of = draft.take("cilium_cluster_id", number, 0)
        draft.put("primaryCni.values.cluster.id", number_of, "cilium_cluster_id")
    if draft.has("cilium_cluster_name"):
        name_of = draft.take("cilium_cluster_name", text, "default")
        draft.put("primaryCni.values.cluster.name", name_of, "cilium_cluster_name")
    if draft.take("cilium_enable_bpf_masquerade", flag, False):
        name = "cilium_enable_bpf_masquerade"
        draft.put("primaryCni.values.bpf.masquerade", True, name)
    name = "cilium_identity_allocation_mode"
    if draft.take(name, text, "crd") != "crd":
        draft.lose(name, BY_NAME[name].why)
    for key, value in draft.take("cilium_extra_values", mapping, _NOTHING).items():
        draft.put(f"primaryCni.values.{key}", value, "cilium_extra_values")


def _version(draft: Draft, name: str, prefix: str) -> None:
    if version := draft.take(name, text, ""):
        draft.put("primaryCni.version", f"{prefix}{version.removeprefix('v')}", name)


def _registry(draft: Draft) -> None:
    if mirror := draft.take("quay_image_repo", text, ""):
        draft.put("primaryCni.registry", mirror, "quay_image_repo")


def _network(value: object) -> str | None:
    """A network in its usual spelling; Kubespray's own IPv6 default is written another way."""
    try:
        return str(ipaddress.ip_network(str(value).strip(), strict=False))
    except ValueError:
        return None


def _encapsulation(ipip: str, vxlan: str) -> str:
    modes = {"Always": "", "CrossSubnet": "CrossSubnet"}
    if ipip in modes:
        return f"IPIP{modes[ipip]}"
    return f"VXLAN{modes[vxlan]}" if vxlan in modes else "None"


def _dataplane(bpf: bool, nftables: bool) -> str:
    return "BPF" if bpf else "Nftables" if nftables else "Iptables"


def _replacement(value: object) -> bool | None:
    """Also the words of older releases: strict, partial, probe and disabled."""
    words = {"strict": True, "partial": True, "probe": True, "disabled": False}
    return words.get(str(value), flag(value))


def _autodetection(value: object) -> dict[str, Any] | None:
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

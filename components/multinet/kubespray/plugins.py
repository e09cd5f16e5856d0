"""The primary CNI of an inventory: what is not one variable for one key."""

from __future__ import annotations

import re
from typing import Any

from multinet.kubespray.draft import Draft
from multinet.kubespray.inventory import NotKubespray
from multinet.kubespray.rows.row import flag, mapping, network, number, one_of, size, text

# Primary CNIs of Kubespray that multinet does not install → the configuration each writes.
_OTHERS = {
    "flannel": "10-flannel.conflist",
    "kube-ovn": "01-kube-ovn.conflist",
    "kube-router": "10-kuberouter.conflist",
    "macvlan": "10-macvlan.conf",
    "weave": "10-weave.conflist",
    "canal": "10-canal.conflist",
}
# What a custom CNI's chart or manifest is called → the configuration that it writes.
_CUSTOM = {
    "cilium": "05-cilium.conflist",
    "calico": "10-calico.conflist",
    "tigera": "10-calico.conflist",
    "flannel": "10-flannel.conflist",
    "kube-ovn": "01-kube-ovn.conflist",
    "kube-router": "10-kuberouter.conflist",
    "antrea": "10-antrea.conflist",
}
_BY_USER = ("custom_cni", "cni", "cloud")
_MODES = one_of("Always", "CrossSubnet", "Never")


def primary(draft: Draft, conf_file: str = "") -> str:
    """Write `primaryCni`'s plugin and networks; the plugin as Kubespray calls it.

    conf_file: the configuration file of a primary CNI that multinet does not install. Raises
    NotKubespray where it is needed and not given, or the plugin cannot be told.
    """
    name = "kube_network_plugin"
    plugin = draft.get(name, text) or "calico"
    if told := draft.reason(name):
        raise NotKubespray(
            f"{draft.given[name].source}: {name} {told}, and all the rest hangs on it: give"
            f" --extra-vars {name}=NAME"
        )
    ours = plugin if plugin in ("calico", "cilium") else "existing"
    draft.put("primaryCni.plugin", ours, name)
    if ours == "existing":
        file, whence = _conf_file(draft, plugin, conf_file)
        draft.put("primaryCni.confFile", file, "kube_ovn_cni_config_priority")
        draft.lose(name, f"{plugin} stays Kubespray's: plugin existing, confFile {file}{whence}")
    _networks(draft, plugin)
    return plugin


def _conf_file(draft: Draft, plugin: str, given: str) -> tuple[str, str]:
    """The file that another primary CNI writes, and how that is known."""
    if given:
        return given, ""
    if plugin == "kube-ovn":
        priority = draft.get("kube_ovn_cni_config_priority", text) or "01"
        return f"{priority}-kube-ovn.conflist", ""
    if plugin in _OTHERS:
        return _OTHERS[plugin], ""
    if plugin == "custom_cni":
        for name in (
            "custom_cni_chart_release_name", "custom_cni_chart_ref", "custom_cni_manifests",
        ):  # fmt: skip
            told = str(draft.given[name].value).lower() if draft.has(name) else ""
            last = re.split(r"[/\s]", told.strip("[]'\""))[-1]
            for known, file in _CUSTOM.items():
                if known in last:
                    return file, f", told by {name}"
    source = draft.given["kube_network_plugin"].source
    raise NotKubespray(
        f"{source}: kube_network_plugin is {plugin}, whose configuration file only you know: give"
        " --conf-file NAME, the file of /etc/cni/net.d on a node (plugin: existing)"
    )


def _networks(draft: Draft, plugin: str) -> None:
    """podCidrs and serviceCidrs, of the families that the cluster has."""
    dual = draft.get("enable_dual_stack_networks", flag)
    families = (
        ("", draft.get("ipv4_stack", flag), ("ipv4_stack",)),
        (
            "_ipv6",
            draft.get("ipv6_stack", flag, dual),
            ("ipv6_stack", "enable_dual_stack_networks"),
        ),
    )
    pods: list[tuple[str | None, tuple[str, ...]]] = []
    services: list[tuple[str | None, tuple[str, ...]]] = []
    for suffix, wanted, stacks in families:
        subnet, addresses = f"kube_pods_subnet{suffix}", f"kube_service_addresses{suffix}"
        pool_name = f"{plugin}_pool_cidr{suffix}"
        whole = draft.get(subnet, network)
        pool = draft.get(pool_name, network, whole) if plugin in ("calico", "cilium") else whole
        if not wanted:
            for name in (subnet, pool_name, addresses):
                draft.lose(name, f"has no effect without {stacks[0]}")
            continue
        draft.note("primaryCni.podCidrs", *stacks)
        pods.append((pool, (subnet, pool_name)))
        services.append((draft.get(addresses, network), (addresses,)))
        if pool != whole:
            draft.lose(subnet, f"podCidrs is the pool in it, {pool}")
    for key, networks in (("podCidrs", pods), ("serviceCidrs", services)):
        for one, names in networks:
            draft.add(f"primaryCni.{key}", one, *names)


def calico(draft: Draft) -> None:
    """Encapsulation, BGP and dataplane of Calico, each of several variables."""
    backend = draft.get("calico_network_backend", one_of("bird", "vxlan", "none"))
    if backend == "none":
        draft.lose("calico_network_backend", "without a backend Calico is no network of pods")
    draft.put("primaryCni.calico.bgp", backend == "bird", "calico_network_backend")
    for suffix, key in (("", "encapsulation"), ("_ipv6", "encapsulationIpv6")):
        names = (f"calico_ipip_mode{suffix}", f"calico_vxlan_mode{suffix}")
        ipip, vxlan = draft.get(names[0], _MODES), draft.get(names[1], _MODES)
        if suffix == "" or has_ipv6(draft):
            draft.put(f"primaryCni.calico.{key}", _encapsulation(ipip, vxlan), *names)
    bpf = draft.get("calico_bpf_enabled", flag)
    nftables = draft.get("calico_nftable_mode", text) == "Enabled"
    names = ("calico_bpf_enabled", "calico_nftable_mode")
    dataplane = "BPF" if bpf else "Nftables" if nftables else "Iptables"
    draft.put("primaryCni.calico.dataplane", dataplane, *names)


def cilium(draft: Draft) -> None:
    """What several variables say of Cilium; chart values last: they win."""
    name = "cilium_cni_exclusive"
    if draft.get(name, flag) and draft.has(name):
        draft.lose(name, "with Multus it has to be false, and is")
    draft.put("primaryCni.cilium.exclusive", False, name)
    removed = draft.get("kube_proxy_remove", flag)
    replaced = draft.get("cilium_kube_proxy_replacement", _replacement, removed)
    names = ("cilium_kube_proxy_replacement", "kube_proxy_remove")
    draft.put("primaryCni.cilium.kubeProxyReplacement", replaced, *names)
    tunnel = draft.get("cilium_tunnel_mode", one_of("vxlan", "geneve", "disabled"))
    if tunnel == "disabled":
        draft.put("primaryCni.cilium.routingMode", "native", "cilium_tunnel_mode")
    else:
        draft.put("primaryCni.cilium.tunnelProtocol", tunnel, "cilium_tunnel_mode")
    for suffix, key in (("", "maskSize"), ("_ipv6", "maskSizeIpv6")):
        names = (f"kube_network_node_prefix{suffix}", f"cilium_pool_mask_size{suffix}")
        share = draft.get(names[1], size, draft.get(names[0], size))
        draft.put(f"primaryCni.cilium.{key}", share, *names)
    flows = draft.get("cilium_enable_hubble", flag)
    name = "cilium_enable_hubble_ui"
    if flows and draft.get(name, flag, True):
        draft.put("primaryCni.values.hubble.ui.enabled", True, name)
    name = "cilium_identity_allocation_mode"
    if draft.get(name, text) == "crd":
        draft.as_anyway(name)


def has_ipv6(draft: Draft) -> bool:
    """Whether pods have IPv6 addresses."""
    return any(":" in cidr for cidr in draft.config["primaryCni"].get("podCidrs", ()))


def api_server(draft: Draft, plugin: str) -> None:
    """`multus.apiServer`: the load balancer, or what stands in its place on every node.

    Without kube-proxy no service address works. Kubespray's nodes then reach the API server at
    localhost: each worker runs a proxy there.
    """
    name = "loadbalancer_apiserver"
    server: dict[str, Any] = draft.get(name, mapping) or {}
    port = draft.get("kube_apiserver_port", number)
    if server.get("address"):
        draft.put("multus.apiServer.host", str(server["address"]), name)
        own = number(server.get("port"))
        draft.put("multus.apiServer.port", own or port, name if own else "kube_apiserver_port")
        return
    local = draft.get("loadbalancer_apiserver_localhost", flag)
    local_port = draft.get("loadbalancer_apiserver_port", number)
    replaced = draft.config["primaryCni"].get("cilium", {}).get("kubeProxyReplacement")
    if plugin == "cilium" and replaced and local and not server:
        draft.put("multus.apiServer.host", "localhost", "loadbalancer_apiserver_localhost")
        names = ("loadbalancer_apiserver_port", "kube_apiserver_port")
        draft.put("multus.apiServer.port", local_port, *names)


def _encapsulation(ipip: str | None, vxlan: str | None) -> str:
    modes = {"Always": "", "CrossSubnet": "CrossSubnet"}
    if ipip in modes:
        return f"IPIP{modes[ipip]}"
    return f"VXLAN{modes[vxlan]}" if vxlan in modes else "None"


def _replacement(value: object) -> bool | None:
    """Also the words of older releases: strict, partial, probe and disabled."""
    words = {"strict": True, "partial": True, "probe": True, "disabled": False}
    return words.get(str(value), flag(value))

"""Cilium: values of its chart."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

from multinet.multus.settings import MultusSettings
from multinet.primary_cni.options import CiliumSettings
from multinet.primary_cni.settings import PrimaryCniSettings

Values = dict[str, Any]

# Where the chart's values name an image → its repository in the project's own registries.
# Images that are off cost nothing here: `values` may turn them on, and then they are mirrored too.
IMAGES: Mapping[tuple[str, ...], str] = {
    ("image",): "cilium/cilium",
    ("operator", "image"): "cilium/operator",
    ("envoy", "image"): "cilium/cilium-envoy",
    ("certgen", "image"): "cilium/certgen",
    ("hubble", "relay", "image"): "cilium/hubble-relay",
    ("hubble", "ui", "backend", "image"): "cilium/hubble-ui-backend",
    ("hubble", "ui", "frontend", "image"): "cilium/hubble-ui",
    ("nodeinit", "image"): "cilium/startup-script",
    ("preflight", "image"): "cilium/cilium",
    ("preflight", "envoy", "image"): "cilium/cilium-envoy",
    ("clustermesh", "apiserver", "image"): "cilium/clustermesh-apiserver",
    ("encryption", "ztunnel", "image"): "cilium/ztunnel",
    ("authentication", "mutual", "spire", "install", "initImage"): "library/busybox",
    ("authentication", "mutual", "spire", "install", "agent", "image"): "spiffe/spire-agent",
    ("authentication", "mutual", "spire", "install", "server", "image"): "spiffe/spire-server",
}


def cilium_values(primary: PrimaryCniSettings, multus: MultusSettings) -> Values:
    """Values of Cilium's chart.

    With Multus, `cni.exclusive` is always false: an exclusive agent renames Multus's file.
    """
    options = primary.cilium or CiliumSettings()
    pools = {4: [], 6: []}  # type: dict[int, list[str]]
    for cidr in primary.pod_cidrs:
        pools[ipaddress.ip_network(cidr).version].append(cidr)
    values: Values = {
        "cni": {
            "exclusive": False if multus.enabled else options.exclusive,
            "confPath": multus.dirs.conf,
            "binPath": multus.dirs.bin,
            **({"chainingMode": "portmap"} if options.port_map else {}),
        },
        "kubeProxyReplacement": options.kube_proxy_replacement,
        "routingMode": options.routing_mode,
        "autoDirectNodeRoutes": options.auto_direct_node_routes,
        "ipam": {"mode": options.ipam_mode},
        "ipv4": {"enabled": bool(pools[4])},
        "ipv6": {"enabled": bool(pools[6])},
        # Both read their ConfigMap when they start, and only then.
        "rollOutCiliumPods": True,
        "operator": {"replicas": options.operator_replicas, "rollOutPods": True},
        "hubble": _hubble(options),
    }
    if options.routing_mode == "tunnel":
        values["tunnelProtocol"] = options.tunnel_protocol
    if options.native_routing_cidr:
        values["ipv4NativeRoutingCIDR"] = options.native_routing_cidr
    if options.native_routing_cidr_ipv6:
        values["ipv6NativeRoutingCIDR"] = options.native_routing_cidr_ipv6
    if options.ipam_mode == "cluster-pool":
        values["ipam"]["operator"] = {
            **({"clusterPoolIPv4PodCIDRList": pools[4]} if pools[4] else {}),
            **({"clusterPoolIPv4MaskSize": options.mask_size} if pools[4] else {}),
            **({"clusterPoolIPv6PodCIDRList": pools[6]} if pools[6] else {}),
            **({"clusterPoolIPv6MaskSize": options.mask_size_ipv6} if pools[6] else {}),
        }
    if options.devices:
        values["devices"] = options.devices
    if primary.mtu:
        values["MTU"] = primary.mtu
    if multus.api_server:
        values["k8sServiceHost"] = multus.api_server.host
        values["k8sServicePort"] = multus.api_server.port
    if primary.registry:
        for path, repository in IMAGES.items():
            _put(values, path, {"repository": f"{primary.registry.rstrip('/')}/{repository}"})
    return values


def _hubble(options: CiliumSettings) -> Values:
    """Off unless asked for; its certificates come from a Job, not from rendering.

    The chart's default makes new ones at every render, and every `up` would show a change.
    """
    if not options.hubble:
        return {"enabled": False}
    return {
        "enabled": True,
        "tls": {"auto": {"method": "cronJob"}},
        "relay": {"enabled": True},
    }


def _put(values: Values, path: Sequence[str], more: Values) -> None:
    """Add keys to the mapping at a path, making what is missing on the way."""
    for key in path:
        values = values.setdefault(key, {})
    values.update(more)

"""The primary CNI that is there, and the cluster's own networks, from what others wrote down."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from multinet.adopt.look import Seen
from multinet.primary_cni.adoption import EXCLUSIVE_KEY
from multinet.primary_cni.agents import is_ciliums, running

_OPENSHIFT = "OpenShift's Network"
_MOST_POD_CIDRS = 8
_MOST_SERVICE_CIDRS = 2


def conf_file(seen: Seen) -> str:
    """Name of the configuration file that the primary writes; empty: not known.

    Where several agents are there, none is taken: which one is the primary cannot be told.
    """
    cilium = seen.config_maps.get(("kube-system", "cilium-config"), {})
    found = {agent.writes for agent in running(seen.daemon_sets, seen.nodes, cilium)}
    return found.pop() if len(found) == 1 else ""


def exclusive(seen: Seen) -> str:
    """What is to be told of a Cilium whose agents take the files of all others away; empty: nothing."""
    found = seen.config_maps.get(("kube-system", "cilium-config"), {})
    # Its agent's own default, where the key is missing, is false.
    if found.get(EXCLUSIVE_KEY) != "true" or not is_ciliums(conf_file(seen)):
        return ""
    return (
        f"Cilium's {EXCLUSIVE_KEY} is true: it takes Multus's configuration away. For a stack that"
        " corrects it add adopt: {plugin: cilium} to primaryCni, and set cni.exclusive: false in the"
        " values of whatever manages that Cilium"
    )


def pod_cidrs(seen: Seen) -> tuple[list[str], str]:
    """Networks of the pods, and where they were read; empty: nowhere."""
    kubeadm = _networking(seen)
    cilium = seen.config_maps.get(("kube-system", "cilium-config"), {})
    proxy = _yaml(seen.config_maps.get(("kube-system", "kube-proxy"), {}).get("config.conf", ""))
    pools = [
        str(pool["spec"]["cidr"]) for pool in seen.ip_pools if not pool["spec"].get("disabled")
    ]
    openshift = [str(entry.get("cidr")) for entry in _of_openshift(seen, "clusterNetwork")]
    by_cilium = [cilium.get(f"cluster-pool-ipv{family}-cidr", "") for family in (4, 6)]
    by_nodes = [
        str(cidr)
        for node in seen.nodes
        for cidr in node["spec"].get("podCIDRs") or [node["spec"].get("podCIDR")]
        if cidr
    ]
    for texts, source in (
        (openshift, _OPENSHIFT),
        (pools, "Calico's IPPools"),
        (by_cilium, "Cilium's ConfigMap"),
        ([str(kubeadm.get("podSubnet", ""))], "kubeadm's ConfigMap"),
        ([str(proxy.get("clusterCIDR") or "")], "kube-proxy's ConfigMap"),
        (by_nodes, "the nodes' shares as they are now: write the whole network"),
    ):
        if found := _networks(texts):
            return found[:_MOST_POD_CIDRS], source
    return [], ""


def service_cidrs(seen: Seen) -> tuple[list[str], str]:
    """Networks of the services, and where they were read; empty: nowhere."""
    objects = [str(c) for item in seen.service_cidrs for c in item["spec"].get("cidrs") or ()]
    for texts, source in (
        ([str(cidr) for cidr in _of_openshift(seen, "serviceNetwork")], _OPENSHIFT),
        (objects, "ServiceCIDRs"),
        ([str(_networking(seen).get("serviceSubnet", ""))], "kubeadm's ConfigMap"),
    ):
        if found := _networks(texts):
            return found[:_MOST_SERVICE_CIDRS], source
    return [], ""


def _of_openshift(seen: Seen, key: str) -> list[Any]:
    return [item for n in seen.openshift_networks for item in (n.get("status") or {}).get(key, ())]


def _networking(seen: Seen) -> Mapping[str, Any]:
    data = seen.config_maps.get(("kube-system", "kubeadm-config"), {})
    found = _yaml(data.get("ClusterConfiguration", "")).get("networking")
    return found if isinstance(found, Mapping) else {}


def _yaml(text: str) -> Mapping[str, Any]:
    try:
        parsed = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, RecursionError):
        return {}
    return parsed if isinstance(parsed, Mapping) else {}


def _networks(texts: Iterable[str]) -> list[str]:
    """Networks in texts that list them with commas or blanks; neighbours as one."""
    found = []
    for text in (part for whole in texts for part in whole.replace(",", " ").split()):
        try:
            found.append(ipaddress.ip_network(text))
        except ValueError:
            continue
    merged = [
        *ipaddress.collapse_addresses(n for n in found if isinstance(n, ipaddress.IPv4Network)),
        *ipaddress.collapse_addresses(n for n in found if isinstance(n, ipaddress.IPv6Network)),
    ]
    return [str(network) for network in merged]

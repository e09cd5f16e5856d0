"""Names of programs: what may be a typing error, and what is a public plugin that is not known here.

A `type` is the name of a program on the nodes, and anybody can have their own. So a name that is
not known is taken; one that is a slip away from a known one is told of.
"""

from __future__ import annotations

from collections.abc import Iterable

PUBLIC_PLUGINS: dict[str, str] = {
    "accelerated-bridge": "k8snetworkplumbingwg/accelerated-bridge-cni",
    "antrea": "antrea-io/antrea",
    "aws-cni": "aws/amazon-vpc-cni-k8s",
    "azure-vnet": "Azure/azure-container-networking",
    "calico": "projectcalico/calico",
    "cilium-cni": "cilium/cilium",
    "contrail-k8s-cni": "tungstenfabric/tf-controller",
    "debug": "containernetworking/cni",
    "dnsname": "containers/dnsname",
    "egress-cni": "aws/amazon-vpc-cni-k8s",
    "egress-router": "openshift/egress-router-cni",
    "flannel": "flannel-io/cni-plugin",
    "galaxy-sdn": "tkestack/galaxy",
    "istio-cni": "istio/istio",
    "linkerd-cni": "linkerd/linkerd2-proxy-init",
    "route-overwrite": "redhat-nfvpe/cni-route-override",
    "terway": "AliyunContainerService/terway",
    "userspace": "intel/userspace-cni-network-plugin",
    "vpc-branch-eni": "aws/amazon-vpc-cni-plugins",
    "weave-net": "weaveworks/weave",
    "win-bridge": "containernetworking/plugins",
    "win-overlay": "containernetworking/plugins",
}
"""Public CNI plugins that are not read key by key, with the project that says so of itself."""

PUBLIC_IPAMS: dict[str, str] = {
    "antrea": "antrea-io/antrea",
    "azure-cns": "Azure/azure-container-networking",
    "azure-vnet-ipam": "Azure/azure-container-networking",
    "calico-ipam": "projectcalico/calico",
    "infoblox": "infobloxopen/cni-infoblox",
    "weave-ipam": "weaveworks/weave",
}
"""Public IPAM plugins that are not read key by key."""


def one_slip(word: str, known: Iterable[str]) -> str | None:
    """The known name that `word` may have been meant to be: one letter wrong, lacking, too much, or
    two that changed places; upper case does not count. None where there is none, or it is known.

    >>> one_slip("macvlna", ["macvlan", "ipvlan"])
    'macvlan'
    >>> one_slip("Bridge", ["bridge"])
    'bridge'
    """
    names = sorted(known)
    if word in names:
        return None
    return next((name for name in names if _within_one_slip(word.lower(), name.lower())), None)


_ENDINGS = ("-cni", "_cni", "-cni-plugin", "-plugin", "-ipam")
_OTHER_NAMES = {"openvswitch": "ovs", "open-vswitch": "ovs", "bonding": "bond"}


def meant(word: str, known: Iterable[str]) -> str | None:
    """The known program that `word` may have been meant to be: one slip away from its name, or what
    its project is called. None where there is none, or it is known.

    >>> meant("sriov-cni", ["macvlan", "sriov"])
    'sriov'
    """
    names = sorted(known)
    close = one_slip(word, names)
    if close is not None or word in names:
        return close
    lower = word.lower()
    bare = {lower.removesuffix(ending) for ending in _ENDINGS} | {_OTHER_NAMES.get(lower, "")}
    return next((name for name in names if name in bare), None)


def _within_one_slip(word: str, name: str) -> bool:
    if abs(len(word) - len(name)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), None)
    if start is None:
        return True  # equal, or one is the other with a letter more at its end
    rest, other = word[start:], name[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]

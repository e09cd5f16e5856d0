"""Names that Kubernetes, Multus and we have agreed upon: annotations, and the kind of a network."""

from __future__ import annotations

from typing import Final

NETWORKS: Final = "k8s.v1.cni.cncf.io/networks"
"""Annotation of a pod: what it asks Multus for. multi-net-spec v1.3."""

DEFAULT_NETWORK: Final = "v1.multus-cni.io/default-network"
"""Annotation of a pod: the network that it has in the primary CNI's place (Multus v4.3.0)."""

NETWORK_STATUS: Final = "k8s.v1.cni.cncf.io/network-status"
"""Annotation of a pod: what Multus gave it. multi-net-spec v1.3."""

RESOURCE_NAME: Final = "k8s.v1.cni.cncf.io/resourceName"
"""Annotation of a network: the device plugin's resource that its pods need."""

OWNER: Final = "multinet.dev/owner"
"""Annotation of every object that is ours: whose it is, as `project/stack`."""

ACCOUNT: Final = "multinet.dev/account"
"""Annotation of our pods: the uid of the account that they ask the API server as."""

PROTECT: Final = "multinet.dev/protect"
"""Annotation of a network: `false` where it may go although pods ask for it."""

CONFIG_SINCE: Final = "multinet.dev/config-since"
"""Annotation of an adopted network: since when its configuration means what it does."""

PER_NODE: Final = "multinet.dev/per-node"
"""Annotation of a network that the nodes have: what each node's configuration is made of, as JSON."""

POLICY_FOR: Final = "k8s.v1.cni.cncf.io/policy-for"
"""Annotation of a MultiNetworkPolicy: the networks that it is for."""

NAD_GROUP: Final = "k8s.cni.cncf.io"
NAD_PLURAL: Final = "network-attachment-definitions"
NAD_CRD: Final = f"{NAD_PLURAL}.{NAD_GROUP}"

POLICY_KIND: Final = "MultiNetworkPolicy"
POLICY_SINGULAR: Final = "multi-networkpolicy"
POLICY_PLURAL: Final = "multi-networkpolicies"
POLICY_VERSION: Final = "v1beta1"
"""Of the group of NetworkAttachmentDefinitions."""

HOSTNAME: Final = "kubernetes.io/hostname"
"""Label of a node: its own name, which Kubernetes gives it."""

PRIMARY_INTERFACE: Final = "eth0"
"""A pod's first interface, which the primary CNI makes."""

PROJECT: Final = "multinet"
"""The Pulumi project, and the prefix of its keys in a stack file."""


def stack_key(key: str) -> str:
    """A key of a stack file as the file and findings have it: `multinet:networks`."""
    return f"{PROJECT}:{key}"


def own_key(key: object) -> str:
    """The same without the prefix: `networks`."""
    return str(key).removeprefix(f"{PROJECT}:")

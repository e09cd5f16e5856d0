"""What authors write of addons. Made by `make docs`."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from pulumi import Input

from multinet.typed.base import Typed
from multinet.typed.multus import ResourceAmountsArgs
from multinet.typed.pools import PoolArgs


@dataclasses.dataclass(frozen=True, kw_only=True)
class CniPluginsAddonArgs(Typed):
    """The CNI reference plugins in every node's plugin directory, by a DaemonSet."""

    image: Input[str] | None = None
    """A whole reference of an image that has the plugins in /opt/cni/bin, and a POSIX shell with
    cat, cp, mkdir, mv, rm, sed, sha256sum, sleep, stat and sync, and flock where two pods of a
    rollout are to wait for each other; absent: the pinned one.
    """

    plugins: Input[Sequence[Input[str]]] | None = None
    """Which of them; absent: those that the networks call and the primary CNI does not bring."""

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class ReconcilerResources(Typed):
    """Requests and limits of the reconciler."""

    requests: ResourceAmountsArgs | Input[Mapping[str, Any]] | None = None
    """What is kept for it."""

    limits: ResourceAmountsArgs | Input[Mapping[str, Any]] | None = None
    """What it may take."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WhereaboutsAddonArgs(Typed):
    """whereabouts: addresses that are unique in the whole cluster."""

    image: Input[str] | None = None
    """A whole reference of an image with whereabouts' programs at its root and a POSIX shell, as
    upstream's; absent: the pinned one.
    """

    schedule: Input[str] | None = None
    """When the reconciler frees what nobody has any more: a cron expression of five fields, in UTC.
    It also runs when it starts, and again every minute while it fails.
    """

    reconciler_resources: ReconcilerResources | Input[Mapping[str, Any]] | None = None
    """Requests and limits of the reconciler's container."""

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DhcpDaemonAddonArgs(Typed):
    """The dhcp plugin's daemon on every node, while a network uses dhcp."""

    image: Input[str] | None = None
    """A whole reference of an image that has the plugins in /opt/cni/bin, and a POSIX shell with
    grep, mkdir, rm and sleep; absent: the pinned one of the plugins.
    """

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SriovAddonArgs(Typed):
    """SR-IOV: its device plugin with pools of virtual functions, and its CNI plugin."""

    pools: Input[Mapping[str, PoolArgs | Input[Mapping[str, Any]]]] | None = None
    """What pods can ask for: resource, as `example.com/fast` → its virtual functions. A network
    names its pool as `resourceName`. Where two take one function it would be the first one's:
    refused.
    """

    node_selector: Input[Mapping[str, Input[str]]] | None = None
    """Labels of the nodes whose functions are offered; empty: all."""

    image: Input[str] | None = None
    """A whole reference of an image that has the device plugin as /usr/bin/sriovdp; absent: the
    pinned one.
    """

    cni_image: Input[str] | None = None
    """A whole reference of an image that has /usr/bin/sriov, and a POSIX shell as cniPlugins' needs
    it; absent: the pinned one.
    """

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DynamicNetworksAddonArgs(Typed):
    """Attach running pods to networks and detach them, by a change of their annotation."""

    image: Input[str] | None = None
    """A whole reference of an image with the controller as /dynamic-networks-controller and a POSIX
    shell; absent: the pinned one.
    """

    cri_socket: Input[str] | None = None
    """Where the nodes' container runtime listens, such as /run/crio/crio.sock; absent: as the
    distribution's containerd does.
    """

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkPolicyAddonArgs(Typed):
    """Enforce policies on networks: MultiNetworkPolicy, in the pods' own network namespaces."""

    image: Input[str] | None = None
    """A whole reference of an image with /multi-networkpolicy-nftables, `nft` and a POSIX shell;
    absent: the pinned one.
    """

    plugins: Input[Sequence[Input[str]]] | None = None
    """Types of networks that policies are enforced on: of their first plugin, one that leaves an
    interface of the kernel in the pod. Absent: those of the declared networks, as far as they are
    known to do so; where there is none, all of these.
    """

    icmp: Input[bool] | None = None
    """Whether all of ICMP passes, such as ping, whatever policies say. What IPv6 cannot do without,
    neighbour discovery, always does.
    """

    cri_socket: Input[str] | None = None
    """Where the nodes' container runtime listens, such as /run/crio/crio.sock; absent: as the
    distribution's containerd does.
    """

    rollout_timeout: Input[str] | None = None
    """How long it may take to be ready on every node, such as 10m."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class AddonsArgs(Typed):
    """What networks need besides Multus, on every node, without SSH; each off unless said."""

    cni_plugins: CniPluginsAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = None
    """The CNI reference plugins in every node's plugin directory: true, or how. false: others bring
    them.
    """

    whereabouts: WhereaboutsAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = None
    """whereabouts, for addresses that are unique in the whole cluster: true, or how. false: others
    bring it.
    """

    dhcp_daemon: DhcpDaemonAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = None
    """The dhcp plugin's daemon on every node, while a network uses dhcp: true, or how. false:
    others run it.
    """

    sriov: SriovAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = None
    """SR-IOV's device plugin, with pools of virtual functions, and its CNI plugin: how. false:
    others bring them.
    """

    dynamic_networks: DynamicNetworksAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = (
        None
    )
    """What attaches running pods to networks and detaches them, beside Multus in thick mode: true,
    or how. false: others bring it.
    """

    network_policy: NetworkPolicyAddonArgs | Input[Mapping[str, Any]] | Input[bool] | None = None
    """What enforces policies on networks on every node, and the kind of `multinet:policies`: true,
    or how. false: others enforce them, and bring the kind.
    """

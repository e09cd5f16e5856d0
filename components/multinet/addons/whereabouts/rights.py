"""Who whereabouts is to the API server: least privilege, verb by verb.

Two accounts. The agent's lies on every node, in the file that the plugin reads there: it may change
the books in one namespace, and see which pods there are. The controllers' stays in their pods.
Upstream has one account for both, which may do everything but one verb with the books of all
namespaces, and anything with every Lease of the cluster, those of the control plane included.

Source: whereabouts v0.9.4 pkg/storage/kubernetes (the plugin), cmd/controlloop and pkg/controlloop
(the agent), pkg/reconciler, pkg/node-controller.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from multinet.addons import rights
from multinet.addons.site import SiteSettings
from multinet.addons.whereabouts.names import CONTROLLERS, GROUP, LABELS, LEASE, NAME
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings
from multinet.addons.whereabouts.slices import asks_for_slices
from multinet.names import NAD_GROUP, NAD_PLURAL

Manifest = dict[str, Any]

_POOLS, _RESERVED, _SLICES = "ippools", "overlappingrangeipreservations", "nodeslicepools"


def agent_account(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """Whom the agent and, by the file that it writes, the plugin ask as."""
    return rights.account(NAME, site.multus.namespace, LABELS)


def controllers_account(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """Whom the reconciler and the controller of node slices ask as."""
    return rights.account(CONTROLLERS, site.multus.namespace, LABELS)


def agent_role(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """In whereabouts' namespace: the books, and the lock around them.

    The lock is one Lease, but for node slices, which have one each, called after the node: then
    it may be any of the namespace. A name cannot limit what is created.
    """
    sliced = asks_for_slices(site)
    rules = [
        _allow(GROUP, _POOLS, "get", "list", "create", "patch"),
        _allow(GROUP, _RESERVED, "get", "create", "delete"),
        _allow("coordination.k8s.io", "leases", "create"),
        _allow("coordination.k8s.io", "leases", "get", "update", named=() if sliced else (LEASE,)),
    ]
    if sliced:
        rules.append(_allow(GROUP, _SLICES, "get"))
    return rights.role("Role", NAME, LABELS, rules, site.multus.namespace)


def agent_cluster_role(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """What the agent sees, to free what pods of its node had; it says so in their events."""
    del site
    rules = [
        _allow("", "nodes", "get"),
        _allow("", "pods", "get", "list", "watch"),
        _allow(NAD_GROUP, NAD_PLURAL, "list", "watch"),
        _allow(GROUP, _POOLS, "list", "watch"),
        _allow("", "events", "create", "patch"),
    ]
    return rights.role("ClusterRole", NAME, LABELS, rules)


def controllers_role(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """In whereabouts' namespace: what the reconciler takes out of the books; slices are made."""
    rules = [_allow(GROUP, _POOLS, "patch"), _allow(GROUP, _RESERVED, "delete")]
    if asks_for_slices(site):
        rules += [
            _allow(GROUP, _SLICES, "create", "update", "delete"),
            # A NodeSlicePool names its network as an owner that it keeps from going first.
            _allow(NAD_GROUP, f"{NAD_PLURAL}/finalizers", "update"),
        ]
    return rights.role("Role", CONTROLLERS, LABELS, rules, site.multus.namespace)


def controllers_cluster_role(_: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """What they see: the reconciler the books and the pods, the other one nodes and networks."""
    rules = [
        _allow("", "pods", "get", "list"),
        _allow(GROUP, _POOLS, "list"),
        _allow(GROUP, _RESERVED, "list"),
    ]
    if asks_for_slices(site):
        rules += [
            _allow("", "nodes", "list", "watch"),
            _allow(NAD_GROUP, NAD_PLURAL, "list", "watch"),
            _allow(GROUP, _SLICES, "list", "watch"),
        ]
    return rights.role("ClusterRole", CONTROLLERS, LABELS, rules)


Build = Callable[[WhereaboutsAddonSettings, SiteSettings], Manifest]


def _bind(kind: rights.Kind, name: str) -> Build:
    return lambda _, site: rights.binding(kind, name, site.multus.namespace, LABELS)


BINDINGS: Mapping[str, Build] = {
    "agent-role-binding": _bind("Role", NAME),
    "agent-cluster-role-binding": _bind("ClusterRole", NAME),
    "controllers-role-binding": _bind("Role", CONTROLLERS),
    "controllers-cluster-role-binding": _bind("ClusterRole", CONTROLLERS),
}
"""Each role to its account, by what the resource is called."""


def _allow(group: str, resource: str, *verbs: str, named: tuple[str, ...] = ()) -> Manifest:
    rule: Manifest = {"apiGroups": [group], "resources": [resource], "verbs": list(verbs)}
    return rule | ({"resourceNames": list(named)} if named else {})

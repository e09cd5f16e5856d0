"""What is read of the cluster."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from multinet.live import Cluster, Object, Shown
from multinet.multus.running import config_maps_of, multus_of

CONFIG_MAPS = (
    ("kube-system", "kubeadm-config"),
    ("kube-system", "kube-proxy"),
    ("kube-system", "cilium-config"),
)
"""Where the cluster's own networks are written down, as far as its makers do so."""


@dataclasses.dataclass(frozen=True)
class Seen:
    """A cluster, as far as adoption looks at it; objects as the API server sends them.

    Attributes:
        nads: None: the cluster has no such kind.
        config_maps: (namespace, name) → data, of CONFIG_MAPS and of those that Multus mounts.
        service_cidrs, ip_pools: Kubernetes's ServiceCIDRs and Calico's IPPools.
        openshift_networks: OpenShift's own description of the cluster's networks.
        unread: what the API server did not show, with its words.
    """

    nads: Sequence[Object] | None
    daemon_sets: Sequence[Object] = ()
    nodes: Sequence[Object] = ()
    config_maps: Mapping[tuple[str, str], Mapping[str, str]] = dataclasses.field(
        default_factory=dict
    )
    service_cidrs: Sequence[Object] = ()
    ip_pools: Sequence[Object] = ()
    openshift_networks: Sequence[Object] = ()
    unread: Sequence[str] = ()


def look(cluster: Cluster) -> Seen:
    """Read what there is. Raises live.ClusterError where NADs cannot be listed.

    What else the API server refuses to show is kept in `unread`: whoever may read NADs may not
    be allowed to read everything.
    """
    shown = Shown()
    may = shown.may
    nads = cluster.nads()
    nothing: list[Object] = []
    daemon_sets = may(cluster.daemon_sets, nothing)
    mounted = [key for multus in multus_of(daemon_sets) for key in config_maps_of(multus)]
    names = [*CONFIG_MAPS, *mounted]
    found = {
        (namespace, name): may(lambda: cluster.config_map(namespace, name), None)  # noqa: B023
        for namespace, name in dict.fromkeys(names)
    }
    pools = may(lambda: cluster.listed("crd.projectcalico.org", "v1", "ippools"), None)
    openshift = may(lambda: cluster.listed("config.openshift.io", "v1", "networks"), None)
    services = may(lambda: cluster.listed("networking.k8s.io", "v1", "servicecidrs"), None)
    return Seen(
        nads=nads,
        daemon_sets=daemon_sets,
        nodes=may(cluster.nodes, nothing),
        config_maps={key: item.get("data") or {} for key, item in found.items() if item},
        service_cidrs=services or (),
        ip_pools=pools or (),
        openshift_networks=openshift or (),
        unread=tuple(shown.unread),
    )

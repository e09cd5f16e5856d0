"""What each add-on runs in a cluster, by its names there. Plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from multinet.addons.cni_plugins import objects as cni_plugins
from multinet.addons.dhcp_daemon import objects as dhcp_daemon
from multinet.addons.dynamic_networks import names as dynamic_networks
from multinet.addons.network_policy import names as network_policy
from multinet.addons.removal import TAKE_AWAY
from multinet.addons.settings import AddonsSettings
from multinet.addons.site import SiteSettings
from multinet.addons.sriov import objects as sriov
from multinet.addons.whereabouts import names as whereabouts
from multinet.addons.whereabouts.slices import asks_for_slices

Names = Callable[[SiteSettings], tuple[str, ...]]

_DAEMON_SETS: Mapping[str, Names] = {
    "cni_plugins": lambda _: (cni_plugins.NAME,),
    "whereabouts": lambda _: (whereabouts.NAME,),
    "dhcp_daemon": lambda site: (dhcp_daemon.NAME,) if dhcp_daemon.sockets(site) else (),
    "sriov": lambda _: (sriov.CNI_NAME, sriov.NAME),
    "dynamic_networks": lambda _: (dynamic_networks.NAME,),
    "network_policy": lambda _: (network_policy.NAME,),
}
_DEPLOYMENTS: Mapping[str, Names] = {
    "whereabouts": lambda site: (
        (whereabouts.RECONCILER, whereabouts.SLICES)
        if asks_for_slices(site)
        else (whereabouts.RECONCILER,)
    ),
}


def daemon_sets(attribute: str, site: SiteSettings) -> tuple[str, ...]:
    """Names of an add-on's DaemonSets, in Multus's namespace; `attribute`: of AddonsSettings."""
    return _DAEMON_SETS[attribute](site) if attribute in _DAEMON_SETS else ()


def deployments(attribute: str, site: SiteSettings) -> tuple[str, ...]:
    """Names of what an add-on runs once in the cluster."""
    return _DEPLOYMENTS[attribute](site) if attribute in _DEPLOYMENTS else ()


def key_of(attribute: str) -> str:
    """What an add-on is called in a stack file."""
    return AddonsSettings.model_fields[attribute].alias or attribute


def takes_away(daemon_set: Mapping[str, Any]) -> bool:
    """Whether its pods were told to take away what they had laid out."""
    containers = daemon_set["spec"]["template"]["spec"].get("containers") or ()
    return any(
        variable.get("name") == TAKE_AWAY and variable.get("value") == "yes"
        for container in containers
        for variable in container.get("env") or ()
    )

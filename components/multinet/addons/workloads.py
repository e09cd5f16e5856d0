"""What each add-on runs on the nodes, by its names in a cluster. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.addons.cni_plugins import objects as cni_plugins
from multinet.addons.removal import TAKE_AWAY
from multinet.addons.settings import AddonsSettings

DAEMON_SETS: Mapping[str, tuple[str, ...]] = {
    "cni_plugins": (cni_plugins.NAME,),
}
"""Attribute of AddonsSettings → names of its DaemonSets, in Multus's namespace."""


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

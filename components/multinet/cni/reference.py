"""The CNI project's reference plugins: what its archive of a release holds."""

from __future__ import annotations

from typing import Final

from multinet.cni.ipam.known import IPAM_PLUGINS
from multinet.cni.plugins.base import PluginConf
from multinet.cni.plugins.known import PLUGINS

REFERENCE_PLUGINS: Final = frozenset(
    kind for kind, model in {**PLUGINS, **IPAM_PLUGINS}.items() if not model.BROUGHT_BY
)
"""What the archive of the CNI reference plugins holds."""


def programs(plugin: PluginConf) -> list[str]:
    """The programs that Multus starts for one plugin object, and that this one starts: its IPAM's."""
    found = [plugin.type] if plugin.type else []
    if plugin.ipam is not None and plugin.has_ipam:
        found.append(plugin.ipam.type)
    return found

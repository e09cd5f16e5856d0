"""Whether networks ask for node slices."""

from __future__ import annotations

from multinet.addons.site import SiteSettings
from multinet.cni.ipam.whereabouts import Whereabouts


def asks_for_slices(site: SiteSettings) -> bool:
    """Whether a network of the site wants each node to hand out a slice of its own."""
    return any(ipam.node_slice_size for ipam in ipams(site))


def ipams(site: SiteSettings) -> list[Whereabouts]:
    """The whereabouts objects of the site's networks."""
    found = (plugin.ipam for _, plugin in site.plugin_objects if plugin.has_ipam)
    return [ipam for ipam in found if isinstance(ipam, Whereabouts)]

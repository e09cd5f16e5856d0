"""The objects that lay out the CNI reference plugins, as plain data."""

from __future__ import annotations

from typing import Any

from multinet.addons import lay_out
from multinet.addons.cni_plugins.settings import LOOPBACK, CniPluginsAddonSettings
from multinet.addons.lay_out import SCRIPT, script
from multinet.addons.site import SiteSettings
from multinet.cni.reference import REFERENCE_PLUGINS, programs
from multinet.primary_cni.brings import OF_PRIMARY

__all__ = ["CONTAINER", "LABELS", "NAME", "config_map", "daemon_set", "laid_out", "script"]

Manifest = dict[str, Any]

NAME = "multinet-cni-plugins"
CONTAINER = "cni-plugins"
LABELS = {
    "app.kubernetes.io/name": "cni-plugins",
    "app.kubernetes.io/component": "cni-plugins",
    "app.kubernetes.io/part-of": "multinet",
}


def laid_out(settings: CniPluginsAddonSettings, site: SiteSettings) -> list[str]:
    """The plugins that are brought: those of the list, or those that are called, by name.

    What the primary CNI writes there itself is left to it, unless it is named in the list.
    """
    if settings.plugins is not None:
        return sorted(set(settings.plugins))
    called = {program for _, plugin in site.plugin_objects for program in programs(plugin)}
    called |= set(site.primary_cni.calls if site.primary_cni else ())
    by_primary = OF_PRIMARY[site.primary_cni.plugin if site.primary_cni else "existing"]
    return sorted(called & REFERENCE_PLUGINS - by_primary - {LOOPBACK})


def config_map(settings: CniPluginsAddonSettings, site: SiteSettings) -> Manifest:
    """What the pods run."""
    del settings
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "data": {SCRIPT: script()},
    }


def daemon_set(settings: CniPluginsAddonSettings, site: SiteSettings) -> Manifest:
    """A pod on every node; the next one takes over before the one before it ends."""
    image = settings.effective_image(site.multus.registry or "")
    of = lay_out.LayingOut(NAME, CONTAINER, LABELS, image, laid_out(settings, site))
    return lay_out.daemon_set(of, site.multus)

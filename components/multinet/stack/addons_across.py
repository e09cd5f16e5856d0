"""Checks between the add-ons and the other sections: who is in charge of what, and what is idle."""

from __future__ import annotations

from collections.abc import Iterator

from multinet.addons.base import AddonSettings
from multinet.findings import Finding
from multinet.findings.part import Unfinished, readable
from multinet.names import stack_key
from multinet.stack.settings import StackSettings


def addons_across(settings: StackSettings) -> Iterator[Finding]:
    """Nodes that are brought over SSH what an add-on brings everywhere. Paths from the top."""
    addons = readable(lambda: settings.addons)
    if addons is None or not isinstance(readable(lambda: addons.cni_plugins), AddonSettings):
        return
    for name, node in (readable(lambda: settings.nodes) or {}).items():
        plugins = None if isinstance(node, Unfinished) else readable(lambda n=node: n.cni_plugins)  # type: ignore[misc]
        if plugins is not None and plugins.source != "check":
            rule = "the add-on cniPlugins lays the plugins out on this node, too: one is in charge"
            way_out = "leave source out here, or the add-on (multinet:addons.cniPlugins: false)"
            path = (stack_key("nodes"), name, "cniPlugins", "source")
            yield Finding("plugins-brought-twice", path, rule, way_out, plugins.source)

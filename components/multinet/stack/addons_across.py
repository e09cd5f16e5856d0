"""Checks between the add-ons and the other sections: who is in charge of what, and what is idle."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from multinet.addons.base import AddonSettings
from multinet.cni.config import NetworkConfig
from multinet.cni.ipam.dhcp import Dhcp
from multinet.cni.ipam.whereabouts import Whereabouts
from multinet.findings import Finding, Path, Severity
from multinet.findings.part import Unfinished, apart, readable
from multinet.names import stack_key
from multinet.networks.declared import views
from multinet.networks.settings import NetworkSettings
from multinet.nodes.settings import NodeSettings
from multinet.stack.settings import StackSettings


def addons_across(settings: StackSettings) -> Iterator[Finding]:
    """What is brought twice, and what networks need that nobody is known to bring. From the top."""
    if readable(lambda: settings.addons) is not None:
        yield from apart(
            _plugins_twice(settings),
            _whereabouts(settings),
            _dhcp_daemon(settings),
            _dynamic_networks(settings),
        )


def _plugins_twice(settings: StackSettings) -> Iterator[Finding]:
    """Nodes that are brought over SSH what an add-on brings everywhere."""
    if not isinstance(settings.addons.cni_plugins, AddonSettings):
        return
    for name, node in (readable(lambda: settings.nodes) or {}).items():
        plugins = None if isinstance(node, Unfinished) else readable(lambda n=node: n.cni_plugins)  # type: ignore[misc]
        if plugins is not None and plugins.source != "check":
            rule = "the add-on cniPlugins lays the plugins out on this node, too: one is in charge"
            way_out = "leave source out here, or the add-on (multinet:addons.cniPlugins: false)"
            path = (stack_key("nodes"), name, "cniPlugins", "source")
            yield Finding("plugins-brought-twice", path, rule, way_out, plugins.source)


def _whereabouts(settings: StackSettings) -> Iterator[Finding]:
    """Networks with whereabouts, and not a word about who brings it."""
    nodes = _nodes(settings).values()
    provided = nodes and all("whereabouts" in node.cni_plugins.provided for node in nodes)
    if settings.addons.whereabouts is not None or provided:
        return
    for path, value in _ipams(settings, Whereabouts):
        rule = "nothing here brings whereabouts to the nodes, and pods wait for it"
        way_out = "add `whereabouts: true` to multinet:addons, or `whereabouts: false` where others"
        way_out += " bring it"
        warning = Severity.WARNING
        yield Finding("whereabouts-not-brought", path, rule, way_out, value, warning)


def _dhcp_daemon(settings: StackSettings) -> Iterator[Finding]:
    """The same of the dhcp plugin's daemon, which declared nodes have anyway."""
    if settings.addons.dhcp_daemon is not None or _nodes(settings):
        return
    for path, value in _ipams(settings, Dhcp):
        rule = "nothing here runs the dhcp plugin's daemon on the nodes, and pods wait for it"
        way_out = "add `dhcpDaemon: true` to multinet:addons, or `dhcpDaemon: false` where others"
        way_out += " run it"
        warning = Severity.WARNING
        yield Finding("dhcp-daemon-not-brought", path, rule, way_out, value, warning)


def _dynamic_networks(settings: StackSettings) -> Iterator[Finding]:
    """Attaching running pods without the daemon that does it."""
    on = isinstance(settings.addons.dynamic_networks, AddonSettings)
    if on and readable(lambda: settings.multus.mode) == "thin":
        rule = "Multus's daemon attaches running pods, and thin has none"
        path: Path = (stack_key("addons"), "dynamicNetworks")
        way_out = "set multus.mode: thick, or leave the add-on out"
        yield Finding("dynamic-networks-without-daemon", path, rule, way_out)


def _nodes(settings: StackSettings) -> dict[str, NodeSettings]:
    nodes = readable(lambda: settings.nodes) or {}
    return {name: node for name, node in nodes.items() if not isinstance(node, Unfinished)}


def _ipams(
    settings: StackSettings, kind: type[Whereabouts] | type[Dhcp]
) -> Iterator[tuple[Path, str]]:
    """Where networks name an IPAM of that kind, and its type."""
    for name, network in (readable(lambda: settings.networks) or {}).items():
        config = readable(functools.partial(_config, network))
        if config is None or config.refused or config.provided:
            continue
        for path, plugin in config.located:
            if plugin.has_ipam and isinstance(plugin.ipam, kind):
                (view,) = views({name: network}).values()
                yield view.written((*view.path, *path, "ipam", "type")), plugin.ipam.type


def _config(network: NetworkSettings) -> NetworkConfig:
    return network.config

"""The `CniPlugins` component."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet.addons.addon import AddOn, Manifest, rolled_out
from multinet.addons.cni_plugins import objects
from multinet.addons.cni_plugins.settings import CniPluginsAddonSettings
from multinet.addons.site import SiteSettings


class CniPlugins(AddOn[CniPluginsAddonSettings]):
    """The CNI reference plugins in every node's plugin directory, by a DaemonSet.

    See AddOn for the arguments. Outputs: namespace, plugins.
    """

    KIND = "CniPlugins"
    ATTRIBUTE = "cni_plugins"
    SETTINGS = CniPluginsAddonSettings
    PLAIN = ("rolloutTimeout",)

    @classmethod
    def manifests(cls, settings: CniPluginsAddonSettings, site: SiteSettings) -> list[Manifest]:
        return [objects.config_map(settings, site), objects.daemon_set(settings, site)]

    def _install(self) -> pulumi.Resource:
        shape = self.settings.shape
        assert shape is not None, "every setting has a default"
        wait = rolled_out(shape.rollout_timeout)
        config = self._object("config", objects.config_map)
        made = self._object("daemonset", objects.daemon_set, [config], wait)
        return self._taken_away(made, objects.daemon_set, objects.CONTAINER)

    def _told(self) -> dict[str, pulumi.Output[Any]]:
        plugins = self._parts.map(lambda parts: objects.laid_out(*parts))
        return {**super()._told(), "plugins": pulumi.Output.from_input(plugins)}

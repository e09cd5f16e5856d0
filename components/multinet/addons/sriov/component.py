"""The `SriovAddon` component; the CNI plugin of a network is called `Sriov`."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet.addons.addon import AddOn, Manifest, rolled_out
from multinet.addons.site import SiteSettings
from multinet.addons.sriov import objects
from multinet.addons.sriov.settings import SriovAddonSettings


class SriovAddon(AddOn[SriovAddonSettings]):
    """SR-IOV: its device plugin with pools of virtual functions, and its CNI plugin.

    See AddOn for the arguments. Outputs: namespace, resources.
    """

    KIND = "SriovAddon"
    ATTRIBUTE = "sriov"
    SETTINGS = SriovAddonSettings
    PLAIN = ("rolloutTimeout",)

    @classmethod
    def manifests(cls, settings: SriovAddonSettings, site: SiteSettings) -> list[Manifest]:
        return [
            objects.cni_config_map(settings, site),
            objects.cni_daemon_set(settings, site),
            objects.config_map(settings, site),
            objects.daemon_set(settings, site),
        ]

    def _install(self) -> pulumi.Resource:
        shape = self.settings.shape
        assert shape is not None, "every setting has a default"
        wait = rolled_out(shape.rollout_timeout)
        scripts = self._object("cni-config", objects.cni_config_map)
        laying = self._object("cni-daemonset", objects.cni_daemon_set, [scripts], wait)
        plugin = self._taken_away(laying, objects.cni_daemon_set, objects.CNI_CONTAINER)
        config = self._object("config", objects.config_map)
        # Pods are given functions only where the plugin is that moves them.
        return self._object("daemonset", objects.daemon_set, [config, plugin], wait)

    def _told(self) -> dict[str, pulumi.Output[Any]]:
        resources = self.settings.map(lambda known: sorted(known.pools))
        return {**super()._told(), "resources": pulumi.Output.from_input(resources)}

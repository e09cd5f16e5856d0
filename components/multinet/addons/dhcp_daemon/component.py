"""The `DhcpDaemon` component."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet.addons.addon import AddOn, Manifest, rolled_out
from multinet.addons.dhcp_daemon import objects
from multinet.addons.dhcp_daemon.settings import DhcpDaemonAddonSettings
from multinet.addons.site import SiteSettings


class DhcpDaemon(AddOn[DhcpDaemonAddonSettings]):
    """The dhcp plugin's daemon on every node, while a network uses dhcp.

    See AddOn for the arguments. Outputs: namespace, sockets.
    """

    KIND = "DhcpDaemon"
    ATTRIBUTE = "dhcp_daemon"
    SETTINGS = DhcpDaemonAddonSettings
    PLAIN = ("rolloutTimeout",)

    @classmethod
    def manifests(cls, settings: DhcpDaemonAddonSettings, site: SiteSettings) -> list[Manifest]:
        if not objects.sockets(site):
            return []
        return [objects.config_map(settings, site), objects.daemon_set(settings, site)]

    def _install(self) -> pulumi.Resource:
        shape, site = self.settings.shape, self.site.shape
        assert shape is not None, "every setting has a default"
        assert site is not None, "what is not known of it is at its default"
        if not objects.sockets(site):
            return self
        wait = rolled_out(shape.rollout_timeout)
        config = self._object("config", objects.config_map)
        return self._object("daemonset", objects.daemon_set, [config], wait)

    def _told(self) -> dict[str, pulumi.Output[Any]]:
        sockets = self.site.map(objects.sockets)
        return {**super()._told(), "sockets": pulumi.Output.from_input(sockets)}

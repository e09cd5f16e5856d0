"""What an add-on has to know of the cluster that it serves."""

from __future__ import annotations

from multinet.cni.plugins.base import PluginConf
from multinet.findings.model import CheckedModel
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.settings.types import DnsLabel


class SiteSettings(CheckedModel):
    """The cluster that an add-on serves, as far as it has to know it."""

    multus: MultusSettings = MultusSettings()
    """As it runs there: add-ons share its namespace, its mirror and its directories."""
    primary_cni: PrimaryCniSettings | None = None
    """The cluster's primary CNI, which brings plugins of its own."""
    networks: dict[DnsLabel, NetworkSettings] = {}
    """What is served: name → network."""

    @classmethod
    def of(
        cls,
        multus: MultusSettings,
        primary_cni: PrimaryCniSettings | None,
        networks: dict[str, NetworkSettings],
    ) -> SiteSettings:
        """Of parts that are checked already."""
        return cls(multus=multus, primary_cni=primary_cni, networks=networks)

    @property
    def plugin_objects(self) -> list[tuple[str, PluginConf]]:
        """Every plugin object of a network whose configuration is known, with the network's name."""
        return [
            (name, plugin)
            for name, network in self.networks.items()
            if not network.config.provided
            for plugin in network.config.plugins
        ]

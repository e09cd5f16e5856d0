"""A plugin that nothing is known of here."""

from __future__ import annotations

from typing import ClassVar

from pydantic import ConfigDict

from multinet.cni.plugins.base import PluginConf
from multinet.cni.types import is_mac


class OpaquePlugin(PluginConf):
    """A plugin that is not known here: any keys, the envelope's rules only."""

    MAKES_INTERFACE: ClassVar[bool] = False
    VETH: ClassVar[bool | None] = None
    READS_MAC: ClassVar[bool | None] = None

    model_config = ConfigDict(extra="allow")

    @property
    def is_opaque(self) -> bool:
        """It is."""
        return True

    def declared_mtu(self) -> int | None:
        """Its `mtu`, where it is a number."""
        mtu = (self.model_extra or {}).get("mtu")
        return mtu if type(mtu) is int else None

    def declared_mac(self) -> str:
        """Its `mac`, where it is a MAC address."""
        mac = (self.model_extra or {}).get("mac")
        return mac if isinstance(mac, str) and is_mac(mac) else ""

"""dummy: an interface that leads nowhere, for an address of the pod's own."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf


class Dummy(PluginConf):
    """dummy of the CNI reference plugins v1.9.1. No keys of its own; IPAM is required."""

    IPAM: ClassVar[Ipam] = Ipam.REQUIRED
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/dummy"

    type: Literal["dummy"] = "dummy"

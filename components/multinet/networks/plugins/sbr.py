"""sbr: source-based routing, so that answers leave by the interface they came in on."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.networks.model import Ipam, PluginConf
from multinet.networks.types import Uint32


class Sbr(PluginConf):
    """sbr of the CNI reference plugins v1.9.1; chained.

    `table`: routing table for the interface's routes (the first free one from 100 on). It
    needs addresses on the interface.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/sbr"

    type: Literal["sbr"] = "sbr"
    table: Uint32 | None = None

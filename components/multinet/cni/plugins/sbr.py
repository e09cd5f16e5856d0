"""sbr: source-based routing, so that answers leave by the interface they came in on."""

from __future__ import annotations

from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import Uint32


class Sbr(PluginConf):
    """sbr of the CNI reference plugins v1.9.1; chained.

    Each address of the interface gets a rule that leads to a table of its own, and the
    interface's routes move there. `table`: leads all of them to that table and moves nothing;
    what is in it is up to others. Absent: the first free ones from 100 on. It needs addresses
    on the interface.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/sbr"

    type: Literal["sbr"] = "sbr"
    table: Uint32 | None = None

    @property
    def moves_routes(self) -> bool:
        """With a table of somebody else's it adds rules only."""
        return self.table is None

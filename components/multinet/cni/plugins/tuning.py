"""tuning: sysctls and attributes of a pod's interface."""

from __future__ import annotations

import posixpath
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.types import EthernetMtu, OptionalMac
from multinet.findings.model import refusal

_ROOT = "/proc/sys/net/"


def _is_net_sysctl(key: str) -> str:
    file = posixpath.normpath("/proc/sys/" + key.replace(".", "/"))
    if not file.startswith(_ROOT):
        rule = "must be a sysctl below 'net.': others belong to the whole node"
        raise refusal("not-a-net-sysctl", rule, "set it on the node, or in the pod's sysctls")
    return key


SysctlKey = Annotated[str, AfterValidator(_is_net_sysctl)]
"""A sysctl of the pod's network namespace; `IFNAME` in it stands for the interface."""


class Tuning(PluginConf):
    """tuning of the CNI reference plugins v1.9.1; chained.

    It goes after the plugin that makes the interface: without a result before it, it fails.
    """

    IPAM: ClassVar[Ipam] = Ipam.UNUSED
    CHAINED: ClassVar[bool] = True
    MAKES_INTERFACE: ClassVar[bool] = False
    READS_MAC: ClassVar[bool | None] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/meta/tuning"

    type: Literal["tuning"] = "tuning"
    sysctl: dict[SysctlKey, str] | None = None
    """Values by name; `IFNAME` stands for the interface."""
    mac: OptionalMac | None = None
    """Of the interface (as it is)."""
    mtu: EthernetMtu | None = None
    """Bytes; 0: as it is."""
    promisc: bool | None = None
    """Whether it takes all packets (as it is)."""
    allmulti: bool | None = None
    """Whether it takes all multicast (as it is)."""
    tx_q_len: Annotated[int, Field(ge=0, le=2**32 - 1)] | None = Field(None, alias="txQLen")
    """Packets in its queue (as it is)."""
    data_dir: str | None = None
    """Where the node keeps the old values (/run/cni/tuning)."""

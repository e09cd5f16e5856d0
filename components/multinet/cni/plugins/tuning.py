"""tuning: sysctls and attributes of a pod's interface."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.routes import ipv6_given, without_ipv6
from multinet.cni.types import EthernetMtu, OptionalMac
from multinet.findings import Finding
from multinet.findings.model import refusal
from multinet.findings.part import apart

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

    def rules(self) -> Iterator[Finding]:
        """What `args` has for it."""
        yield from apart(super().rules(), self._crash())

    def _crash(self) -> Iterator[Finding]:
        handed = self.args.cni.sysctl if self.args is not None and self.args.cni else None
        if handed and self.sysctl is None:
            rule = "tuning puts these into its own 'sysctl' without looking whether it has one"
            way_out = "add sysctl: {} beside args, or write them there"
            yield Finding("missing-key", ("sysctl",), rule + ", and crashes", way_out)

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """The addresses are there already, and the kernel takes IPv6 ones away in silence."""
        if without_ipv6(self.mtu or 0):
            for plugin in before:
                given = plugin.addressing
                if given is not None and (what := ipv6_given(given[1])):
                    rule = f"pods lose the IPv6 {what} they got: below 1280 bytes there is no IPv6"
                    way_out = "raise it or leave it out"
                    yield Finding("mtu-too-small-for-ipv6", ("mtu",), rule, way_out, self.mtu)
                    return

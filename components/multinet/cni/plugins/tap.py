"""tap: a tap device in the pod, for virtual machines and user-space stacks."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import ClassVar, Literal

from pydantic import AliasChoices, Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import Reach, nobody
from multinet.cni.types import EthernetMtu, OptionalInterfaceName, OptionalMac, Uint32, mac_octets
from multinet.findings import Finding, Path
from multinet.findings.part import apart

_LARGEST_MTU = 65535 - 14  # the Ethernet header counts

_FORGOTTEN = "with both 'owner' and 'group' the plugin forgets the MAC address"


def _colons(mac: str) -> Iterator[Finding]:
    if ":" not in mac:
        rule = "tap hands it to `ip link`, which takes colons only"
        octets = mac_octets(mac).hex(":")
        yield Finding("not-a-mac", (), rule, f"write it as {octets}", mac)


class Tap(PluginConf):
    """tap of the CNI reference plugins v1.9.1.

    IPAM is optional.
    """

    READS_MAC: ClassVar[bool | None] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/tap"

    type: Literal["tap"] = "tap"
    multi_queue: bool | None = None
    """Several queues (false)."""
    mtu: EthernetMtu | None = None
    """Bytes; 0: the kernel's."""
    mac: OptionalMac | None = None
    """With colons."""
    owner: Uint32 | None = None
    """User who may open the device; absent: root."""
    group: Uint32 | None = None
    """Group who may open the device; absent: root's."""
    # The plugin's own documentation writes it in lower case, which Go's decoding takes.
    selinux_context: str | None = Field(
        None,
        alias="selinuxContext",
        validation_alias=AliasChoices("selinuxContext", "selinuxcontext"),
    )
    """Label of the process that makes it."""
    bridge: OptionalInterfaceName | None = None
    """A bridge *in the pod* that it becomes a port of."""

    @property
    def _by_netlink(self) -> bool:
        """The plugin makes it itself only then; else it calls the `ip` program."""
        return self.owner is not None and self.group is not None and not self.selinux_context

    def rules(self) -> Iterator[Finding]:
        """Limits of the kernel's tap; its two ways of making one differ in the MAC address."""
        yield from apart(super().rules(), self._largest(), self._own_mac())

    def _largest(self) -> Iterator[Finding]:
        if (self.mtu or 0) > _LARGEST_MTU:
            rule = f"is above {_LARGEST_MTU} bytes, the most that a tap device takes"
            yield Finding("mtu-out-of-range", ("mtu",), rule, "lower it", self.mtu)

    def _own_mac(self) -> Iterator[Finding]:
        handed = self.runtime_config.mac if self.runtime_config is not None else None
        path: Path = ("runtimeConfig", "mac") if handed else ("mac",)
        mac = handed or self.mac  # as the plugin has it: what the runtime hands over counts
        if mac and self._by_netlink:
            yield no_effect(path, _FORGOTTEN, "set it with the tuning plugin after tap")
        elif mac:
            yield from (f.under(path) for f in _colons(mac))

    def asked_mac(self, text: str) -> Iterator[Finding]:
        """It takes a pod's as its own."""
        if self._by_netlink:
            way_out = "add tuning after it, or leave out 'owner' or 'group'"
            yield Finding("mac-without-effect", (), _FORGOTTEN, way_out, text)
        else:
            yield from _colons(text)

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Nobody, before a program is at its other end."""
        del uplinked
        return nobody("a tap device waits for the program that opens it")

    def past_rules(self) -> str:
        """They go to whoever opens the device."""
        return "its frames go to a program in the pod, past the pod's rules"

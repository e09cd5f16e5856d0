"""host-device: a device of the node, moved into the pod."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from multinet.cni.model import no_effect
from multinet.cni.plugins.base import PluginConf
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment, link_segment
from multinet.cni.types import OptionalInterfaceName, mac_octets
from multinet.findings import Finding
from multinet.findings.model import refusal

_PCI_ADDRESS = re.compile(r"[0-9a-fA-F]{4,8}:[0-9a-fA-F]{2}:[0-1][0-9a-fA-F]\.[0-7]")
_HARDWARE_ADDRESS = re.compile(r"[0-9a-fA-F]{2}(?:([:-])[0-9a-fA-F]{2}(?:\1[0-9a-fA-F]{2})+)")


def _is_pci_address(text: str) -> str:
    if text and not _PCI_ADDRESS.fullmatch(text):
        rule = "must be a PCI address: domain:bus:device.function"
        raise refusal("not-a-pci-address", rule, "`lspci -D` lists them, like 0000:3d:00.1")
    return text


def _is_hardware_address(text: str) -> bool:
    octets = len(re.split("[:-]", text))
    dotted = re.fullmatch(r"[0-9a-fA-F]{4}(\.[0-9a-fA-F]{4}){2}", text)
    return bool(dotted or (_HARDWARE_ADDRESS.fullmatch(text) and octets in (6, 8, 20)))


PciAddress = Annotated[str, AfterValidator(_is_pci_address)]
"""A PCI device's address, e.g. `0000:3d:00.1`; empty: absent."""


class HostDevice(PluginConf):
    """host-device of the CNI reference plugins v1.9.1.

    One key says which device. With the network's `resourceName`, Multus adds `pciBusID` when a pod
    attaches, and none is needed here; nor with the capability `deviceID`, by which it hands the
    device over. IPAM is optional.
    """

    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/host-device"
    HINTS: ClassVar[Mapping[str, str]] = {
        "master": "write it as 'device'",
        "interface": "write it as 'device'",
    }

    type: Literal["host-device"] = "host-device"
    device: OptionalInterfaceName | None = None
    """The link's name."""
    hwaddr: str | None = None
    """Its hardware address."""
    kernelpath: str | None = None
    """Its path below /sys/devices."""
    pci_bus_id: PciAddress | None = Field(None, alias="pciBusID")
    """Its PCI address, like `0000:3d:00.1`."""

    def _named(self) -> list[str]:
        """The keys that name a device, in the order in which the plugin looks at them."""
        keys = {
            "device": self.device,
            "hwaddr": self.hwaddr,
            "kernelpath": self.kernelpath,
            "pciBusID": self.pci_bus_id,
        }
        return [key for key, value in keys.items() if value]

    def rules(self) -> Iterator[Finding]:
        """Of several ways to name the device, the plugin takes the first."""
        yield from super().rules()
        first, *others = self._named() or [""]
        if first == "hwaddr" and not _is_hardware_address(self.hwaddr or ""):
            rule = "must be a hardware address of 6, 8 or 20 octets"
            yield Finding("not-a-mac", ("hwaddr",), rule, "write it like 02:00:5e:00:53:01")
        if first == "kernelpath" and not (self.kernelpath or "").startswith("/sys/devices/"):
            rule = "must be an absolute path below /sys/devices/"
            way_out = "`readlink -f /sys/class/net/NAME/device` tells a link's"
            yield Finding("not-a-kernel-path", ("kernelpath",), rule, way_out, self.kernelpath)
        for key in others:
            rule = f"the device is already named by {first!r}, so this is not looked at"
            yield no_effect((key,), rule, "name the device in one way")

    @property
    def sets_routes(self) -> bool:
        """Not so where the PCI device may have a user-space (DPDK) driver."""
        return bool(self.device or self.hwaddr or self.kernelpath)

    def needs_device(self) -> bool:
        """Whether none of the four names one, and none can come with the pod."""
        handed = self.runtime_config is not None and bool(self.runtime_config.device_id)
        return not (self._named() or handed or (self.capabilities or {}).get("deviceID"))

    def segment(self, resource_name: str = "") -> Segment | None:
        """The device's own; that of the resource where a device plugin picks it."""
        if self.device:
            return link_segment(self.device)
        return Segment(resource_name, kind="resource") if resource_name else None

    def parent_link(self) -> str | None:
        """The device, where it is named by its link's name."""
        return self.device or None

    def takes_links(self) -> tuple[str, ...]:
        """The device, where it is named by its link's name."""
        return self.parent_links()

    def takes_devices(self) -> tuple[tuple[str, str], ...]:
        """The one that it names, by the key that the plugin looks at."""
        hardware = self.hwaddr if _is_hardware_address(self.hwaddr or "") else None
        values = {
            "device": self.device,
            "hwaddr": mac_octets(hardware or "").hex(":"),
            "kernelpath": self.kernelpath,
            "pciBusID": self.pci_bus_id,
        }
        return tuple((key, value) for key in self._named()[:1] if (value := values[key]))

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Never two pods of a node on one device; between nodes it is up to what it leads to."""
        del uplinked
        return Reach(across=None, same_node=False)

    def one_per_node(self) -> bool:
        """The device that is named is there once."""
        return not self.needs_device()

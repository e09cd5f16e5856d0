"""ptp: a veth pair between pod and node, joined by the node's routes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import ClassVar, Literal

from multinet.cni.plugins.base import Ipam, PluginConf
from multinet.cni.reach import Reach
from multinet.cni.segment import Segment
from multinet.cni.types import Address, EthernetMtu, reaches
from multinet.findings import Finding
from multinet.findings.part import apart


class Ptp(PluginConf):
    """ptp of the CNI reference plugins v1.9.1.

    IPAM is required, and every address needs a gateway: it becomes the node's end of the pair.
    """

    IPAM: ClassVar[Ipam] = Ipam.REQUIRED
    VETH: ClassVar[bool | None] = True
    KERNEL_INTERFACE: ClassVar[bool] = True
    SOURCE: ClassVar[str] = "containernetworking/plugins v1.9.1 plugins/main/ptp"
    HINTS: ClassVar[Mapping[str, str]] = {
        "master": "remove it: ptp hangs on no link, the node routes",
    }

    type: Literal["ptp"] = "ptp"
    ip_masq: bool | None = None
    """Masquerade what leaves the subnet (false)."""
    ip_masq_backend: Literal["iptables", "nftables"] | None = None
    """iptables where there is one, else nftables."""
    mtu: EthernetMtu | None = None
    """Bytes; 0: the kernel's."""

    def rules(self) -> Iterator[Finding]:
        """The node's end of the pair has the gateway's address."""
        yield from apart(super().rules(), self._gateways(), self._gateway_twice())
        yield from apart(self._asked_without())

    def _gateways(self) -> Iterator[Finding]:
        for subnet, gateway in self.ipam.given() if self.ipam else []:
            if subnet.prefixlen == subnet.max_prefixlen:
                rule = f"ptp takes the route to the address's subnet away, and {subnet} has none"
                yield Finding("subnet-too-small", ("ipam",), rule, "use a shorter prefix")
            if gateway is None:
                rule = f"ptp gives the node the gateway's address; those of {subnet} have none"
                yield Finding("gateway-missing", ("ipam",), rule, "add a gateway to the addresses")
            elif gateway.version != subnet.version or (
                gateway in subnet and not reaches(subnet, gateway)
            ):
                rule = f"{gateway} cannot be the gateway of {subnet}: the kernel refuses it"
                yield Finding("gateway-unusable", ("ipam",), rule, f"use a host of {subnet}")

    def _asked_without(self) -> Iterator[Finding]:
        """So does each address that is asked for, by the configuration or by pods."""
        if self.ipam is None or not self.ipam.ASKED_WITHOUT_GATEWAY:
            return
        places = [path for path, _ in self._asked_ips()]
        for path in places or ([("ipam",)] if self.waits_for_request else []):
            rule = f"ptp gives the node the gateway's address; what {self.ipam.type} is asked for has none"
            yield Finding("gateway-missing", path, rule, "use addresses with a gateway, or bridge")

    def _gateway_twice(self) -> Iterator[Finding]:
        """Each address gets a route to its gateway, and the kernel takes the same one once."""
        seen: set[Address] = set()
        for choice in self.ipam.choices() if self.ipam else []:
            gateways = {gateway for _, gateway in choice}
            # With several ranges to choose from it depends on which is full.
            (gateway,) = gateways if len(gateways) == 1 else (None,)
            if gateway in seen:
                rule = f"{gateway} is the gateway of two of a pod's addresses: ptp routes to each"
                way_out = "give each address a gateway of its own"
                yield Finding("gateway-unusable", ("ipam",), rule, way_out)
            if gateway is not None:
                seen.add(gateway)

    def segment(self, resource_name: str = "") -> Segment | None:
        """The node's routes: they lead to every pod on a ptp network."""
        del resource_name
        return Segment("", kind="routed", shared=False)

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Pods of a node, through its routes; other nodes have no route to them."""
        del uplinked
        return Reach(across=False, same_node=True)

"""The subnets that OVN-Kubernetes reads, several in one string, and hands addresses out of."""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
from collections.abc import Iterator, Sequence
from typing import Final

from multinet.cni.ipam.asked import needs_prefix
from multinet.cni.ipam.base import IpamConf
from multinet.cni.ranges import AddressRange, without
from multinet.cni.types import Address, Subnet, cidr
from multinet.findings import Finding, Path, Severity

_HOST_BITS: Final = {4: 24, 6: 64}
_INTERNAL: Final = {
    "100.64.0.0/16": "join",
    "fd98::/64": "join",
    "100.65.0.0/16": "user-defined join",
    "fd99::/64": "user-defined join",
    "100.88.0.0/16": "transit",
    "fd97::/64": "transit",
    "169.254.169.0/29": "masquerade",
    "fd69::/125": "masquerade",
}
"""What OVN-Kubernetes v1.3.0 uses itself, where its own configuration does not say otherwise."""


@dataclasses.dataclass(frozen=True, slots=True)
class OvnSubnet:
    """A subnet, and of layer3 the prefix length of each node's part; 0: not split."""

    network: Subnet
    node_prefix: int = 0


def read(text: str, *, split: bool) -> list[OvnSubnet]:
    """Subnets between commas. `split`: each may end in a node's prefix length.

    Raises ValueError with the rule that is broken.
    """
    return [_one(part.strip(), split) for part in text.split(",")] if text.strip() else []


def _one(text: str, split: bool) -> OvnSubnet:
    pieces = text.split("/")
    if len(pieces) not in (2, 3) or (len(pieces) == 3 and not split):
        form = "address/prefix length" + ("[/prefix length of a node's part]" if split else "")
        raise ValueError(f"{text!r} is not {form}")
    try:
        network = cidr("/".join(pieces[:2])).network
    except ValueError:
        raise ValueError(f"{text!r} is not a subnet") from None
    if not split:
        return OvnSubnet(network)
    given = pieces[2] if len(pieces) == 3 else str(_HOST_BITS[network.version])
    if not given.isascii() or not given.isdigit():
        raise ValueError(f"{given!r} is not a prefix length")
    return OvnSubnet(network, int(given))


def split_findings(subnets: Sequence[OvnSubnet], path: Path) -> Iterator[Finding]:
    """What holds for the parts that nodes get in the layer3 topology."""
    first = next((s.node_prefix for s in subnets if s.network.version == 4), 0)
    for subnet in subnets:
        network, prefix = subnet.network, subnet.node_prefix
        rule = ""
        if network.version == 6 and prefix != _HOST_BITS[6]:
            rule = f"nodes get /64 parts of an IPv6 subnet, not /{prefix}"
        elif prefix > network.max_prefixlen:
            rule = f"/{prefix} is no prefix length of IPv4"
        elif prefix <= network.prefixlen:
            rule = f"a node's part, /{prefix}, has to be smaller than {network}"
        elif network.version == 4 and prefix != first:
            rule = f"all IPv4 subnets are split alike: /{first} and /{prefix} are not"
        if rule:
            way_out = "write e.g. 10.128.0.0/16/24"
            yield Finding("ovn-subnets", path, rule, way_out, f"{network}/{prefix}")


def overlap_findings(subnets: Sequence[OvnSubnet], path: Path) -> Iterator[Finding]:
    """Subnets that overlap each other, or what OVN-Kubernetes uses itself."""
    for one, other in itertools.combinations(subnets, 2):
        if _overlap(one.network, other.network):
            rule = f"{one.network} and {other.network} overlap"
            yield Finding("ovn-subnets", path, rule, "separate them", str(other.network))
    for subnet, (text, what) in itertools.product(subnets, _INTERNAL.items()):
        if _overlap(subnet.network, ipaddress.ip_network(text)):
            rule = f"{subnet.network} overlaps {text}, OVN-Kubernetes' own {what} subnet"
            way_out = "use another, unless your cluster has another join subnet"
            severity = Severity.WARNING
            yield Finding("ovn-internal-subnet", path, rule, way_out, str(subnet.network), severity)


def _overlap(one: Subnet, other: Subnet) -> bool:
    return one.version == other.version and one.overlaps(other)


class OvnAddresses(IpamConf):
    """OVN-Kubernetes' own address management, which stands in `subnets`, not in an `ipam`."""

    type: str = "ovn-kubernetes"
    subnets_text: str = ""
    excluded_text: str = ""
    split: bool = False
    for_pods_that_ask: bool = False

    @property
    def gives_unasked(self) -> bool:
        """Without subnets a pod has the address that it asks for, or none."""
        return bool(self.subnets_text)

    def asked(self, text: str) -> Iterator[Finding]:
        """Pods choose where nobody else does; primary layer2 networks can be set up for it."""
        yield from needs_prefix(text, self)
        if self.subnets_text and not self.for_pods_that_ask:
            rule = "OVN-Kubernetes gives addresses of its subnets itself, and refuses a pod's own"
            way_out = "leave ips out, or make a network without subnets"
            yield Finding("ips-without-effect", (), rule, way_out, text)

    def _subnets(self) -> list[OvnSubnet]:
        return read(self.subnets_text, split=self.split)

    def address_ranges(self) -> list[AddressRange]:
        """Each subnet without its network's own address, its broadcast one and exclusions."""
        holes = [s.network for s in read(self.excluded_text, split=False)]
        return [left for s in self._subnets() for left in without(_hosts(s.network), holes)]

    def choices(self) -> list[list[tuple[Subnet, Address | None]]]:
        """An address of each subnet; its gateway is no host of it."""
        return [[(subnet.network, None)] for subnet in self._subnets()]


def _hosts(network: Subnet) -> AddressRange:
    first, last = network.network_address, network.broadcast_address
    if network.num_addresses > 2:
        first, last = first + 1, last - (1 if network.version == 4 else 0)
    return AddressRange(network, first, last)

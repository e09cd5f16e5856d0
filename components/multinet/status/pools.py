"""whereabouts' books: IPPool objects, in which each entry is an address and the pod that has it.

The names and the form are those of whereabouts v0.9.4 (pkg/storage/kubernetes/ipam.go): a pool is
called like its range, after `network_name` where one is set; with node slices there is one for each
node, which stands between the two. An entry's key is the address's distance from the range's first one.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.cni.ipam.base import IpamConf
from multinet.cni.ipam.whereabouts import Whereabouts
from multinet.cni.ranges import AddressRange
from multinet.cni.types import Address, Subnet
from multinet.live import Kind, Object

_GROUP, _VERSION = "whereabouts.cni.cncf.io", "v1alpha1"
POOLS = Kind(_GROUP, _VERSION, "ippools")
RESERVATIONS = Kind(_GROUP, _VERSION, "overlappingrangeipreservations")


@dataclasses.dataclass(frozen=True)
class Leak:
    """An entry of a pool.

    Attributes:
        namespace, pool, key: where it stands: the IPPool, and the key in `spec.allocations`.
        pod: `namespace/name` of the pod that it was made for.
        gone: whether the cluster has no such pod.
    """

    namespace: str
    pool: str
    key: str
    address: Address
    pod: str
    gone: bool

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"address": str(self.address), "pod": self.pod, "pool": self.pool}


@dataclasses.dataclass(frozen=True)
class Pools:
    """Every pool of a cluster.

    Attributes:
        objects: IPPools. pods: `namespace/name` of every pod, ended ones included.
    """

    objects: Sequence[Object]
    pods: frozenset[str]

    def booked(
        self, ipam: IpamConf, subnet: Subnet, runs: Sequence[AddressRange]
    ) -> Iterator[Leak]:
        """What the books have of a range."""
        if not isinstance(ipam, Whereabouts):
            return
        for pool in self.objects:
            if not self._is_of(pool, ipam, subnet):
                continue
            for entry in self._entries(pool):
                if any(entry.address in run for run in runs):
                    yield entry

    def _is_of(self, pool: Object, ipam: Whereabouts, subnet: Subnet) -> bool:
        own = _network(pool)
        if own is None or own.version != subnet.version or not own.subnet_of(subnet):  # type: ignore[arg-type]
            return False
        before, found, _ = str(pool["metadata"]["name"]).rpartition(_normal(own))
        prefix, name = before.rstrip("-"), ipam.network_name or ""
        if not found:
            return False
        if ipam.node_slice_size and own != subnet:
            return not name or prefix.startswith(f"{name}-")
        return own == subnet and prefix == name

    def _entries(self, pool: Object) -> Iterator[Leak]:
        network = _network(pool)
        allocations: Mapping[str, Any] = (pool.get("spec") or {}).get("allocations") or {}
        for key, value in allocations.items():
            if network is None or not key.isdigit() or not isinstance(value, Mapping):
                continue
            at = int(network.network_address) + int(key)
            if at > int(network.broadcast_address):
                continue
            pod = str(value.get("podref") or "")
            yield Leak(
                namespace=pool["metadata"]["namespace"],
                pool=pool["metadata"]["name"],
                key=key,
                address=type(network.network_address)(at),
                pod=pod,
                gone=pod not in self.pods,
            )


def _normal(range_: Subnet) -> str:
    """As whereabouts writes a range in names: of IPv6 it puts a 0 behind a last colon only."""
    return str(range_).replace(":", "-").replace("/", "-")


def _network(pool: Object) -> Subnet | None:
    try:
        return ipaddress.ip_network(str((pool.get("spec") or {}).get("range")), strict=False)
    except ValueError:
        return None

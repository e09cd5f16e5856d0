"""Who is on which network: live pods, by what Multus wrote on them. Pure."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

from multinet.cni.types import Address
from multinet.live import Object
from multinet.networks.asked import lacks
from multinet.verify.before import node_of
from multinet.verify.seen import network_status
from multinet.verify.stale import Owner, above_of, attached_at, owner_of


@dataclasses.dataclass(frozen=True, slots=True)
class Attached:
    """A pod's interface on a network.

    Attributes:
        network: reference `namespace/name` of its NAD.
        owner: what brings the pod back.
        addresses: without prefix length, as network-status has them.
    """

    network: str
    namespace: str
    pod: str
    node: str
    owner: Owner
    interface: str
    addresses: tuple[Address, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "namespace": self.namespace,
            "pod": self.pod,
            "node": self.node,
            "owner": {"kind": self.owner.kind, "name": self.owner.name},
            "interface": self.interface,
            "addresses": [str(address) for address in self.addresses],
        }


def attached(
    pods: Iterable[Object], replica_sets: Iterable[Mapping[str, Any]]
) -> dict[str, list[Attached]]:
    """Network → interfaces on it, by namespace, pod and interface.

    Args:
        pods: those that have not ended; one that is being deleted has its addresses until it is
            gone.
        replica_sets: those between pods and Deployments.
    """
    above = above_of(replica_sets)
    found: dict[str, list[Attached]] = {}
    for pod in pods:
        metadata = pod["metadata"]
        for entry in network_status(pod) or ():
            if entry.default or "/" not in entry.name:
                continue
            addresses = (_address(text) for text in entry.ips)
            one = Attached(
                network=entry.name,
                namespace=metadata.get("namespace", ""),
                pod=metadata["name"],
                node=node_of(pod),
                owner=owner_of(pod, above),
                interface=entry.interface,
                addresses=tuple(a for a in addresses if a is not None),
            )
            found.setdefault(entry.name, []).append(one)
    for entries in found.values():
        entries.sort(key=lambda a: (a.namespace, a.pod, a.interface))
    return found


def addresses_held(pods: Iterable[Object]) -> dict[str, set[Address]]:
    """Node → every address that its pods say they have, on whichever network, the primary's too."""
    found: dict[str, set[Address]] = {}
    for pod in pods:
        said = [ip for entry in network_status(pod) or () for ip in entry.ips]
        said += [str(one.get("ip")) for one in (pod.get("status") or {}).get("podIPs") or ()]
        on = found.setdefault(node_of(pod), set())
        on.update(address for text in said if (address := _address(text)) is not None)
    return found


def silent(pods: Iterable[Object]) -> dict[str, str]:
    """Node → a pod there that may have more addresses than it says: what asks, and is not told all.

    It is being started, or its sandbox is made again (what is written on it is the last one's), or
    Multus wrote nothing on it.
    """
    return {
        node_of(pod): f"{pod['metadata'].get('namespace', '')}/{pod['metadata']['name']}"
        for pod in pods
        if not (pod.get("spec") or {}).get("hostNetwork")
        and (
            lacks(pod, [entry.name for entry in network_status(pod) or ()])
            or (lacks(pod, []) and attached_at(pod) is None)
        )
    }


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_interface(text).ip
    except ValueError:
        return None  # whoever may write a pod may write its annotations

"""What a pod asks of networks: an entry of its annotation (multi-net-spec v1.3)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from multinet.networks.checks.view import NetworkView


@dataclasses.dataclass(frozen=True, kw_only=True)
class PortMapping:
    """A port of the node that leads to one of the pod: 1 to 65535; TCP, UDP or SCTP."""

    host_port: int
    container_port: int
    protocol: str = "TCP"
    host_ip: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As the annotation has it."""
        host = {"hostIP": self.host_ip} if self.host_ip else {}
        ports = {"hostPort": self.host_port, "containerPort": self.container_port}
        return {**ports, "protocol": self.protocol, **host}


@dataclasses.dataclass(frozen=True, kw_only=True)
class BandwidthLimit:
    """Limits for one pod: rates in bit/s, bursts in bits; rate and burst come together."""

    ingress_rate: int = 0
    ingress_burst: int = 0
    egress_rate: int = 0
    egress_burst: int = 0

    def to_json(self) -> dict[str, Any]:
        """As the annotation has it."""
        return {
            "ingressRate": self.ingress_rate,
            "ingressBurst": self.ingress_burst,
            "egressRate": self.egress_rate,
            "egressBurst": self.egress_burst,
        }


@dataclasses.dataclass(frozen=True)
class Attachment:
    """One interface of a pod.

    Attributes:
        name, namespace: of the network; without namespace: the pod's.
        interface: its name in the pod; net1, net2 … by position when absent.
        ips: addresses to get; with prefix length where the IPAM is static or whereabouts.
        mac: MAC address to get.
        infiniband_guid: GUID to get, eight octets.
        port_mappings: ports of the node that lead to the pod; mappings have the annotation's keys.
        bandwidth: limits for this pod; the same.
        default_route: gateways of the pod's default route, one of each IP family at most.
        cni_args: more arguments for the plugins.
        ipam_claim_reference: an IPAMClaim that keeps the addresses; not together with ips.
    """

    name: str
    namespace: str | None = None
    interface: str | None = None
    ips: Sequence[str] = ()
    mac: str | None = None
    infiniband_guid: str | None = None
    port_mappings: Sequence[PortMapping | Mapping[str, Any]] = ()
    bandwidth: BandwidthLimit | Mapping[str, Any] | None = None
    default_route: Sequence[str] = ()
    cni_args: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    ipam_claim_reference: str | None = None

    @classmethod
    def to(cls, network: str | NetworkView, **options: Any) -> Attachment:
        """An attachment to a network, or to what `[namespace/]name[@interface]` names."""
        if isinstance(network, NetworkView):
            return cls(network.name, network.namespace, **options)
        head, _, interface = network.partition("@")
        namespace, slash, name = head.rpartition("/")
        if interface:
            options = {"interface": interface, **options}
        return cls(name if slash else head, namespace or None, **options)

    @property
    def short(self) -> str | None:
        """The short form; None when it asks for more than that can say."""
        plain = Attachment(self.name, self.namespace, self.interface)
        if self != plain or "." in self.name:
            return None
        namespace = f"{self.namespace}/" if self.namespace else ""
        return f"{namespace}{self.name}" + (f"@{self.interface}" if self.interface else "")

    def to_json(self) -> dict[str, Any]:
        """An entry of the JSON form: only what is asked for."""
        entry: dict[str, Any] = {
            "name": self.name,
            "namespace": self.namespace,
            "interface": self.interface,
            "ips": _listed(self.ips),
            "mac": self.mac,
            "infiniband-guid": self.infiniband_guid,
            "portMappings": [_entry(mapping) for mapping in self.port_mappings],
            "bandwidth": _entry(self.bandwidth) if self.bandwidth else None,
            "default-route": _listed(self.default_route),
            "cni-args": dict(self.cni_args),
            "ipam-claim-reference": self.ipam_claim_reference,
        }
        return {key: value for key, value in entry.items() if value not in (None, [], {})}


def _listed(texts: Sequence[str]) -> Sequence[str]:
    """A lone text stays one: it is refused, and not taken for a list of its characters."""
    return texts if isinstance(texts, str) else list(texts)


def _entry(part: PortMapping | BandwidthLimit | Mapping[str, Any]) -> dict[str, Any]:
    return dict(part) if isinstance(part, Mapping) else part.to_json()


@dataclasses.dataclass(frozen=True)
class Isolation:
    """Multus's namespace isolation: which networks a pod may use besides its own namespace's.

    `global_namespaces` is what the settings say; Multus's own default is `default` alone, and
    naming any replaces that.
    """

    global_namespaces: Sequence[str] = ("default",)

    def allows(self, pod_namespace: str, network_namespace: str) -> bool:
        """Whether a pod may use a network of that namespace."""
        return network_namespace == pod_namespace or network_namespace in self.global_namespaces

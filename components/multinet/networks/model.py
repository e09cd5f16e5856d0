"""Base classes of the typed CNI configurations: plugin objects and IPAM objects."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema

from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel
from multinet.networks.ranges import AddressRange
from multinet.networks.types import (
    Address,
    Cidr,
    NetworkName,
    OptionalIpAddress,
    Subnet,
    Uint32,
    address,
    cidr,
)

CNI_VERSIONS = ("0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0")
RESERVED = ("args", "prevResult", "runtimeConfig")
"""Keys that the runtime and the meta-plugin write; so is everything under `cni.dev/`."""


class Ipam(enum.Enum):
    """Whether a plugin wants an `ipam` object."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    UNUSED = "unused"


@dataclasses.dataclass(frozen=True, slots=True)
class Segment:
    """Where packets of a network meet, as far as the configuration shows it.

    Two networks on equal segments see each other's addresses.

    Attributes:
        parent: the node's link it hangs on, e.g. `eth0` or `br1`; empty for the default route's.
        vlan: VLAN on that link; 0: untagged.
        kind: `link`; `routed` where the node's routes join the pods (ptp); `resource` where
            a device plugin picks the link.
        shared: whether several nodes are on it (macvlan on a NIC: yes; a bridge that the
            plugin makes: no, every node has its own). Not part of equality.
    """

    parent: str
    vlan: int = 0
    kind: str = "link"
    shared: bool = dataclasses.field(default=True, compare=False)

    def __str__(self) -> str:
        names = {"routed": "the node's routes", "resource": f"resource {self.parent}"}
        where = names.get(self.kind) or self.parent or "the default route's interface"
        return f"{where}, VLAN {self.vlan}" if self.vlan else where


def link_segment(parent: str, vlan: int = 0, *, shared: bool = True) -> Segment:
    """A segment on a link, reading `eth0.100` as VLAN 100 on `eth0`, as everybody names it."""
    base, dot, tag = parent.rpartition(".")
    if not vlan and dot and base and tag.isascii() and tag.isdigit() and 0 < int(tag) < 4095:
        return Segment(base, int(tag), shared=shared)
    return Segment(parent, vlan, shared=shared)


class Route(CheckedModel):
    """A route in a CNI result. Units: mtu and advmss in bytes. CNI specification 1.1.0."""

    dst: Cidr
    gw: OptionalIpAddress | None = None
    mtu: Uint32 | None = None
    advmss: Uint32 | None = None
    priority: Uint32 | None = None
    table: Uint32 | None = None
    scope: Annotated[int, Field(ge=0, le=255)] | None = None

    @property
    def destination(self) -> Subnet:
        """Where it leads, host bits cleared."""
        return cidr(self.dst).network

    @property
    def gateway(self) -> Address | None:
        """The gateway it names; None: the IPAM's."""
        return address(self.gw) if self.gw else None


class Dns(CheckedModel):
    """Resolver settings in a CNI result. CNI specification 1.1.0."""

    nameservers: list[str] | None = None
    domain: str | None = None
    search: list[str] | None = None
    options: list[str] | None = None


class CniModel(CheckedModel):
    """An object of a CNI configuration that Python users can also write typed.

    HINTS: keys that users mistake for this object's, and what to write instead.
    """

    HINTS: ClassVar[Mapping[str, str]] = {}

    def to_cni(self) -> dict[str, Any]:
        """As a mapping with the specification's keys: the type, and only what was set."""
        fields = type(self).model_fields
        written = {"type", *self.model_fields_set}
        known = {f.alias or n: getattr(self, n) for n, f in fields.items() if n in written}
        whole = known | (self.model_extra or {})
        return {key: _plain(value) for key, value in whole.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, CniModel):
        return value.to_cni()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_unset=True, exclude_none=True)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


class IpamConf(CniModel):
    """An `ipam` object. Subclasses know one IPAM plugin's keys.

    An empty type means to the reference plugins that there is no IPAM.
    """

    SOURCE: ClassVar[str] = ""

    type: str = ""

    def address_ranges(self) -> list[AddressRange]:
        """What it can hand out, one entry per run; empty where others decide (dhcp)."""
        return []

    def choices(self) -> list[list[tuple[Subnet, Address | None]]]:
        """For each address that a pod gets: the subnets it can be in, each with its gateway."""
        return []

    def given(self) -> list[tuple[Subnet, Address | None]]:
        """The subnets that a pod's own addresses can be in, each with its gateway."""
        return [given for choice in self.choices() for given in choice]

    def on_link(self) -> list[Subnet]:
        """The subnets that a pod's own addresses can be in."""
        return [subnet for subnet, _ in self.given()]

    def gateways(self) -> list[Address]:
        """Gateways it hands out, in order; of each family the first serves bare routes."""
        return [gateway for _, gateway in self.given() if gateway is not None]

    @property
    def waits_for_request(self) -> bool:
        """Whether a pod gets an address only if it asks for one."""
        return False

    def addresses_per_family(self) -> int:
        """How many addresses of one family a pod gets at most."""
        return 1

    def route_list(self) -> list[Route]:
        """The routes it hands out."""
        return []

    def subnets(self) -> list[str]:
        """The subnets as text, in order, without repetition."""
        return list(dict.fromkeys(str(s) for s in self.on_link()))

    def allocator(self, network: str) -> str:
        """Who keeps the books: two networks with the same books never give an address twice."""
        return f"{self.type}:{network}"

    @property
    def per_node(self) -> bool:
        """Whether each node hands out addresses without knowing of the others."""
        return False


class OpaqueIpam(IpamConf):
    """An IPAM plugin that is not known here: any keys, sent as they are."""

    model_config = ConfigDict(extra="allow")


def _dispatch_ipam(raw: Any) -> IpamConf:
    from multinet.networks import dispatch

    return dispatch.ipam(raw)


AnyIpam = Annotated[
    IpamConf, PlainValidator(_dispatch_ipam), WithJsonSchema({"x-ref": "#/$defs/Ipam"})
]
CniVersion = Annotated[str, WithJsonSchema({"enum": list(CNI_VERSIONS)})]


class PluginConf(CniModel):
    """One plugin object: a whole configuration, or one entry of a list's `plugins`.

    Class attributes that a plugin's model states:
        IPAM: whether it wants an `ipam`.
        CHAINED: it changes what a plugin before it made, so it cannot come first.
        MAKES_INTERFACE: it makes the pod's interface, so no other that does can follow it.
        VETH: whether the interface has a peer on the node; None: not known.
        MIN_CNI_VERSION, MAX_CNI_VERSION: the oldest and the newest cniVersion it speaks.
        SOURCE: project and version whose source the rules were read from.
    """

    IPAM: ClassVar[Ipam] = Ipam.OPTIONAL
    CHAINED: ClassVar[bool] = False
    MAKES_INTERFACE: ClassVar[bool] = True
    VETH: ClassVar[bool | None] = False
    MIN_CNI_VERSION: ClassVar[str] = "0.1.0"
    MAX_CNI_VERSION: ClassVar[str] = CNI_VERSIONS[-1]
    SOURCE: ClassVar[str] = ""

    type: str
    cni_version: CniVersion | None = None
    name: NetworkName | None = None
    ipam: AnyIpam | None = None
    dns: Dns | None = None
    capabilities: Mapping[str, bool | None] | None = None

    @property
    def has_ipam(self) -> bool:
        """Whether it calls an IPAM plugin. An empty `ipam`, or one without type, is none."""
        return self.ipam is not None and bool(self.ipam.type)

    @property
    def sets_routes(self) -> bool:
        """Whether it certainly puts the IPAM's routes on an interface of the kernel's."""
        return self.MAKES_INTERFACE

    def rules(self) -> Iterator[Finding]:
        """What holds for every plugin that sets addresses and routes."""
        from multinet.networks.routes import mtu_findings, route_findings

        if self.ipam is None:
            return
        yield from route_findings(self)
        yield from mtu_findings(self)
        asked = bool((self.capabilities or {}).get("ips"))
        if self.MAKES_INTERFACE and self.ipam.waits_for_request and not asked:
            rule = f"{self.ipam.type} gives no address: none is named, and pods cannot ask for one"
            way_out = 'name addresses, or add "capabilities": {"ips": true} for pods that ask'
            yield Finding("no-addresses", ("ipam",), rule, way_out)

    def segment(self, resource_name: str = "") -> Segment | None:
        """The segment its pods are on; None where the configuration does not tell."""
        del resource_name
        return None

    def parent_link(self) -> str | None:
        """The node's link it needs before a pod can attach; None: no such need."""
        return None

    def declared_mtu(self) -> int | None:
        """The MTU in bytes it asks for; None or 0: the parent's."""
        return getattr(self, "mtu", None)

    def needs_device(self) -> bool:
        """Whether a device must come at run time (from a device plugin) for it to work."""
        return False


class OpaquePlugin(PluginConf):
    """A plugin that is not known here: any keys, the envelope's rules only."""

    MAKES_INTERFACE: ClassVar[bool] = False
    VETH: ClassVar[bool | None] = None

    model_config = ConfigDict(extra="allow")

    def declared_mtu(self) -> int | None:
        """Its `mtu`, where it is a number."""
        mtu = (self.model_extra or {}).get("mtu")
        return mtu if type(mtu) is int else None


def no_effect(path: Path, rule: str, way_out: str = "remove it") -> Finding:
    """A warning about something that the plugin takes and then ignores."""
    return Finding("no-effect", path, rule, way_out, severity=Severity.WARNING)

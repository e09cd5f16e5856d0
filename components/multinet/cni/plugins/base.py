"""What every plugin object is."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar

from multinet.cni.ipam.asked import asked_findings
from multinet.cni.ipam.base import IpamConf
from multinet.cni.ipam.known import AnyIpam
from multinet.cni.model import CNI_VERSIONS, CniModel, CniVersion
from multinet.cni.reach import UNKNOWN, Reach
from multinet.cni.route import Dns
from multinet.cni.routes import default_route, mtu_findings, route_findings
from multinet.cni.runtime import Args, RuntimeConfig, asked_ips
from multinet.cni.segment import LinkAddress, Segment
from multinet.cni.types import Address, NetworkName, Subnet
from multinet.findings import Finding, Path
from multinet.findings.part import apart


class Ipam(enum.Enum):
    """Whether a plugin wants an `ipam` object."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    UNUSED = "unused"


class PluginConf(CniModel):
    """One plugin object: a whole configuration, or one entry of a list's `plugins`.

    Class attributes that a plugin's model states:
        IPAM: whether it wants an `ipam`.
        CHAINED: it changes what a plugin before it made, so it cannot come first.
        ALONE: no other plugin can be in a list with it.
        MAKES_INTERFACE: it makes the pod's interface, so no other that does can follow it.
        VETH: whether the interface has a peer on the node; None: not known.
        TAKES_ADDRESSES: without an `ipam` it takes the addresses of the plugins before it.
        READS_MAC: whether it takes the MAC address that a pod asks for; None: not known.
        INHERITS_MTU: an interface without an MTU of its own has that of `parent_link`, which
            cannot be exceeded.
        ONLY_WITH: the primary CNI without which it does not work; empty: any.
        KERNEL_INTERFACE: whether it leaves an interface of the kernel, with its addresses, in the
            pod: what comes and goes there is held to the rules of the pod's network namespace.
        OWN_POLICIES: who enforces policies on its networks himself; empty: nobody is known to.
        MIN_CNI_VERSION, MAX_CNI_VERSION: the oldest and the newest cniVersion it speaks.
    """

    IPAM: ClassVar[Ipam] = Ipam.OPTIONAL
    CHAINED: ClassVar[bool] = False
    ALONE: ClassVar[bool] = False
    MAKES_INTERFACE: ClassVar[bool] = True
    VETH: ClassVar[bool | None] = False
    TAKES_ADDRESSES: ClassVar[bool] = False
    READS_MAC: ClassVar[bool | None] = False
    INHERITS_MTU: ClassVar[bool] = False
    ONLY_WITH: ClassVar[str] = ""
    KERNEL_INTERFACE: ClassVar[bool] = False
    OWN_POLICIES: ClassVar[str] = ""
    MIN_CNI_VERSION: ClassVar[str] = "0.1.0"
    MAX_CNI_VERSION: ClassVar[str] = CNI_VERSIONS[-1]

    type: str
    cni_version: CniVersion | None = None
    """Version of the CNI specification that the plugins are given."""
    name: NetworkName | None = None
    """Of the CNI network; absent: the NAD's."""
    ipam: AnyIpam | None = None
    """Who hands out addresses."""
    dns: Dns | None = None
    """Resolver settings in the result."""
    capabilities: Mapping[str, bool | None] | None = None
    """What pods may ask for at run time: name → true."""
    args: Args | None = None
    """What the CNI conventions call so."""
    runtime_config: RuntimeConfig | None = None
    """What capabilities hand over, here the same for every pod."""

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
        yield from apart(self._routes(), self._mtu(), self._asked())

    def _routes(self) -> Iterator[Finding]:
        if self.ipam is not None:
            yield from route_findings(self.ipam, certain=self.sets_routes)

    def _mtu(self) -> Iterator[Finding]:
        if self.ipam is not None and self.sets_routes:
            yield from mtu_findings(self.ipam, self.declared_mtu() or 0, self._asked_ips())

    def _asked(self) -> Iterator[Finding]:
        for path, text in self._asked_ips():
            yield from (f.under(path) for f in asked_findings(text, self.ipam))

    def _asked_ips(self) -> list[tuple[Path, str]]:
        """Addresses that the configuration itself asks for, for every pod."""
        reads = self.ipam is not None and self.ipam.READS_ARGS
        return asked_ips(self.args, self.runtime_config) if reads else []

    @property
    def waits_for_request(self) -> bool:
        """Whether a pod gets an address only if it asks for one."""
        waits = self.ipam is not None and self.has_ipam and self.ipam.waits_for_request
        return waits and not self._asked_ips()

    @property
    def is_opaque(self) -> bool:
        """Whether it is not known here: it may do anything."""
        return False

    @property
    def may_make_interface(self) -> bool:
        """Whether there can be an interface of the pod's after it."""
        return self.MAKES_INTERFACE or self.is_opaque

    @property
    def may_address(self) -> bool:
        """Whether the pod can have addresses after it."""
        return self.addressing is not None or self.is_opaque

    def takes_devices(self) -> tuple[tuple[str, str], ...]:
        """Devices of the node that the node has not while a pod has them.

        Of each the key that names it (device, hwaddr with colons, kernelpath or pciBusID), and its
        value; `("device", "")`: the link of the default route.
        """
        return tuple(("device", link) for link in self.takes_links())

    def bridge_vlans(self) -> tuple[str, list[tuple[int, int]]]:
        """A Linux bridge of the node, and the VLANs that pods send in there, first to last."""
        return "", []

    def handed_on(self) -> list[tuple[Subnet, Address | None]]:
        """The subnets of a pod's addresses, each with the gateway in the plugin's result."""
        return self.ipam.given() if self.ipam is not None else []

    def after(self, before: Sequence[PluginConf]) -> Iterator[Finding]:
        """What holds beside the plugins before it in a list. Paths start at this object."""
        del before
        yield from ()

    def of_nad(self, namespace: str, name: str) -> Iterator[Finding]:
        """What holds between it and the NAD that it stands in. Paths start at this object."""
        del namespace, name
        yield from ()

    @property
    def addressing(self) -> tuple[Path, IpamConf] | None:
        """Who gives the interface its addresses, with the path where that stands."""
        if self.ipam is None or not self.has_ipam or self.IPAM is Ipam.UNUSED:
            return None
        return ("ipam",), self.ipam

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

    def parent_links(self) -> tuple[str, ...]:
        """All links of the node that it needs, where there can be several."""
        link = self.parent_link()
        return (link,) if link else ()

    def declared_mac(self) -> str:
        """The MAC address it asks for; empty: none."""
        return getattr(self, "mac", None) or ""

    def needs_device(self) -> bool:
        """Whether a device must come at run time (from a device plugin) for it to work."""
        return False

    def asked_guid(self, text: str) -> Iterator[Finding]:
        """Why it cannot take that InfiniBand GUID of a pod's; `text`: eight octets."""
        del text
        yield from ()

    def asked_mac(self, text: str) -> Iterator[Finding]:
        """Why it cannot take that MAC address of a pod's; `text`: a good one in any notation."""
        del text
        yield from ()

    def makes_links(self) -> tuple[str, ...]:
        """Links of the node that it makes when a pod comes, for the plugins behind it."""
        return ()

    def takes_links(self) -> tuple[str, ...]:
        """Links of the node that a pod takes with it, so that nobody else has them meanwhile."""
        return ()

    def pod_links(self) -> tuple[str, ...]:
        """Interfaces of the pod that it works on: they have to be there before it."""
        return ()

    def node_link(self) -> str:
        """The node's link that its interfaces hang on, also one that it makes; empty: not known."""
        return self.parent_link() or ""

    def variant(self) -> str:
        """What tells it from others of its type in short, e.g. its mode; empty: nothing."""
        mode = getattr(self, "mode", None)
        return mode if isinstance(mode, str) else ""

    def reach(self, uplinked: Collection[str]) -> Reach:
        """Which pods on a network of this plugin can talk to each other.

        `uplinked`: bridges of the nodes that have a network card as a port.
        """
        del uplinked
        return UNKNOWN

    def default_routes(self) -> Iterator[Finding]:
        """A warning for each default route that it adds: one of a secondary network."""
        for i, route in enumerate(self.ipam.route_list() if self.ipam and self.has_ipam else ()):
            if route.destination.prefixlen == 0 and not route.table:
                yield default_route(("ipam", "routes", i, "dst"), route.dst)

    def link_addresses(self) -> Iterator[LinkAddress]:
        """What it gives `node_link` of the IPAM's, which networks on one link share."""
        yield from ()

    def link_use(self) -> str:
        """As what it takes `parent_link`, which can be one thing at a time; empty: any number."""
        return ""

    def sole_vlan(self) -> tuple[Path, int] | None:
        """The VLAN of `parent_link` that it makes, which a node has once, and its path."""
        return None

    def without_resource(self) -> Iterator[Finding]:
        """What is wrong with it in a network that names no device plugin's resource."""
        if self.needs_device():
            rule = f"{self.type} needs a device, and nothing names one"
            way_out = "name it here, or set the network's resourceName for a device plugin's"
            yield Finding("device-missing", (), rule, way_out)

    def one_per_node(self) -> bool:
        """Whether one pod takes all there is of it on a node."""
        return False

    def untried(self) -> str:
        """Why no pod can be put on it just like that, to try it; empty: one can."""
        return ""

    # What a plugin does to the interface, also one that comes after others:

    def past_rules(self) -> str:
        """Why frames go past the pod's rules for the interface; empty: not known to."""
        return ""

    def isolates(self) -> str:
        """Why no two pods can talk, whatever made the interface; empty: they can."""
        return ""

    @property
    def takes_default_routes(self) -> bool:
        """Whether the default routes of the plugins before it are gone afterwards."""
        return False

    @property
    def moves_routes(self) -> bool:
        """Whether the IPAM's routes may no longer be in the main table afterwards."""
        return False

"""whereabouts: addresses from one range for the whole cluster, with the API server's books."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from multinet.cni.ipam.asked import needs_prefix
from multinet.cni.ipam.base import IpamConf
from multinet.cni.ipam.whereabouts_ranges import (
    ExcludeText,
    ExtraAddress,
    ForgivingAddress,
    Narrowed,
    OptionalRangeText,
    WhereaboutsRange,
)
from multinet.cni.ipam.whereabouts_slices import (
    SliceSize,
    is_object_name,
    size_of,
    slice_findings,
    slices_in_place,
)
from multinet.cni.model import no_effect
from multinet.cni.place import Place
from multinet.cni.ranges import AddressRange
from multinet.cni.route import Dns, Route
from multinet.cni.types import (
    Address,
    Int64,
    Interface,
    Subnet,
    address,
    cidr,
    no_gateway,
    without_leading_zeros,
)
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart

_LOOKED_AT = ("/etc/cni/net.d", "/etc/kubernetes/cni/net.d")
"""Where it looks for whereabouts.d/whereabouts.conf (pkg/config/config.go, GetFlatIPAM)."""
_OUR_FILE = f"{_LOOKED_AT[0]}/whereabouts.d/whereabouts.conf"
_NARROWING = ("range_start", "range_end", "exclude")
_ETCD_KEYS = (
    "datastore",
    "etcd_host",
    "etcd_username",
    "etcd_password",
    "etcd_key_file",
    "etcd_cert_file",
    "etcd_ca_cert_file",
)


class Kubernetes(CheckedModel):
    """Where the API server is."""

    kubeconfig: str | None = None
    """A file on the node."""
    k8s_api_root: str | None = Field(None, alias="k8s_api_root")
    """Its URL."""


class Whereabouts(Narrowed, IpamConf):
    """whereabouts v0.9.4."""

    SOURCE: ClassVar[str] = "k8snetworkplumbingwg/whereabouts v0.9.4 pkg/config, pkg/types"
    BROUGHT_BY: ClassVar[str] = "whereabouts' DaemonSet (OpenShift has it)"
    HINTS: ClassVar[Mapping[str, str]] = {"subnet": "range"}

    type: Literal["whereabouts"] = "whereabouts"
    range: OptionalRangeText | None = None
    """A CIDR (host bits are ignored), or `start-end/length`."""
    range_start: ForgivingAddress | None = Field(None, alias="range_start")
    """The first address handed out."""
    range_end: ForgivingAddress | None = Field(None, alias="range_end")
    """The last one."""
    exclude: list[ExcludeText] | None = None
    """Parts of the range that are not handed out."""
    ip_ranges: list[WhereaboutsRange] | None = None
    """More ranges; a pod gets one address of each."""
    addresses: list[ExtraAddress] | None = None
    """Addresses that every pod gets besides."""
    node_slice_size: SliceSize | None = Field(None, alias="node_slice_size")
    """Prefix length of a slice per node (experimental)."""
    gateway: ForgivingAddress | None = None
    """That pods get."""
    routes: list[Route] | None = None
    """Routes that pods get."""
    dns: Dns | None = None
    """Resolver settings that pods get."""
    network_name: str | None = Field(None, alias="network_name")
    """Separate allocations for the same range."""
    enable_overlapping_ranges: bool | None = Field(None, alias="enable_overlapping_ranges")
    """Look for the address in other ranges too (true), but not in the same pod's: one on two
    networks whose ranges overlap can have an address twice.
    """
    kubernetes: Kubernetes | None = None
    """Where the API server is."""
    configuration_path: str | None = Field(None, alias="configuration_path")
    """Its file of defaults on the node."""
    log_file: str | None = Field(None, alias="log_file")
    """Where it logs on the node."""
    log_level: str | None = Field(None, alias="log_level")
    """How much it logs."""
    leader_lease_duration: Int64 | None = Field(None, alias="leader_lease_duration")
    """Milliseconds (1500)."""
    leader_renew_deadline: Int64 | None = Field(None, alias="leader_renew_deadline")
    """Milliseconds (1000)."""
    leader_retry_period: Int64 | None = Field(None, alias="leader_retry_period")
    """Milliseconds (500)."""
    sleep_for_race: Int64 | None = Field(None, alias="sleep_for_race")
    """Seconds (0)."""
    reconciler_cron_expression: str | None = Field(None, alias="reconciler_cron_expression")
    """When its reconciler runs, in cron's notation."""
    datastore: str | None = None
    """Not read since v0.6."""
    etcd_host: str | None = Field(None, alias="etcd_host")
    """Not read since v0.6."""
    etcd_username: str | None = Field(None, alias="etcd_username")
    """Not read since v0.6."""
    etcd_password: str | None = Field(None, alias="etcd_password")
    """Not read since v0.6."""
    etcd_key_file: str | None = Field(None, alias="etcd_key_file")
    """Not read since v0.6."""
    etcd_cert_file: str | None = Field(None, alias="etcd_cert_file")
    """Not read since v0.6."""
    etcd_ca_cert_file: str | None = Field(None, alias="etcd_ca_cert_file")
    """Not read since v0.6."""

    def rules(self) -> Iterator[Finding]:
        """There is something to hand out; slices fit; the gateway is near."""
        yield from apart(
            self.range_rules() if self.range else self._without_range(),
            self._nothing(),
            self._slices(),
            self._gateway_near(),
            self._gateway_kept(),
            self._name_rules(),
            self._file(),
            self._unread(),
        )

    def _nothing(self) -> Iterator[Finding]:
        if not self._all() and not self.addresses:
            rule = "there is no 'range' and no address; whereabouts' file on the nodes must say one"
            warning = Severity.WARNING
            yield Finding("no-ranges", ("range",), rule, "add range", None, warning)

    def _without_range(self) -> Iterator[Finding]:
        for key in _NARROWING:
            if getattr(self, key):
                rule = f"{key!r} narrows 'range', which is not there"
                yield no_effect((key,), rule, "add range, or move it into ipRanges")

    def _slices(self) -> Iterator[Finding]:
        if self._size is not None:
            given = {key: getattr(self, key) for key in _NARROWING}
            yield from slice_findings(self._size, self._all(), given)

    def _unread(self) -> Iterator[Finding]:
        for key in _ETCD_KEYS:
            if getattr(self, key):
                rule = "whereabouts keeps its books in the Kubernetes API only, since v0.6"
                yield no_effect((key,), rule)

    @property
    def _size(self) -> int | None:
        return size_of(self.node_slice_size)

    def in_place(self, place: Place) -> Iterator[Finding]:
        """Its file is found on the nodes; slices can be made of the NAD, for every node."""
        first = next((entry for entry, _ in self._all()), None)
        if self._size is not None and first is not None:
            yield from slices_in_place(self._size, self.network_name or "", first, place)
        if self.type in place.brought:
            yield from self._beside_our_file()
            return
        if self.configuration_path or not place.conf_dir or place.conf_dir in _LOOKED_AT:
            return
        file = f"{place.conf_dir}/whereabouts.d/whereabouts.conf"
        rule = f"whereabouts looks for its file in {' and '.join(_LOOKED_AT)} only"
        way_out = f'add "configuration_path": "{file}", or where its DaemonSet writes it'
        warning = Severity.WARNING
        yield Finding("whereabouts-file-elsewhere", ("type",), rule, way_out, self.type, warning)

    def _beside_our_file(self) -> Iterator[Finding]:
        """The add-on writes it where every plugin looks, whatever the distribution's directory is."""
        if self.configuration_path and self.configuration_path != _OUR_FILE:
            rule = f"the add-on writes whereabouts' file to {_OUR_FILE}, where it is found anyway"
            if self._size is not None:
                rule += "; beside another path the plugin takes the host's name for the node's"
            yield no_effect(("configuration_path",), rule)

    def agreement(self) -> tuple[str, str] | None:
        """The controller makes no slices while networks of one network_name differ in these."""
        first = next((entry for entry, _ in self._all()), None)
        if first is None:
            return None
        return f"{self.type}:{self.network_name or ''}", f"{first.network} {self._size or ''}"

    def disagreement(self, network: str) -> Iterator[Finding]:
        """Another network with the same network_name and another range, or other slices."""
        if self._size is not None:
            called = (
                f"network_name {self.network_name!r}" if self.network_name else "no network_name"
            )
            rule = (
                f"network {network!r} has {called} too, and another range or slice size:"
                " whereabouts' controller then makes no slices, and no pod gets an address"
            )
            path, way_out = ("node_slice_size",), "give each a network_name of its own"
            yield Finding("slices-blocked", path, rule, way_out, self.node_slice_size)

    @property
    def _gateway(self) -> Address | None:
        return address(without_leading_zeros(self.gateway)) if self.gateway else None

    def _gateway_near(self) -> Iterator[Finding]:
        gateway, near = self._gateway, [entry.network for entry, _ in self._all()]
        if gateway is None or no_gateway(gateway) or not near:
            return
        if not any(gateway in subnet for subnet in near if subnet.version == gateway.version):
            shown = ", ".join(dict.fromkeys(map(str, near)))
            rule = f"the gateway is in none of the ranges ({shown})"
            path, warning = ("gateway",), Severity.WARNING
            way_out = "choose an address of the range"
            yield Finding("gateway-outside-subnet", path, rule, way_out, self.gateway, warning)

    def _gateway_kept(self) -> Iterator[Finding]:
        gateway = self._gateway
        if gateway is not None and any(gateway in r for r in self.address_ranges()):
            rule = "whereabouts does not leave the gateway out: a pod will get its address"
            path, warning = ("gateway",), Severity.WARNING
            way_out = f'add "{gateway}/{gateway.max_prefixlen}" to exclude'
            yield Finding("gateway-handed-out", path, rule, way_out, self.gateway, warning)

    def _name_rules(self) -> Iterator[Finding]:
        if self.network_name and not is_object_name(self.network_name):
            rule = "names whereabouts' pools, objects in the API server: a-z, 0-9, '-' and '.' only"
            way_out = "rename it"
            yield Finding("not-a-pool-name", ("network_name",), rule, way_out, self.network_name)

    def _file(self) -> Iterator[Finding]:
        path = self.configuration_path or ""
        if path.endswith(("/", "/whereabouts.d")):
            rule = "is whereabouts' file, not its directory: it fails to read one"
            way_out = f"write {path.rstrip('/')}/whereabouts.conf"
            yield Finding("not-a-file", ("configuration_path",), rule, way_out, path)

    def _all(self) -> list[tuple[Narrowed, Path]]:
        """The ranges as the plugin sees them, with their paths."""
        first: list[tuple[Narrowed, Path]] = [(self, ())] if self.range else []
        return [*first, *((r, ("ipRanges", i)) for i, r in enumerate(self.ip_ranges or []))]

    def address_ranges(self) -> list[AddressRange]:
        """What is left of each range when the excluded parts are cut out; extra addresses."""
        extra = [
            AddressRange(a.network, a.ip, a.ip, ("addresses", i, "address"))
            for i, a in enumerate(self._extra())
        ]
        return [r.under(path) for entry, path in self._all() for r in entry.left] + extra

    def _extra(self) -> list[Interface]:
        return [cidr(without_leading_zeros(entry.address)) for entry in self.addresses or []]

    def asked(self, text: str) -> Iterator[Finding]:
        """It has a prefix length."""
        yield from needs_prefix(text, self)

    def choices(self) -> list[list[tuple[Subnet, Address | None]]]:
        """The ranges' networks with the one gateway, then the extra addresses'."""
        ranges: list[list[tuple[Subnet, Address | None]]] = [
            [(r.network, self._gateway)] for r, _ in self._all()
        ]
        return ranges + [
            [(own.network, address(entry.gateway) if entry.gateway else None)]
            for own, entry in zip(self._extra(), self.addresses or [], strict=True)
        ]

    def addresses_per_family(self) -> int:
        """One of each range: there is a rule for extra addresses only."""
        versions = [a.version for a in self._extra()]
        return max((versions.count(4), versions.count(6)))

    def route_list(self) -> list[Route]:
        """The routes it hands out."""
        return self.routes or []

    def allocator(self, network: str, of: AddressRange) -> str:
        """The books in the API server: a pool for each range, and one for overlapping ranges.

        That one holds where no network_name is set: with one, the reconciler takes the entries of
        running pods away (pkg/reconciler/iploop.go turns every '-' of the name into ':').
        """
        del network
        books = f"{self.type}:{self.network_name or ''}"
        if self.enable_overlapping_ranges is not False and not self.network_name:
            return books
        return f"{books}:{of.subnet}"

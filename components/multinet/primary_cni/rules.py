"""Rules of the primary CNI that look at more than one of its values; paths below primaryCni."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet import versions
from multinet.findings import Finding, Severity
from multinet.primary_cni.options import CalicoSettings, CiliumSettings

_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.\d+)?(?:[-+][0-9A-Za-z.-]+)?")
_ABSENT: object = object()
_SMALLEST_MTU = {4: 576, 6: 1280}  # RFC 791, RFC 8200
_CILIUM_WIDEST_POOL = 16  # bits; its allocator keeps one bit map for a pool

_Cidrs = Sequence[str]


def line_of(version: str) -> versions.Line | None:
    """Major and minor of a version such as `v3.31.7`; None where it is none."""
    found = _VERSION.fullmatch(version)
    return (int(found[1]), int(found[2])) if found else None


def cidrs_disjoint(pods: _Cidrs, services: _Cidrs) -> Iterator[Finding]:
    """No network of pods or services overlaps another."""
    declared = [("podCidrs", i, c) for i, c in enumerate(pods)]
    declared += [("serviceCidrs", i, c) for i, c in enumerate(services)]
    for n, (key, i, text) in enumerate(declared):
        network = ipaddress.ip_network(text)
        for other_key, j, earlier in declared[:n]:
            other = ipaddress.ip_network(earlier)
            if network.version == other.version and network.overlaps(other):
                rule = f"overlaps with {other} of {other_key}[{j}]"
                way_out = "give pods and services networks that do not overlap"
                yield Finding("cidrs-overlap", (key, i), rule, way_out, text)


def families(pods: _Cidrs, services: _Cidrs) -> Iterator[Finding]:
    """Services of an address family that no pod has can never have an endpoint."""
    have = {_family(text) for text in pods}
    for i, text in enumerate(services):
        if _family(text) not in have:
            rule = f"services get IPv{_family(text)} addresses, but no pod has one"
            way_out = "add a network of that family to podCidrs, or remove this one"
            path = ("serviceCidrs", i)
            yield Finding(
                "service-family-without-pods", path, rule, way_out, text, Severity.WARNING
            )


def mtu(value: int, pods: _Cidrs) -> Iterator[Finding]:
    """What IP itself asks of a link."""
    smallest = max(_SMALLEST_MTU[_family(text)] for text in pods)
    if 0 < value < smallest:
        rule = f"is below {smallest}, the smallest that the pods' address family allows"
        way_out = "leave it out: the plugin finds the nodes' own, less its encapsulation"
        yield Finding("mtu-too-small", ("mtu",), rule, way_out, value)


def version(plugin: str, given: str) -> Iterator[Finding]:
    """Of the charts: known not to work is refused, not tried is a warning."""
    lines = {"calico": versions.CALICO_LINES, "cilium": versions.CILIUM_LINES}[plugin]
    line = line_of(given)
    if line is None:
        pinned = {"calico": versions.CALICO, "cilium": versions.CILIUM}[plugin]
        rule = "is not the version of a chart"
        yield Finding("not-a-version", ("version",), rule, f"write it like {pinned}", given)
        return
    oldest = ".".join(map(str, lines.works_from))
    tried = ", ".join(".".join(map(str, known)) for known in lines.tried)
    if line < lines.works_from:
        rule = f"{plugin} before {oldest} does not work with what is set here"
        yield Finding("version-too-old", ("version",), rule, f"tried are {tried}", given)
    elif line not in lines.tried:
        rule = f"this line of {plugin} was never tried with multinet"
        way_out = f"tried are {tried}; look at the output of multinet render first"
        yield Finding("version-not-tried", ("version",), rule, way_out, given, Severity.WARNING)


def calico(options: CalicoSettings, pods: _Cidrs, chart_version: str) -> Iterator[Finding]:
    """Blocks fit into the pools, no IPIP for IPv6, and the dataplane is known to the chart."""
    for i, text in enumerate(pods):
        network = ipaddress.ip_network(text)
        block = options.block_size_of(network.version)
        if block < network.prefixlen:
            rule = f"is smaller than one address block of Calico (/{block})"
            key = "blockSizeIpv6" if network.version == 6 else "blockSize"
            way_out = f"give a larger network, or a smaller block (larger calico.{key})"
            yield Finding("pod-cidr-too-small", ("podCidrs", i), rule, way_out, text)
        asked = options.encapsulation_of(network.version)
        if network.version == 6 and asked.startswith("IPIP"):
            key = "encapsulationIpv6" if options.encapsulation_ipv6 else "encapsulation"
            rule = "Calico has no IPIP for IPv6"
            way_out = "use VXLAN or None, or set calico.encapsulationIpv6 apart"
            yield Finding("ipip-on-ipv6", ("calico", key), rule, way_out, asked)
    line = line_of(chart_version)
    if options.dataplane == "Nftables" and line and line < (3, 29):
        rule = "Calico knows the nftables dataplane from 3.29 on"
        where, way_out = ("calico", "dataplane"), "use Iptables"
        yield Finding("dataplane-unknown", where, rule, way_out, options.dataplane)


def cilium(options: CiliumSettings, pods: _Cidrs) -> Iterator[Finding]:
    """Every node's share fits into the pool, and native routing knows its networks."""
    if options.routing_mode == "native":
        for family, key, given in (
            (4, "nativeRoutingCidr", options.native_routing_cidr),
            (6, "nativeRoutingCidrIpv6", options.native_routing_cidr_ipv6),
        ):
            if given is None and any(_family(text) == family for text in pods):
                rule = f"native routing must know which IPv{family} network is not masqueraded"
                way_out = f"set cilium.{key}, or routingMode: tunnel"
                path = ("cilium", "routingMode")
                yield Finding("native-routing-cidr-missing", path, rule, way_out, "native")
    if options.ipam_mode != "cluster-pool":
        return
    for i, text in enumerate(pods):
        network = ipaddress.ip_network(text)
        mask = options.mask_size_of(network.version)
        key = "maskSizeIpv6" if network.version == 6 else "maskSize"
        if mask < network.prefixlen:
            rule = f"is smaller than one node's share (/{mask})"
            way_out = f"give a larger network, or a smaller share (larger cilium.{key})"
            yield Finding("pod-cidr-too-small", ("podCidrs", i), rule, way_out, text)
        elif mask == network.prefixlen:
            rule = f"holds one share of /{mask}: a second node gets no addresses"
            way_out = f"give a larger network, or a smaller share (larger cilium.{key})"
            where = ("podCidrs", i)
            yield Finding("one-node-only", where, rule, way_out, text, Severity.WARNING)
        elif network.version == 6 and mask - network.prefixlen > _CILIUM_WIDEST_POOL:
            rule = f"Cilium divides an IPv6 network into at most 2^{_CILIUM_WIDEST_POOL} shares"
            way_out = f"set cilium.{key} to {network.prefixlen + _CILIUM_WIDEST_POOL} or less"
            yield Finding("pod-cidr-too-large", ("podCidrs", i), rule, way_out, text)


def values(plugin: str, given: Mapping[str, Any]) -> Iterator[Finding]:
    """The user's own chart values must leave alone what Multus, or a second `up`, relies on."""
    for path, needed, why in _NEEDED[plugin]:
        asked = value_at(given, path)
        if asked is not _ABSENT and asked != needed:
            way_out = "leave it out of values"
            shown = asked if isinstance(asked, str | bool | int) else None
            yield Finding("values-conflict", ("values", *path), why, way_out, shown)
    for path, kind, name in _SECTIONS[plugin]:
        asked = value_at(given, path)
        if asked is not _ABSENT and not isinstance(asked, kind):
            why = f"must be {name}: what is computed for it here would be lost"
            shown = asked if isinstance(asked, str | bool | int) else None
            way_out = "write only the keys below it that are to be changed"
            yield Finding("values-conflict", ("values", *path), why, way_out, shown)
    method = value_at(given, ("hubble", "tls", "auto", "method"))
    if plugin == "cilium" and method == "helm":
        rule = "certificates made while rendering are new every time: each `up` shows a change"
        where, way_out = ("values", "hubble", "tls", "auto", "method"), "use cronJob or certmanager"
        yield Finding("values-change-every-time", where, rule, way_out, method, Severity.WARNING)


def nodes(pods: _Cidrs, shares: int | None, declared: int) -> Iterator[Finding]:
    """Every declared node gets a share; `shares`: prefix length of one, None: not known."""
    for family in (4, 6):
        networks = [n for text in pods if (n := ipaddress.ip_network(text)).version == family]
        if shares is None or not networks:
            continue
        room = sum(2 ** max(0, shares - n.prefixlen) for n in networks)
        if family == 4 and room < declared:
            rule = f"has room for {room} nodes (/{shares} each), and {declared} are declared"
            way_out = "give a larger network, or smaller shares"
            yield Finding("too-few-node-shares", ("podCidrs",), rule, way_out)


def value_at(given: Any, path: Sequence[str]) -> Any:
    """The value at a path of plain mappings; a mark that equals nothing where there is none."""
    for key in path:
        if not isinstance(given, Mapping) or key not in given:
            return _ABSENT
        given = given[key]
    return given


def _family(text: str) -> int:
    return ipaddress.ip_network(text).version


_FOLLOWS = "follows from multinet:multus: Multus looks for the configuration and plugins there"
_NEEDED: Mapping[str, Sequence[tuple[tuple[str, ...], object, str]]] = {
    "calico": (
        (("installation", "cni", "type"), "Calico", "without Calico's plugin nothing is delegated"),
        (("installation", "cni", "confDir"), _ABSENT, _FOLLOWS),
        (("installation", "cni", "binDir"), _ABSENT, _FOLLOWS),
        (("installation", "enabled"), True, "plugin calico is the Installation"),
        (("installation", "registry"), _ABSENT, "follows from multinet:primaryCni.registry"),
    ),
    "cilium": (
        (("cni", "confPath"), _ABSENT, _FOLLOWS),
        (("cni", "binPath"), _ABSENT, _FOLLOWS),
        (("cni", "install"), True, "Cilium must write the configuration that Multus delegates to"),
        (("cni", "customConf"), False, "Cilium must write the configuration itself"),
    ),
}
_SECTIONS: Mapping[str, Sequence[tuple[tuple[str, ...], type, str]]] = {
    "calico": (
        *(
            ((key,), Mapping, "a mapping")
            for key in ("installation", "apiServer", "goldmane", "whisker", "imagePullSecrets")
        ),
        (("installation", "cni"), Mapping, "a mapping"),
        (("installation", "calicoNetwork"), Mapping, "a mapping"),
        (("installation", "imagePullSecrets"), list, "a list"),
    ),
    "cilium": (
        (("cni",), Mapping, "a mapping"),
        (("ipam",), Mapping, "a mapping"),
        (("ipam", "operator"), Mapping, "a mapping"),
    ),
}

"""What is wrong with an attachment: in itself, and against what its network declares."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import TypeAdapter, ValidationError

from multinet.attachments.attachment import Attachment, BandwidthLimit, Isolation, PortMapping
from multinet.attachments.ips import ip_findings
from multinet.attachments.pod_links import pod_link_findings
from multinet.cni.types import InterfaceName, Mac, address
from multinet.findings import Finding, Path
from multinet.findings.suggest import did_you_mean
from multinet.names import PRIMARY_INTERFACE
from multinet.networks.checks.view import NetworkView

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_GUID = re.compile(r"[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(\1[0-9a-fA-F]{2}){6}")
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_INTERFACE = TypeAdapter(InterfaceName)
_MAC = TypeAdapter(Mac)

Known = Mapping[tuple[str, str], NetworkView]
"""Networks that are declared, by namespace and name."""


def attachment_findings(
    wanted: Sequence[Attachment],
    known: Known,
    pod_namespace: str | None,
    isolation: Isolation | None,
) -> Iterator[Finding]:
    """Every finding; paths start at the attachment: (`networks`, position, key)."""
    if not wanted:
        rule = "there is no network to attach to"
        yield Finding("nothing-to-attach", ("networks",), rule, "name at least one network")
    for i, attachment in enumerate(wanted):
        for finding in _lone_texts(attachment):
            yield finding.under(("networks", i))
    wanted = [_with_lists(attachment) for attachment in wanted]
    yield from _interfaces(wanted)
    yield from _default_routes(wanted)
    networks = [_network(attachment, known, pod_namespace) for attachment in wanted]
    yield from pod_link_findings(wanted, networks)
    for i, (attachment, network) in enumerate(zip(wanted, networks, strict=True)):
        path: Path = ("networks", i)
        for finding in _of_one(attachment):
            yield finding.under(path)
        for finding in _namespace(attachment, known, pod_namespace, isolation):
            yield finding.under(path)
        if network is not None:
            for finding in _undeclared(attachment, network):
                yield finding.under(path)
            for finding in ip_findings(attachment, network):
                yield finding.under(path)


def _network(attachment: Attachment, known: Known, pod_namespace: str | None) -> NetworkView | None:
    """Its declaration; without a namespace that of the only network of its name."""
    namespace = attachment.namespace or pod_namespace
    if namespace is not None:
        return known.get((namespace, attachment.name))
    named = [view for (_, name), view in known.items() if name == attachment.name]
    return named[0] if len(named) == 1 else None


_LISTS = {"ips": "ips", "default_route": "default-route"}


def _lone_texts(attachment: Attachment) -> Iterator[Finding]:
    """Python takes a text for a list of its characters; Multus refuses one."""
    for field, key in _LISTS.items():
        text = getattr(attachment, field)
        if isinstance(text, str):
            rule = f"{key!r} must be a list of addresses, not a string"
            yield Finding("wrong-type", (key,), rule, f'write ["{text}"]', text)


def _with_lists(attachment: Attachment) -> Attachment:
    """The same with lists where it has a lone text, so that the rest can be checked."""
    ips, gateways = attachment.ips, attachment.default_route
    return dataclasses.replace(
        attachment,
        ips=(ips,) if isinstance(ips, str) else ips,
        default_route=(gateways,) if isinstance(gateways, str) else gateways,
    )


def _interfaces(wanted: Sequence[Attachment]) -> Iterator[Finding]:
    """Names that the kernel takes, each once; `net1` … are given to those without one."""
    taken = {PRIMARY_INTERFACE: "the primary network", "lo": "the loopback interface"}
    for i, attachment in enumerate(wanted):
        name = attachment.interface or f"net{i + 1}"
        path: Path = ("networks", i, "interface")
        try:
            _INTERFACE.validate_python(name)
        except ValidationError as error:
            rule = error.errors()[0]["msg"]
            yield Finding("not-an-interface-name", path, rule, "choose another", name)
            continue
        if name in taken:
            rule = f"is the interface of {taken[name]} already"
            yield Finding("interface-taken", path, rule, "choose another name", name)
        taken.setdefault(name, f"attachment {i + 1} ({attachment.name})")


def _default_routes(wanted: Sequence[Attachment]) -> Iterator[Finding]:
    asking = [i for i, attachment in enumerate(wanted) if attachment.default_route]
    for i in asking[1:]:
        path = ("networks", i, "default-route")
        rule = "only one attachment of a pod can have the default route"
        yield Finding("default-route-twice", path, rule, "keep one of them")
    for i in asking:
        path = ("networks", i, "default-route")
        versions = []
        for text in wanted[i].default_route:
            try:
                versions.append(address(text).version)
            except ValueError:
                rule = "must be a gateway's address, without prefix length"
                yield Finding("not-an-address", path, rule, "write it like 192.0.2.1", text)
        for version in (4, 6):
            if versions.count(version) > 1:
                rule = f"has several IPv{version} gateways; there is one default route per family"
                yield Finding("default-route-twice", path, rule, "keep one of them")


def _of_one(attachment: Attachment) -> Iterator[Finding]:
    """What is wrong whatever the network declares."""
    for key, text in {"name": attachment.name, "namespace": attachment.namespace}.items():
        labels = (text or "").split(".") if key == "name" else [text or ""]
        if text is not None and not all(_LABEL.fullmatch(label) for label in labels):
            rule = f"is not a {key} that Kubernetes has: lower case letters, digits and '-'"
            yield Finding("not-a-reference", (key,), rule, _reference_way_out(text), text)
    if attachment.mac is not None:
        try:
            _MAC.validate_python(attachment.mac)
        except ValidationError as error:
            rule, way_out = error.errors()[0]["msg"], "write it like 02:00:5e:00:53:01"
            yield Finding("not-a-mac", ("mac",), rule, way_out, attachment.mac)
    guid = attachment.infiniband_guid
    if guid is not None and not _GUID.fullmatch(guid):
        rule, way_out = "must be a GUID of eight octets", "write it like 24:8a:07:03:00:8d:ae:2e"
        yield Finding("not-a-guid", ("infiniband-guid",), rule, way_out, guid)
    if attachment.ips and attachment.ipam_claim_reference:
        rule = "addresses come from 'ips' or from the claim, not from both"
        yield Finding("ips-and-claim", ("ipam-claim-reference",), rule, "keep one of them")
    for i, mapping in enumerate(attachment.port_mappings):
        for finding in _port_mapping(mapping):
            yield finding.under(("portMappings", i))
    if attachment.bandwidth is not None:
        for finding in _bandwidth(attachment.bandwidth):
            yield finding.under(("bandwidth",))
    try:
        json.dumps(dict(attachment.cni_args), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        rule = "holds something that JSON does not have"
        yield Finding("not-a-json-value", ("cni-args",), rule, "use strings, numbers and lists")


def _reference_way_out(text: str) -> str:
    namespace, slash, name = text.rpartition("/")
    if text.lstrip().startswith("["):
        return "attach writes the JSON: give it an Attachment with the same keys"
    if "," in text:
        named = ", ".join(repr(part.strip()) for part in text.split(",") if part.strip())
        return f"give each network as an argument of its own: {named}"
    if slash and namespace:
        return f"write Attachment({name!r}, {namespace!r}): the namespace has a place of its own"
    return "write [namespace/]name"


def _port_mapping(mapping: PortMapping) -> Iterator[Finding]:
    for key, port in {
        "hostPort": mapping.host_port,
        "containerPort": mapping.container_port,
    }.items():
        if type(port) is not int or not 0 < port < 65536:
            yield Finding("not-a-port", (key,), "must be a port, 1 to 65535", "correct it", port)
    if mapping.protocol.upper() not in _PROTOCOLS:
        way_out = did_you_mean(mapping.protocol, _PROTOCOLS)
        rule = f"must be one of {', '.join(_PROTOCOLS)}"
        yield Finding("unknown-value", ("protocol",), rule, way_out, mapping.protocol)
    if mapping.host_ip is not None:
        try:
            address(mapping.host_ip)
        except ValueError:
            rule, way_out = "must be an address of the node", "leave it out for all of them"
            yield Finding("not-an-address", ("hostIP",), rule, way_out, mapping.host_ip)


def _bandwidth(limit: BandwidthLimit) -> Iterator[Finding]:
    pairs = {
        "ingress": (limit.ingress_rate, limit.ingress_burst),
        "egress": (limit.egress_rate, limit.egress_burst),
    }
    for way, (rate, burst) in pairs.items():
        if rate < 0 or burst < 0:
            yield Finding("wrong-value", (f"{way}Rate",), "must not be negative", "correct it")
        elif bool(rate) != bool(burst):
            given, absent = ("Rate", "Burst") if rate else ("Burst", "Rate")
            rule = f"'{way}{given}' needs '{way}{absent}' above 0 beside it"
            yield Finding("rate-without-burst", (way + given,), rule, f"add {way}{absent}")


def _namespace(
    attachment: Attachment,
    known: Known,
    pod_namespace: str | None,
    isolation: Isolation | None,
) -> Iterator[Finding]:
    """Whether the pod may use that namespace's networks, and whether the network is there."""
    target = attachment.namespace or pod_namespace
    if isolation and pod_namespace and target and not isolation.allows(pod_namespace, target):
        allowed = ", ".join(dict.fromkeys((pod_namespace, *isolation.global_namespaces)))
        rule = (
            f"pods of {pod_namespace!r} may use networks of {allowed} only:"
            " Multus isolates namespaces"
        )
        way_out = f"put the network into one of them, or {target!r} into globalNamespaces"
        yield Finding("namespace-isolated", ("namespace",), rule, way_out, target)
    elsewhere = sorted(ns for ns, name in known if name == attachment.name)
    if target and elsewhere and (target, attachment.name) not in known:
        rule = f"there is no network {attachment.name!r} in {target!r}, but in {elsewhere[0]!r}"
        way_out = f"write {elsewhere[0]}/{attachment.name}"
        yield Finding("wrong-namespace", ("namespace",), rule, way_out, target)


_CAPABILITIES = {
    "infiniband_guid": "infinibandGUID",
    "port_mappings": "portMappings",
    "bandwidth": "bandwidth",
}
_KEYS = {"infiniband_guid": "infiniband-guid", "port_mappings": "portMappings"}


def _undeclared(attachment: Attachment, network: NetworkView) -> Iterator[Finding]:
    """libcni drops what a network does not declare, without a word.

    Addresses and MAC address reach the plugins all the same: Multus v4.3.0 also hands them over
    as CNI arguments (pkg/multus/multus.go, DelegateAdd). What counts is who reads those.
    """
    if attachment.mac and not any(p.READS_MAC is not False for p in network.config.plugins):
        made = network.config.main.type
        rule = (
            f"no plugin of network {network.name!r} sets a MAC address: {made} has no such option"
        )
        way_out = "add tuning after it, or use bridge or macvlan"
        yield Finding("mac-without-effect", ("mac",), rule, way_out, attachment.mac)
    if attachment.infiniband_guid:
        for plugin in network.config.plugins:
            for finding in plugin.asked_guid(attachment.infiniband_guid):
                yield finding.under(("infiniband-guid",))
    for field, capability in _CAPABILITIES.items():
        if getattr(attachment, field) and capability not in network.config.capabilities:
            key = _KEYS.get(field, field)
            rule = f"network {network.name!r} does not declare the capability {capability!r}"
            way_out = f'add "capabilities": {{"{capability}": true}} to the plugin that serves it'
            yield Finding("capability-undeclared", (key,), rule, way_out)

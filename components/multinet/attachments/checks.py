"""What is wrong with an attachment: in itself, and against what its network declares."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from multinet.attachments.attachment import Attachment, Isolation
from multinet.attachments.entry import Entry
from multinet.attachments.ips import ip_findings
from multinet.attachments.pod_links import pod_link_findings
from multinet.cni.types import is_mac
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import check
from multinet.findings.suggest import did_you_mean
from multinet.names import PRIMARY_INTERFACE
from multinet.networks.checks.view import NetworkView

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
        yield from check(Entry, attachment.to_json(), ("networks", i))[1]
    wanted = [_with_lists(attachment) for attachment in wanted]
    yield from _interfaces(wanted)
    yield from _default_routes(wanted)
    networks = [_network(attachment, known, pod_namespace) for attachment in wanted]
    yield from pod_link_findings(wanted, networks)
    for i, (attachment, network) in enumerate(zip(wanted, networks, strict=True)):
        path: Path = ("networks", i)
        for finding in _namespace(attachment, known, pod_namespace, isolation):
            yield finding.under(path)
        if network is not None:
            for finding in _undeclared(attachment, network):
                yield finding.under(path)
            for finding in ip_findings(attachment, network):
                yield finding.under(path)


def unchecked(
    asks: Mapping[int, Attachment], known: Known, pod_namespace: str | None
) -> Iterator[Finding]:
    """Attachments, by their position, to none of the networks that they are checked against."""
    for i, attachment in asks.items():
        if _network(attachment, known, pod_namespace) is not None:
            continue
        namespace = attachment.namespace or pod_namespace
        name = f"{namespace}/{attachment.name}" if namespace else attachment.name
        rule = (
            "is none of the networks that are declared here, so nothing looks at what it asks for"
        )
        names = {f"{of}/{network}" if namespace else network for of, network in known}
        way_out = f"{did_you_mean(name, names)}; give its Network in `declared` as well"
        path = ("networks", i, "name")
        yield Finding("attachment-unchecked", path, rule, way_out, name, Severity.WARNING)


def _network(attachment: Attachment, known: Known, pod_namespace: str | None) -> NetworkView | None:
    """Its declaration; without a namespace that of the only network of its name."""
    namespace = attachment.namespace or pod_namespace
    if namespace is not None:
        return known.get((namespace, attachment.name))
    named = [view for (_, name), view in known.items() if name == attachment.name]
    return named[0] if len(named) == 1 else None


def _with_lists(attachment: Attachment) -> Attachment:
    """The same with lists where it has a lone text, so that the rest can be checked."""
    ips, gateways = attachment.ips, attachment.default_route
    return dataclasses.replace(
        attachment,
        ips=(ips,) if isinstance(ips, str) else ips,
        default_route=(gateways,) if isinstance(gateways, str) else gateways,
    )


def _interfaces(wanted: Sequence[Attachment]) -> Iterator[Finding]:
    """Each name once; `net1` … are given to those without one."""
    taken = {PRIMARY_INTERFACE: "the primary network", "lo": "the loopback interface"}
    for i, attachment in enumerate(wanted):
        name = attachment.interface or f"net{i + 1}"
        path: Path = ("networks", i, "interface")
        if name in taken:
            rule = f"is the interface of {taken[name]} already"
            yield Finding("interface-taken", path, rule, "choose another name", name)
        taken.setdefault(name, f"attachment {i + 1} ({attachment.name})")


def _default_routes(wanted: Sequence[Attachment]) -> Iterator[Finding]:
    """One of them can have it; and Multus v4.3.0 gives it to none (pkg/netutils, DeleteDefaultGW).

    It looks for routes without destination, where netlink v1.3 tells of 0.0.0.0/0: eth0's stays,
    and the kernel takes no second one of the same metric, which Multus passes over.
    """
    asking = [i for i, attachment in enumerate(wanted) if attachment.default_route]
    for i in asking[1:]:
        path = ("networks", i, "default-route")
        rule = "only one attachment of a pod can have the default route"
        yield Finding("default-route-twice", path, rule, "keep one of them")
    for i in asking:
        rule = "changes nothing: Multus v4.3.0 leaves the primary's default route where it is"
        way_out = "give the network a default route of its own (ipam.routes), for these pods alone"
        path, value = ("networks", i, "default-route"), ", ".join(wanted[i].default_route)
        yield Finding("default-route-ignored", path, rule, way_out, value, Severity.WARNING)


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
    if attachment.mac and is_mac(attachment.mac):
        plugins = network.config.plugins
        for i, plugin in enumerate(plugins):
            later = any(p.READS_MAC is not False for p in plugins[i + 1 :])
            for finding in plugin.asked_mac(attachment.mac):
                if finding.code != "mac-without-effect" or not later:
                    yield finding.under(("mac",))
    if attachment.infiniband_guid:
        for plugin in network.config.plugins:
            for finding in plugin.asked_guid(attachment.infiniband_guid):
                yield finding.under(("infiniband-guid",))
    if network.config.provided:
        return  # what it declares is on the nodes
    for field, capability in _CAPABILITIES.items():
        if getattr(attachment, field) and capability not in network.config.capabilities:
            key = _KEYS.get(field, field)
            rule = f"network {network.name!r} does not declare the capability {capability!r}"
            way_out = f'add "capabilities": {{"{capability}": true}} to the plugin that serves it'
            yield Finding("capability-undeclared", (key,), rule, way_out)

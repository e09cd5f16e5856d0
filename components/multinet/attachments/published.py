"""Networks of another stack, as its outputs tell of them: what a pod attaches to. Pure."""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterator, Mapping, Sequence

from multinet.attachments.attach import attach
from multinet.attachments.attachment import Attachment, Isolation
from multinet.attachments.checks import attachment_findings
from multinet.findings import Finding, InvalidEnvironment, errors
from multinet.findings.suggest import did_you_mean


@dataclasses.dataclass(frozen=True)
class PublishedNetwork:
    """A network as another stack's `networks` output has it.

    Attributes:
        name, namespace: of its NetworkAttachmentDefinition.
        subnets: what its IPAM hands out addresses of; empty: not known.
        node_selector: labels of the nodes whose pods can use it; empty: all, or not known.
        resource_name: of the devices that its pods need; empty: none, or not known.
    """

    name: str
    namespace: str
    subnets: tuple[str, ...] = ()
    node_selector: Mapping[str, str] = dataclasses.field(default_factory=dict)
    resource_name: str = ""


def read(outputs: object) -> dict[str, PublishedNetwork]:
    """Name → network, from the value of a stack's `networks` output.

    Raises:
        InvalidEnvironment: when the value is not that of such an output.
    """
    found: dict[str, PublishedNetwork] = {}
    findings: list[Finding] = []
    if outputs is None:
        rule = "the stack has no output `networks`"
        way_out = (
            "`pulumi stack output` lists what it has: is it one of multinet's, and brought up?"
        )
        missing = Finding("not-an-output", (), rule, way_out)
        raise InvalidEnvironment([missing], "the stack's output")
    if not isinstance(outputs, Mapping):
        rule = "must be the `networks` output of a multinet stack: a mapping from name to network"
        way_out = "`pulumi stack output networks` shows it; has that stack been updated?"
        raise InvalidEnvironment(
            [Finding("not-an-output", (), rule, way_out)], "the stack's output"
        )
    for name, output in outputs.items():
        reference = output.get("reference") if isinstance(output, Mapping) else None
        namespace, slash, own = str(reference).partition("/")
        if not (isinstance(reference, str) and namespace and slash and own):
            rule = "has no 'reference' of the form namespace/name"
            path, way_out = (str(name), "reference"), "pass the whole output `networks`"
            findings.append(Finding("not-an-output", path, rule, way_out))
            continue
        subnets, selector = output.get("subnets") or (), output.get("nodeSelector") or {}
        resource = output.get("resourceName") or ""
        found[str(name)] = PublishedNetwork(own, namespace, tuple(subnets), selector, resource)
    if findings:
        raise InvalidEnvironment(findings, "the stack's output")
    return found


def chosen(outputs: object, wanted: Sequence[str], source: str) -> dict[str, PublishedNetwork]:
    """The networks of those names. `source`: what wants them.

    Raises:
        InvalidEnvironment: with every one that the stack does not declare.
    """
    there = read(outputs)
    findings = [
        Finding(
            "network-not-published",
            ("networks", i),
            f"the stack declares no network {name!r}",
            did_you_mean(name, there),
            name,
        )
        for i, name in enumerate(wanted)
        if name not in there
    ]
    if findings:
        raise InvalidEnvironment(findings, source)
    return {name: there[name] for name in wanted}


def attach_published(
    outputs: object,
    *wanted: str | Attachment,
    pod_namespace: str | None = None,
    isolation: Isolation | None = None,
) -> dict[str, str]:
    """The annotation that attaches a pod to another stack's networks, in this order.

    The networks' namespaces are taken from the outputs, so the pod's may be any.

    Args:
        outputs: the value of that stack's `networks` output.
        wanted: `name[@interface]`, `namespace/name[@interface]`, or an Attachment.
        pod_namespace: of the pod; None: not known, so isolation is not checked.
        isolation: as that Multus runs; None: not isolated.

    Raises:
        InvalidEnvironment: with every finding, when a network is not among the outputs, cannot
            be used from there, or cannot give a requested address.
    """
    published = read(outputs)
    asked = [w if isinstance(w, Attachment) else Attachment.to(w) for w in wanted]
    resolved = [_resolved(attachment, published) for attachment in asked]
    findings = [
        finding.under(("networks", i))
        for i, attachment in enumerate(asked)
        for finding in _findings(attachment, published)
    ]
    findings += errors(attachment_findings(resolved, {}, pod_namespace, isolation))
    if findings:
        raise InvalidEnvironment(findings, "attachment")
    return attach(*resolved)


def _resolved(attachment: Attachment, published: Mapping[str, PublishedNetwork]) -> Attachment:
    network = published.get(attachment.name)
    if network is None:
        return attachment
    namespace = attachment.namespace or network.namespace
    return dataclasses.replace(attachment, name=network.name, namespace=namespace)


def _findings(
    attachment: Attachment, published: Mapping[str, PublishedNetwork]
) -> Iterator[Finding]:
    network = published.get(attachment.name)
    if network is None:
        rule = f"the stack declares no network {attachment.name!r}"
        way_out = did_you_mean(attachment.name, published)
        yield Finding("network-not-published", ("name",), rule, way_out, attachment.name)
        return
    if attachment.namespace not in (None, network.namespace):
        rule = f"the stack's network {attachment.name!r} is in {network.namespace!r}"
        way_out = "leave the namespace out: it is known from the stack"
        yield Finding("wrong-namespace", ("namespace",), rule, way_out, attachment.namespace)
    ips = (attachment.ips,) if isinstance(attachment.ips, str) else attachment.ips
    yield from _addresses(ips, network)


def _addresses(ips: Sequence[str], network: PublishedNetwork) -> Iterator[Finding]:
    """Requested addresses that no subnet of the network holds."""
    subnets = [ipaddress.ip_network(subnet, strict=False) for subnet in network.subnets]
    for i, text in enumerate(ips if subnets else ()):
        try:
            wanted = ipaddress.ip_interface(text).ip
        except ValueError:
            rule = "must be an address, with or without prefix length"
            yield Finding("not-an-address", ("ips", i), rule, "write it like 192.0.2.5/24", text)
            continue
        if not any(wanted in subnet for subnet in subnets if subnet.version == wanted.version):
            rule = f"is outside the network's subnets ({', '.join(network.subnets)})"
            way_out = "choose an address of a subnet"
            yield Finding("ip-outside-ranges", ("ips", i), rule, way_out, text)

"""Networks that work on an interface that another network makes in the pod, like a bond of two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from multinet.attachments.attachment import Attachment
from multinet.findings import Finding
from multinet.names import PRIMARY_INTERFACE
from multinet.networks.checks.view import NetworkView


def pod_link_findings(
    wanted: Sequence[Attachment], networks: Sequence[NetworkView | None]
) -> Iterator[Finding]:
    """Interfaces that are not there yet: Multus attaches in the annotation's order.

    `networks`: what is declared, of each attachment; None: not known.
    """
    names = [a.interface or f"net{i + 1}" for i, a in enumerate(wanted)]
    for i, network in enumerate(networks):
        there = {PRIMARY_INTERFACE, "lo", *names[:i]}
        plugins = network.config.plugins if network is not None else ()
        for link in (link for plugin in plugins for link in plugin.pod_links()):
            if link in there:
                continue
            rule = f"works on the pod's interface {link!r}, and no attachment before it makes that"
            if link in names[i + 1 :]:
                later = names.index(link)
                way_out = f"put attachment {later + 1} ({wanted[later].name}) before it"
            else:
                way_out = (
                    f"attach a network before it as {link}, like Attachment(…, interface={link!r})"
                )
            yield Finding(
                "pod-link-missing", ("networks", i, "name"), rule, way_out, wanted[i].name
            )

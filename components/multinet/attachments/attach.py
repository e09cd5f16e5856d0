"""The annotation that attaches a pod to networks (multi-net-spec v1.3)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from multinet.attachments.attachment import Attachment, Isolation
from multinet.attachments.checks import attachment_findings
from multinet.findings import InvalidEnvironment, errors
from multinet.names import NETWORKS
from multinet.networks.checks.view import NetworkView


def attach(
    *networks: str | Attachment | NetworkView,
    pod_namespace: str | None = None,
    isolation: Isolation | None = None,
    declared: Iterable[NetworkView] = (),
) -> dict[str, str]:
    """The annotation that attaches a pod to these networks, in this order.

    Args:
        networks: `[namespace/]name[@interface]`, a network, or an Attachment that asks for more.
        pod_namespace: of the pod; None: not known, so what depends on it is not checked.
        isolation: as Multus runs; None: not isolated.
        declared: networks whose declarations Attachments are checked against, besides those
            given as such.

    Returns:
        `{"k8s.v1.cni.cncf.io/networks": …}`, short where that says everything, else JSON.

    Raises:
        InvalidEnvironment: with every finding, when a network does not declare what is asked
            of it, or the annotation is one that Multus refuses.
    """
    wanted = [n if isinstance(n, Attachment) else Attachment.to(n) for n in networks]
    known = {(v.namespace, v.name): v for v in declared}
    known |= {(n.namespace, n.name): n for n in networks if isinstance(n, NetworkView)}
    findings = errors(attachment_findings(wanted, known, pod_namespace, isolation))
    if findings:
        raise InvalidEnvironment(findings, "attachment")
    short = [attachment.short for attachment in wanted]
    if all(short):
        return {NETWORKS: ",".join(s for s in short if s)}
    entries = [attachment.to_json() for attachment in wanted]
    return {NETWORKS: json.dumps(entries, ensure_ascii=False)}

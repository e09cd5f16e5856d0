"""The annotation that attaches a pod to networks (multi-net-spec v1.3)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol, TypeVar, overload

import pulumi

from multinet.attachments.attachment import Attachment, Isolation
from multinet.attachments.checks import attachment_findings, unchecked
from multinet.attachments.given import AttachmentRefused, require
from multinet.findings import errors
from multinet.names import NETWORKS
from multinet.networks.checks.view import NetworkView
from multinet.settle import Settled, warn

_T = TypeVar("_T")


class Declared(Protocol):
    """A network at hand: a `Network` of the program."""

    @property
    def view(self) -> Settled[NetworkView]:
        """Its declaration, which may not be known yet."""
        ...


@overload
def attach(
    *networks: str | Attachment | NetworkView,
    pod_namespace: str | None = None,
    isolation: Isolation | None = None,
    declared: Iterable[NetworkView] = (),
) -> dict[str, str]: ...


@overload
def attach(
    *networks: str | Attachment | NetworkView | Declared,
    pod_namespace: str | None = None,
    isolation: Isolation | None = None,
    declared: Iterable[NetworkView | Declared] = (),
) -> Any: ...


def attach(
    *networks: str | Attachment | NetworkView | Declared,
    pod_namespace: str | None = None,
    isolation: Isolation | None = None,
    declared: Iterable[NetworkView | Declared] = (),
) -> Any:
    """The annotation that attaches a pod to these networks, in this order.

    Args:
        networks: `[namespace/]name[@interface]`, a `Network`, or an Attachment that asks for more.
        pod_namespace: of the pod; None: not known, so what depends on it is not checked.
        isolation: as Multus runs; None: not isolated.
        declared: networks whose declarations Attachments are checked against, besides those
            given as such: `Network`s of the program. A warning names an Attachment to none
            of them: nothing looks at what it asks for.

    Returns:
        `{"k8s.v1.cni.cncf.io/networks": …}`, short where that says everything, else JSON; an
        Output of it where a Network is not known yet.

    Raises:
        InvalidEnvironment: with every error, when a network does not declare what is asked
            of it, or the annotation is one that Multus refuses. It is a pulumi.RunError as
            well, which the engine shows without a traceback. Warnings go to the engine's log.
    """
    count = len(networks)
    return when_known(
        "attachment",
        [*networks, *declared],
        lambda given: _annotation(given[:count], pod_namespace, isolation, given[count:]),
        (str, Attachment, NetworkView),
    )


def when_known(
    what: str,
    given: Sequence[Any],
    make: Callable[[Sequence[Any]], _T],
    plain: tuple[type, ...] = (NetworkView,),
) -> Any:
    """What is made of networks, those of the program by their declarations.

    An Output of it where one of those is not known yet.

    Args:
        what: it is, as errors call it.
        plain: what may stand beside networks of the program, and is handed on as it is.

    Raises AttachmentRefused where something else is given.
    """
    require(given, plain, what)
    at_hand = {i: n.view for i, n in enumerate(given) if not isinstance(n, plain)}
    waiting = [view for view in at_hand.values() if view.later is not None]

    def of(views: Sequence[Any]) -> _T:
        later = iter(views)
        return make(
            [
                (next(later) if at_hand[i].later is not None else at_hand[i].shape)
                if i in at_hand
                else one
                for i, one in enumerate(given)
            ]
        )

    if not waiting:
        return of(())
    return pulumi.Output.all(*(view.later for view in waiting)).apply(of)


def _annotation(
    networks: Sequence[str | Attachment | NetworkView],
    pod_namespace: str | None,
    isolation: Isolation | None,
    declared: Sequence[NetworkView],
) -> dict[str, str]:
    wanted = [n if isinstance(n, Attachment) else Attachment.to(n) for n in networks]
    known = {(v.namespace, v.name): v for v in declared}
    known |= {(n.namespace, n.name): n for n in networks if isinstance(n, NetworkView)}
    findings = list(attachment_findings(wanted, known, pod_namespace, isolation))
    if declared:
        asks = {i: n for i, n in enumerate(networks) if isinstance(n, Attachment)}
        findings += unchecked(asks, known, pod_namespace)
    if errors(findings):
        raise AttachmentRefused(errors(findings), "attachment")
    warn(findings, "attachment")
    short = [attachment.short for attachment in wanted]
    if all(short):
        return {NETWORKS: ",".join(s for s in short if s)}
    entries = [attachment.to_json() for attachment in wanted]
    return {NETWORKS: json.dumps(entries, ensure_ascii=False)}

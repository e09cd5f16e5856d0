"""One look at the cluster and its nodes, before a program registers anything.

The provider finds out about a cluster one object at a time, in the middle of an update, and writes
over what it finds (see `stack.cluster.provider`); pulumi-command knows no read, so a resource would
keep the report of the run that failed. Here every run looks, at everything, and what is wrong is
told at once: a node that is down does not keep the cluster's problems from being told.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

import pulumi

from multinet import kubernetes, live
from multinet.findings import Finding, errors
from multinet.findings.text import count, printable
from multinet.preflight.ask import ask
from multinet.preflight.check import check
from multinet.preflight.look import look
from multinet.preflight.report import Report, accepted, refusal_text
from multinet.rehearsal import is_rehearsal
from multinet.stack.cluster import kubeconfig_of
from multinet.stack.plain import runs_plain
from multinet.stack.settings import StackSettings


@dataclasses.dataclass(frozen=True)
class Looked:
    """What the components need of what was seen.

    Attributes:
        mends: node → how often it has been mended, this time included; see `nodes.component`.
        told: what the engine's log has of it.
    """

    mends: Mapping[str, int] = dataclasses.field(default_factory=dict)
    told: Collection[Finding] = ()


def require_ready(
    stack: StackSettings, *, namespaces: Collection[str] = (), before: Looked | None = None
) -> Looked:
    """Look at the cluster and at every node; raise pulumi.RunError with every problem found.

    `namespaces`: those that the program makes itself. `before`: an earlier look in the same run,
    when less was known. A preview warns instead of refusing: it may run where the cluster or nodes
    cannot be reached. In a rehearsal nothing is asked.
    """
    if is_rehearsal():
        return Looked()
    cluster = of_cluster(stack, kubernetes.owner(), namespaces)
    nodes = ask(stack, kubernetes.owner()) if stack.nodes else {}
    told = _tell(accepted(cluster, stack.ignore), nodes, before.told if before else ())
    return Looked({name: report.mends + report.drifted for name, report in nodes.items()}, told)


def of_cluster(stack: StackSettings, owner: str, namespaces: Collection[str] = ()) -> list[Finding]:
    """What the cluster, as it is, has against the stack; that it cannot be asked is a finding too."""
    try:
        seen = look(live.connect(kubeconfig_of(stack), stack.context), stack, owner)
    except live.ClusterError as error:
        return [_unreachable(stack, error)]
    for refused in seen.unread:
        pulumi.log.warn(f"what depends on this was not looked at: {printable(refused)}")
    return check(stack, owner, seen, namespaces, plain=runs_plain())


def _unreachable(stack: StackSettings, error: live.ClusterError) -> Finding:
    """An update against it could only fail one resource at a time, or not even that.

    Where nothing differs from the state, the provider does not ask the cluster, and ends well.
    """
    way_out = (
        "set the environment's `kubeconfig` and `context` (multinet:kubeconfig and multinet:context"
        " in a stack file) to ones that lead there, or leave both out for the ambient ones"
    )
    if isinstance(error, live.AwayError):
        way_out = "the state is as it was: run it again when the API server answers"
    key = "kubeconfig" if stack.kubeconfig is not None or stack.context is None else "context"
    return Finding("cluster-unreachable", (f"multinet:{key}",), str(error), way_out)


def _tell(
    cluster: list[Finding], nodes: Mapping[str, Report], before: Collection[Finding]
) -> list[Finding]:
    found = [*cluster, *(f for report in nodes.values() for f in report.findings)]
    if errors(found) and not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(refusal_text(cluster, nodes))
    new = [f for f in found if f not in before]
    for finding in new:
        pulumi.log.warn(str(finding))
    if errors(new):
        pulumi.log.warn(f"an update would be refused: {count(len(errors(found)), 'problem')}")
    return [*before, *new]

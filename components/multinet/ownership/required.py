"""Refuses a stack that would write over others' objects, before the program registers anything.

The provider takes over what it finds (see `stack.cluster.provider`), and it finds it one object at a
time, in the middle of an update. So the cluster is asked first, in four reads.
"""

from __future__ import annotations

import pulumi
from pulumi.runtime import settings
from pulumi.runtime.mocks import MockMonitor

from multinet import kubernetes, live
from multinet.findings import Finding, InvalidEnvironment
from multinet.ownership.check import Seen, check
from multinet.settings.types import reveal
from multinet.stack.settings import StackSettings

_AWAY = "nothing was changed, and the state is as it was: run it again when the API server answers"


def require_unclaimed(stack: StackSettings) -> None:
    """Raise pulumi.RunError with every object that is there already and is not this stack's.

    An API server that is away is refused as well: an update against it could only fail one
    resource at a time. A preview warns instead. Where the cluster answers and may not be asked,
    it is left to the provider, which says so of each resource. Under a renderer's or a test's
    monitor nothing is asked.
    """
    if isinstance(settings.get_monitor(), MockMonitor):
        return
    try:
        seen = look(live.connect(reveal(stack.kubeconfig), stack.context), stack)
    except live.AwayError as error:
        if not pulumi.runtime.is_dry_run():
            raise pulumi.RunError(f"{error}\n{_AWAY}") from None
        pulumi.log.warn(f"{error}; an update would be refused")
        return
    except live.ClusterError as error:
        pulumi.log.warn(f"whose the objects in the cluster are was not looked at: {error}")
        return
    _tell(check(stack, kubernetes.owner(), seen))


def look(cluster: live.Cluster, stack: StackSettings) -> Seen:
    """Read what the check needs. Raises live.ClusterError."""
    return Seen(
        networks=cluster.nads() or (),
        daemon_sets=cluster.daemon_sets(),
        namespace=cluster.namespace(stack.multus.namespace),
        installations=cluster.listed("operator.tigera.io", "v1", "installations") or (),
    )


def _tell(found: list[Finding]) -> None:
    if found and not pulumi.runtime.is_dry_run():
        raise pulumi.RunError(InvalidEnvironment(found, "the cluster, as it is,").text())
    for finding in found:
        pulumi.log.warn(str(finding))

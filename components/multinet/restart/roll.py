"""Rolls workloads one by one, each until it is complete."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence

from multinet.live import Cluster, ClusterError
from multinet.restart.plan import Plan, Workload, failed, plan, rolled
from multinet.verify.stale import Stale

Tell = Callable[[str], None]
_LOOK_EVERY = 1.0


class NotRolled(ClusterError):
    """A rollout that did not end well; those after it were not begun."""


def planned(cluster: Cluster, stale: Sequence[Stale]) -> Plan:
    """What to do about these pods. Reads their workloads."""
    keys = {(pod.owner.kind, pod.namespace, pod.owner.name) for pod in stale}
    found = {key: cluster.workload(*key) for key in keys}
    return plan(stale, {key: item for key, item in found.items() if item is not None})


def roll(cluster: Cluster, workloads: Sequence[Workload], seconds: float, tell: Tell) -> None:
    """Roll them in order.

    Args:
        seconds: that each may take.
        tell: progress, a line at a time.

    Raises NotRolled, and ClusterError when the cluster stops answering.
    """
    for number, workload in enumerate(workloads, start=1):
        tell(f"[{number}/{len(workloads)}] {workload}")
        where = (workload.kind, workload.namespace, workload.name)
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        cluster.restart_workload(*where, now)
        began = time.monotonic()
        while True:
            found = cluster.workload(*where)
            if found is None:
                break  # its owner took it away: nothing of it is left to roll
            if rolled(workload.kind, found):
                break
            why = failed(workload.kind, found)
            if not why and time.monotonic() - began > seconds:
                why = f"not complete after {seconds:.0f} s"
            if why:
                rest = len(workloads) - number
                more = f"; {rest} more not begun" if rest else ""
                raise NotRolled(
                    f"{workload}: {why}{more}. `kubectl rollout status {workload}` follows it,"
                    f" `multinet verify` says what its pods wait for"
                )
            time.sleep(_LOOK_EVERY)

"""Waits until Calico's operator has applied the pools, and gives up on what is vain.

The provider waits until the Installation is Ready, which the operator says before it has looked at
the pools. So the engine calls this after a change of the Installation, or of what its pools need.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pulumi

from multinet import live
from multinet.kubernetes import Access
from multinet.multus.awaited import seconds_of
from multinet.primary_cni import pools

_PAUSE = 1.0
_QUIET = 5.0  # seconds in which nothing is said: most changes are done within them
_VAIN = 15.0  # seconds in which what is hopeless may still turn out well

_OPERATOR = "operator.tigera.io"
_POOLS = (("crd.projectcalico.org", "v1"), ("projectcalico.org", "v3"))
"""Where they are kept; with native CRDs, which newer lines can have, the second."""


def after_change(
    name: str, access: Access, limit: str, *, api_server_follows: bool = False
) -> pulumi.ResourceHookBinding:
    """Hooks that let the engine go on when the cluster's pools are those of the Installation.

    They fail the update with the operator's words when it would wait in vain, or after `limit`
    (as `10m`). A preview calls none.

    Args:
        api_server_follows: the stack declares Calico's API server: where it is not there yet, it
            comes after this, and its own hook waits.
    """

    async def wait(_: pulumi.ResourceHookArgs) -> None:
        known = await pulumi.Output.all(access.kubeconfig, access.context).future()
        assert known is not None, "a preview calls no hooks"
        kubeconfig, context = known
        await asyncio.to_thread(
            wait_for_pools, kubeconfig, context, limit, pulumi.log.warn, api_server_follows
        )

    hook = pulumi.ResourceHook(f"{name}-pools-applied", wait)
    return pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook])


def wait_for_pools(
    kubeconfig: str | None,
    context: str | None,
    limit: str,
    say: Callable[[str], None],
    api_server_follows: bool = False,
) -> None:
    """Return when the pools are applied; raise pulumi.RunError with why they are not."""
    started = time.monotonic()
    told = ""
    vain_since: float | None = None
    while True:
        try:
            cluster = live.connect(kubeconfig, context)
            api_servers = cluster.listed(_OPERATOR, "v1", "apiservers") or []
            if api_server_follows and not api_servers:
                return
            seen = _left(cluster, api_servers)
        except live.ClusterError as error:
            seen = pools.Left([str(error)])
        if not seen.differences:
            return
        now = time.monotonic()
        if now - started >= _QUIET and str(seen) != told:
            told = str(seen)
            say(f"Calico's pools are not as declared yet: {told}")
        vain_since = (vain_since or now) if seen.hopeless else None
        vain = vain_since is not None and now - vain_since >= _VAIN
        if vain or now - started >= seconds_of(limit):
            raise pulumi.RunError(str(pools.finding(seen, now - started)))
        time.sleep(_PAUSE)


def _left(cluster: live.Cluster, api_servers: list[live.Object]) -> pools.Left:
    installations = cluster.listed(_OPERATOR, "v1", "installations") or []
    own = next((i for i in installations if i["metadata"]["name"] == "default"), None)
    there = pools_of(cluster)
    if there is None:
        return pools.Left()
    statuses = cluster.listed(_OPERATOR, "v1", "tigerastatuses") or []
    return pools.left(own, there, statuses, api_servers)


def pools_of(cluster: live.Cluster) -> list[live.Object] | None:
    """Every IPPool of a cluster; None where it has no such kind. Raises live.ClusterError."""
    for group, version in _POOLS:
        if (found := cluster.listed(group, version, "ippools")) is not None:
            return found
    return None

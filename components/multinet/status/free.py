"""Takes entries out of whereabouts' books whose pod is gone, and nothing else.

whereabouts' reconciler does the same by its schedule. An entry is taken out only of the pool as it
was read: an allocation that happens at the same time wins, and this tries again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from multinet.cni.types import Address
from multinet.live import Cluster, RefusedError
from multinet.status.pools import POOLS, RESERVATIONS, Leak

_TRIES = 5
_CONFLICT, _INVALID = 409, 422


def free(cluster: Cluster, leaks: Sequence[Leak]) -> list[str]:
    """Free them, `leaks` by pool; returns the addresses that were freed.

    A pod that has come back in the meantime keeps its entry. Raises live.ClusterError.
    """
    freed: list[str] = []
    for (namespace, pool), of_pool in groupby(leaks, key=lambda k: (k.namespace, k.pool)):
        freed += _of_pool(cluster, namespace, pool, list(of_pool))
    return freed


def _of_pool(cluster: Cluster, namespace: str, name: str, leaks: Sequence[Leak]) -> list[str]:
    for attempt in range(1, _TRIES + 1):
        pool = cluster.custom(POOLS, namespace, name)
        allocations = ((pool or {}).get("spec") or {}).get("allocations") or {}
        still = [
            leak
            for leak in leaks
            if (allocations.get(leak.key) or {}).get("podref") == leak.pod
            and cluster.pod(*leak.pod.split("/", 1)) is None
        ]
        if pool is None or not still:
            return []
        version = pool["metadata"]["resourceVersion"]
        unchanged = {"op": "test", "path": "/metadata/resourceVersion", "value": version}
        gone = [{"op": "remove", "path": f"/spec/allocations/{leak.key}"} for leak in still]
        try:
            cluster.patch_custom(POOLS, namespace, name, [unchanged, *gone])
        except RefusedError as error:
            if error.status in (_CONFLICT, _INVALID) and attempt < _TRIES:
                continue
            raise
        _reservations(cluster, still)
        return [str(leak.address) for leak in still]
    return []


def _reservations(cluster: Cluster, leaks: Sequence[Leak]) -> None:
    """The same addresses' entries for overlapping ranges, where they are those pods'.

    They are called like the address, after `network_name` where one is set.
    """
    wanted = {(_called(leak.address), leak.pod) for leak in leaks}
    for found in cluster.listed(*RESERVATIONS) or ():
        name, pod = found["metadata"]["name"], (found.get("spec") or {}).get("podref")
        if any(pod == of and (name == at or name.endswith(f"-{at}")) for at, of in wanted):
            metadata = found["metadata"]
            cluster.delete_custom(RESERVATIONS, metadata["namespace"], name, uid=metadata["uid"])


def _called(address: Address) -> str:
    text = str(address).replace(":", "-")
    return f"{text}0" if text.endswith("-") else text

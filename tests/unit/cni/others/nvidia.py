"""nv-ipam: its README's configurations in shape and keys, and what breaks."""

from __future__ import annotations

from typing import Any

from tests.unit.cni.cases import Case, ipam


def _nvidia(**keys: Any) -> dict[str, Any]:
    conf = {"type": "macvlan", "cniVersion": "0.3.1", "master": "enp3s0f0np0", "mode": "bridge"}
    return {**conf, "ipam": {"type": "nv-ipam", **keys}}


DOCUMENTED: dict[str, dict[str, Any]] = {
    "nv-ipam": _nvidia(poolName="pool1"),
    "nv-ipam with subnets for nodes": _nvidia(poolName="pool1", poolType="CIDRPool"),
    "nv-ipam with every key": _nvidia(
        forcePoolName=False,
        poolName="pool1,pool2",
        poolType="ippool",
        daemonSocket="unix:///var/lib/cni/nv-ipam/daemon.sock",
        daemonCallTimeoutSeconds=5,
        confDir="/etc/cni/net.d/nv-ipam.d",
        logFile="/var/log/nv-ipam-cni.log",
        logLevel="info",
    ),
}

BROKEN: dict[str, Case] = {
    "nv-ipam with three pools": (ipam("nv-ipam", poolName="a,b,c"), "pool-name", "ipam.poolName"),
    "nv-ipam with a blank": (ipam("nv-ipam", poolName="a, b"), "pool-name", "ipam.poolName"),
    "nv-ipam with a comma": (ipam("nv-ipam", poolName="a,"), "pool-name", "ipam.poolName"),
    "nv-ipam with a pool twice": (ipam("nv-ipam", poolName="a,a"), "pool-name", "ipam.poolName"),
    "nv-ipam pool type": (ipam("nv-ipam", poolType="pool"), "unknown-value", "ipam.poolType"),
    "nv-ipam as a list": (ipam("nv-ipam", poolName=["a"]), "wrong-type", "ipam.poolName"),
    "nv-ipam timeout": (
        ipam("nv-ipam", daemonCallTimeoutSeconds=-1),
        "wrong-value",
        "ipam.daemonCallTimeoutSeconds",
    ),
}

DOUBTFUL: dict[str, Case] = {
    "nv-ipam leaves the pool to the pod": (
        ipam("nv-ipam", forcePoolName=True),
        "pool-name",
        "ipam.poolName",
    ),
}

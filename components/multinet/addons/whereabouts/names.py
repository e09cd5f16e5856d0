"""What whereabouts' objects and files are called."""

from __future__ import annotations

from typing import Final

GROUP: Final = "whereabouts.cni.cncf.io"
"""Of its API."""

NAME: Final = "multinet-whereabouts"
"""Of the agent: its DaemonSet, account, role and ConfigMap."""

CONTROLLERS: Final = "multinet-whereabouts-controllers"
"""Of the account of those that run once in a cluster."""

RECONCILER: Final = "multinet-whereabouts-reconciler"
SLICES: Final = "multinet-whereabouts-slices"

LEASE: Final = "whereabouts"
"""What the plugin locks before it gives or frees an address (pkg/storage/kubernetes/ipam.go)."""

NET_DIR: Final = "/etc/cni/net.d"
"""Whose whereabouts.d the plugin reads on every distribution, wherever the runtime looks for its
configurations (pkg/config/config.go, GetFlatIPAM): with its file there a network says no
configuration_path.
"""

HOME: Final = f"{NET_DIR}/whereabouts.d"
"""Its directory on a node."""

LABELS: Final = {
    "app.kubernetes.io/name": "whereabouts",
    "app.kubernetes.io/component": "ipam",
    "app.kubernetes.io/part-of": "multinet",
}


def labels(component: str) -> dict[str, str]:
    """Of one of its parts."""
    return {**LABELS, "app.kubernetes.io/component": component}

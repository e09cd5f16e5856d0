"""What the policies' enforcer and its objects are called."""

from __future__ import annotations

from typing import Final

NAME: Final = "multinet-network-policy"
"""Of all of its objects but the CRD."""
CONTAINER: Final = "enforcer"
LABELS: Final = {
    "app.kubernetes.io/name": "network-policy",
    "app.kubernetes.io/component": "network-policy",
    "app.kubernetes.io/part-of": "multinet",
}

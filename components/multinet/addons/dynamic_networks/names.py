"""What the controller's objects and files are called."""

from __future__ import annotations

from typing import Final

NAME: Final = "multinet-dynamic-networks"
"""Of all of its objects."""
CONTAINER: Final = "controller"
LABELS: Final = {
    "app.kubernetes.io/name": "dynamic-networks",
    "app.kubernetes.io/component": "dynamic-networks",
    "app.kubernetes.io/part-of": "multinet",
}

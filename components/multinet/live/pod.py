"""What the API server says of a pod. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ENDED = ("Succeeded", "Failed")


def has_ended(pod: Mapping[str, Any]) -> bool:
    """Whether its containers have ended for good: it holds no interface any more."""
    return (pod.get("status") or {}).get("phase") in _ENDED

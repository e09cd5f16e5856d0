"""Which object of the cluster one is, and whose by its mark. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.names import OWNER


def place_of(item: Mapping[str, Any]) -> tuple[str, str]:
    """Its namespace and name; without a namespace it is empty."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


def owner_of(item: Mapping[str, Any]) -> str:
    """The stack that made it, as `project/stack`; empty: none of multinet's."""
    return str((item["metadata"].get("annotations") or {}).get(OWNER) or "")


def is_of(item: Mapping[str, Any], owner: str) -> bool:
    """Whether it is the stack's: also where no state knows it, since a killed `up` left it there."""
    return owner_of(item) == owner

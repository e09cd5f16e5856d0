"""Which networks a live pod asks for, by its annotations (multi-net-spec v1.3, Multus v4.3.0). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.names import DEFAULT_NETWORK, NETWORKS
from multinet.untrusted import plain_json


def asked_networks(pod: Mapping[str, Any]) -> list[str]:
    """References `namespace/name` of the networks that the pod's annotation asks for."""
    return _named(pod, NETWORKS, str((pod.get("metadata") or {}).get("namespace", "")))


def default_networks(pod: Mapping[str, Any]) -> list[str]:
    """What it asks for in the primary CNI's place; `/name` where it names no namespace.

    Multus looks for that one in its own namespace.
    """
    return _named(pod, DEFAULT_NETWORK, "")


def asks_for(pod: Mapping[str, Any], reference: str) -> bool:
    """Whether it asks for a network, in whichever way."""
    return any(_is(reference, asked) for asked in (*asked_networks(pod), *default_networks(pod)))


def lacks(pod: Mapping[str, Any], has: list[str]) -> bool:
    """Whether it asks for a network that is not among those that it has, by their references."""
    asked = (*asked_networks(pod), *default_networks(pod))
    return any(not any(_is(one, wanted) for one in has) for wanted in asked)


def _is(reference: str, asked: str) -> bool:
    return reference == asked or (asked.startswith("/") and reference.endswith(asked))


def _named(pod: Mapping[str, Any], annotation: str, namespace: str) -> list[str]:
    metadata = pod.get("metadata") or {}
    text = str((metadata.get("annotations") or {}).get(annotation) or "").strip()
    if text.startswith("["):
        try:
            entries = plain_json.loads(text)
        except ValueError:
            return []
        return [
            f"{entry.get('namespace') or namespace}/{entry.get('name', '')}"
            for entry in entries
            if isinstance(entry, dict)
        ]
    names = [part.strip().partition("@")[0] for part in text.split(",") if part.strip()]
    return [name if "/" in name else f"{namespace}/{name}" for name in names]

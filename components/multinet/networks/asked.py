"""Which networks a live pod asks for, by its annotation (multi-net-spec v1.3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multinet.names import NETWORKS
from multinet.untrusted import plain_json


def asked_networks(pod: Mapping[str, Any]) -> list[str]:
    """References `namespace/name` of the networks that the pod's annotation asks for."""
    metadata = pod.get("metadata") or {}
    text = str((metadata.get("annotations") or {}).get(NETWORKS) or "").strip()
    namespace = str(metadata.get("namespace", ""))
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

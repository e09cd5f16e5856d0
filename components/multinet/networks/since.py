"""Since when a network's configuration on the cluster is what it is. Pure.

The time of a change is that of a field manager that owns `spec.config`; managers that own more than
that share one time with it. Of several, all own the same value, so it is at least as old as the
oldest of their times.

Adoption notes the time together with what the configuration means then: the first `up` writes it in
another form, which is a change to the API server, and none to pods.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from multinet.names import CONFIG_SINCE, PER_NODE
from multinet.untrusted import plain_json


def changed_at(nad: Mapping[str, Any]) -> datetime.datetime | None:
    """When the NAD's configuration got its present meaning; None: it does not say."""
    metadata = nad.get("metadata") or {}
    noted, _, digest = str((metadata.get("annotations") or {}).get(CONFIG_SINCE, "")).partition(" ")
    if digest and digest == _meaning(nad) and (since := time_of(noted)) is not None:
        return since
    times = [
        time
        for entry in metadata.get("managedFields") or ()
        if _has_configuration(entry.get("fieldsV1") or {})
        and (time := time_of(entry.get("time"))) is not None
    ]
    return min(times) if times else time_of(metadata.get("creationTimestamp"))


def _has_configuration(fields: Mapping[str, Any]) -> bool:
    """Whether whoever has these fields says what the network is; on the nodes, by an annotation."""
    annotations = (fields.get("f:metadata") or {}).get("f:annotations") or {}
    return "f:config" in (fields.get("f:spec") or {}) or f"f:{PER_NODE}" in annotations


def marks_of(nad: Mapping[str, Any]) -> dict[str, str]:
    """The annotation that notes since when the configuration means what it does now."""
    since, digest = changed_at(nad), _meaning(nad)
    if since is None or not digest:
        return {}
    return {CONFIG_SINCE: f"{since.astimezone(datetime.UTC).isoformat()} {digest}"}


def time_of(text: Any) -> datetime.datetime | None:
    """A time as Kubernetes writes it; None: it is none."""
    try:
        found = datetime.datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _meaning(nad: Mapping[str, Any]) -> str:
    """Digest of what the configuration says, however it is written; empty: it says nothing."""
    try:
        config = plain_json.loads((nad.get("spec") or {}).get("config") or "")
    except (TypeError, ValueError):
        return ""
    if not isinstance(config, dict):
        return ""
    # Without a name Multus gives it the NAD's.
    whole = {"name": (nad.get("metadata") or {}).get("name"), **config}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]

"""The DaemonSet that add-ons run on every node: what is around its pods. Plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from multinet.multus.objects import CONFIG_HASH

Manifest = dict[str, Any]

ONE_AT_A_TIME = {"maxSurge": 0, "maxUnavailable": "10%"}
"""A node's pod ends before the next one starts."""
NEXT_FIRST = {"maxSurge": "10%", "maxUnavailable": 0}
"""The next one takes over before the one before it ends."""
_SELECTED_BY = ("app.kubernetes.io/name", "app.kubernetes.io/part-of")


def daemon_set(
    name: str,
    namespace: str,
    labels: Mapping[str, str],
    *,
    rolling: Mapping[str, Any],
    read: str,
    pod: Manifest,
) -> Manifest:
    """A DaemonSet that rolls.

    Args:
        rolling: how it replaces pods: ONE_AT_A_TIME or NEXT_FIRST.
        read: what its pods read when they start, and only then: a change of it replaces them.
        pod: their spec.
    """
    digest = hashlib.sha256(read.encode()).hexdigest()[:16]
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "namespace": namespace, "labels": dict(labels)},
        "spec": {
            "selector": {"matchLabels": {key: labels[key] for key in _SELECTED_BY}},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": dict(rolling)},
            "template": {
                "metadata": {"labels": dict(labels), "annotations": {CONFIG_HASH: digest}},
                "spec": pod,
            },
        },
    }

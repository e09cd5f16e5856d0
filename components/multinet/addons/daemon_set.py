"""The DaemonSet that add-ons run on every node: what is around its pods. Plain data."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Literal

from multinet.multus.objects import CONFIG_HASH
from multinet.multus.pods import api_server
from multinet.multus.settings import MultusSettings

Manifest = dict[str, Any]

ONE_AT_A_TIME = {"maxSurge": 0, "maxUnavailable": "10%"}
"""A node's pod ends before the next one starts."""
NEXT_FIRST = {"maxSurge": "10%", "maxUnavailable": 0}
"""The next one takes over before the one before it ends."""
CONFIG_DIR = "/etc/multinet"
"""Where its pods read their ConfigMap."""
HOST = "/host"
"""Below which they see directories of the node."""
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


def asking_pod(
    name: str,
    multus: MultusSettings,
    container: Manifest,
    directories: Mapping[str, str],
    *,
    missing: Literal["Directory", "DirectoryOrCreate"],
) -> Manifest:
    """Spec of a pod that asks the API server what to do on its node, and reads files there.

    Args:
        name: of its account and of its ConfigMap.
        container: its only one; what any of them has is added.
        directories: name of a volume → path on the node; read-only below HOST.
        missing: whether a directory that is not there is made (DirectoryOrCreate) or refused.
    """
    node = {"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}
    mounts = [
        {"name": volume, "mountPath": f"{HOST}{path}", "readOnly": True}
        for volume, path in directories.items()
    ]
    volumes = [
        {"name": volume, "hostPath": {"path": path, "type": missing}}
        for volume, path in directories.items()
    ]
    return {
        "serviceAccountName": name,
        "automountServiceAccountToken": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "terminationGracePeriodSeconds": 10,
        "containers": [
            {
                **container,
                "imagePullPolicy": "IfNotPresent",
                "env": [*api_server(multus), node],
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "volumeMounts": [
                    *mounts,
                    {"name": "config", "mountPath": CONFIG_DIR, "readOnly": True},
                ],
            }
        ],
        "volumes": [*volumes, {"name": "config", "configMap": {"name": name}}],
    }

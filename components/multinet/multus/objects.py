"""The Kubernetes objects that Multus is made of, as plain data."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from multinet.multus import pods
from multinet.multus.daemon_config import daemon_config
from multinet.settings.multus import MultusSettings

Manifest = dict[str, Any]

NAME = "multinet-multus"
CRD_NAME = "network-attachment-definitions.k8s.cni.cncf.io"
CONFIG_HASH = "multinet.dev/config-hash"
LABELS = {
    "app.kubernetes.io/name": "multus",
    "app.kubernetes.io/component": "meta-cni",
    "app.kubernetes.io/part-of": "multinet",
}


def custom_resource_definition() -> Manifest:
    """The CRD of NetworkAttachmentDefinitions (multi-net-spec v1.3, section 3)."""
    schema = {
        "type": "object",
        "description": "A network that pods can attach to, besides the cluster's own.",
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object"},
            "spec": {
                "type": "object",
                "properties": {
                    "config": {"type": "string", "description": "CNI configuration, as JSON."}
                },
            },
        },
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": CRD_NAME, "labels": LABELS},
        "spec": {
            "group": "k8s.cni.cncf.io",
            "scope": "Namespaced",
            "names": {
                "plural": "network-attachment-definitions",
                "singular": "network-attachment-definition",
                "kind": "NetworkAttachmentDefinition",
                "listKind": "NetworkAttachmentDefinitionList",
                "shortNames": ["nad", "net-attach-def"],
            },
            "versions": [
                {
                    "name": "v1",
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


def namespace(settings: MultusSettings) -> Manifest | None:
    """Multus's namespace, when it is not one that every cluster has.

    Its pods are privileged by nature, so the namespace says so to Pod Security admission.
    """
    if settings.namespace in ("kube-system", "default"):
        return None
    labels = {"pod-security.kubernetes.io/enforce": "privileged", **LABELS}
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": settings.namespace, "labels": labels},
    }


def service_account(settings: MultusSettings) -> Manifest:
    """Who Multus is to the API server."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": NAME, "namespace": settings.namespace, "labels": LABELS},
    }


def cluster_role(settings: MultusSettings) -> Manifest:
    """Least privilege: read NADs and pods, write pods' status, report events.

    Upstream grants every verb on NADs (multus-cni#181). The network-status annotation is
    written through the pods/status subresource. Thick watches the pods of its node.
    """
    pod_verbs = ["get", "list", "watch"] if settings.mode == "thick" else ["get"]
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": NAME, "labels": LABELS},
        "rules": [
            {
                "apiGroups": ["k8s.cni.cncf.io"],
                "resources": ["network-attachment-definitions"],
                "verbs": ["get", "list", "watch"],
            },
            {"apiGroups": [""], "resources": ["pods"], "verbs": pod_verbs},
            {"apiGroups": [""], "resources": ["pods/status"], "verbs": ["get", "update"]},
            {
                "apiGroups": ["", "events.k8s.io"],
                "resources": ["events"],
                "verbs": ["create", "patch", "update"],
            },
        ],
    }


def cluster_role_binding(settings: MultusSettings) -> Manifest:
    """Gives the role to the service account."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": NAME, "labels": LABELS},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME},
        "subjects": [
            {"kind": "ServiceAccount", "name": NAME, "namespace": settings.namespace},
        ],
    }


def config_map(settings: MultusSettings, primary_conf_file: str) -> Manifest | None:
    """The thick daemon's configuration; thin is configured by flags alone."""
    if settings.mode != "thick":
        return None
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": pods.DAEMON_CONFIG,
            "namespace": settings.namespace,
            "labels": LABELS,
        },
        "data": {"daemon-config.json": daemon_config(settings, primary_conf_file)},
    }


def daemon_set(settings: MultusSettings, primary_conf_file: str) -> Manifest:
    """Multus on every node.

    The pod template carries a hash of the configuration, so that a changed ConfigMap rolls
    the pods: the daemon reads its configuration only when it starts.
    """
    selector = {"app.kubernetes.io/name": "multus", "app.kubernetes.io/part-of": "multinet"}
    config = config_map(settings, primary_conf_file)
    annotations = {CONFIG_HASH: _digest(config)} if config else {}
    pod = (
        pods.thick(settings) if settings.mode == "thick" else pods.thin(settings, primary_conf_file)
    )
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": settings.namespace, "labels": LABELS},
        "spec": {
            "selector": {"matchLabels": selector},
            # The daemon runs for about a second before it has written its configuration, and a
            # pod that starts then has no further network: only later does it count as there.
            "minReadySeconds": 5,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
            "template": {
                "metadata": {"labels": LABELS, "annotations": annotations},
                "spec": pod | {"serviceAccountName": NAME},
            },
        },
    }


def _digest(manifest: Manifest) -> str:
    text = json.dumps(manifest, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:16]

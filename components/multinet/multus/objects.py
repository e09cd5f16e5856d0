"""The Kubernetes objects that Multus is made of, as plain data."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from multinet.multus import pods
from multinet.multus.daemon_config import daemon_config
from multinet.multus.settings import MultusSettings
from multinet.names import NAD_CRD

Manifest = dict[str, Any]

NAME = "multinet-multus"
CONTAINER = pods.CONTAINER
CONFIG_HASH = "multinet.dev/config-hash"
LABELS = {
    "app.kubernetes.io/name": "multus",
    "app.kubernetes.io/component": "meta-cni",
    "app.kubernetes.io/part-of": "multinet",
}
SELECTOR = {key: LABELS[key] for key in ("app.kubernetes.io/name", "app.kubernetes.io/part-of")}


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
        "metadata": {"name": NAD_CRD, "labels": LABELS},
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
        # Only Multus's own pods ask for the token; another pod that names the account gets none.
        "automountServiceAccountToken": False,
    }


def cluster_role(settings: MultusSettings) -> Manifest:
    """Least privilege: what Multus calls, and no more; multus-cni v4.3.0, pkg/k8sclient.

    Upstream grants every verb on NADs (multus-cni#181). Thick watches NADs and the pods of its
    node, and asks once more for a pod it does not know yet; thin asks for single ones, so that
    its credential, which lies on the node, cannot list what is in the cluster. An image may be
    an older one, whose thick daemon asks for single NADs. The network-status annotation is
    written through the pods/status subresource; events through the core group.
    """
    verbs = ["get", "list", "watch"] if settings.mode == "thick" else ["get"]
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": NAME, "labels": LABELS},
        "rules": [
            {
                "apiGroups": ["k8s.cni.cncf.io"],
                "resources": ["network-attachment-definitions"],
                "verbs": verbs,
            },
            {"apiGroups": [""], "resources": ["pods"], "verbs": verbs},
            {"apiGroups": [""], "resources": ["pods/status"], "verbs": ["update"]},
            {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
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
    """The thick daemon's configuration, and what runs it; thin is configured by flags alone."""
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
        "data": {
            "daemon-config.json": daemon_config(settings, primary_conf_file),
            pods.DAEMON_SCRIPT: pods.daemon_script(),
        },
    }


def daemon_set(settings: MultusSettings, primary_conf_file: str) -> Manifest:
    """Multus on every node.

    The pod template carries a hash of the configuration, so that a changed ConfigMap rolls
    the pods: the daemon reads its configuration only when it starts.
    """
    config = config_map(settings, primary_conf_file)
    annotations = {CONFIG_HASH: _digest(config)} if config else {}
    pod_of = pods.thick if settings.mode == "thick" else pods.thin
    pod = pod_of(settings, primary_conf_file)
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": settings.namespace, "labels": LABELS},
        "spec": {
            "selector": {"matchLabels": SELECTOR},
            # The runtime takes a moment to read the configuration that has been written. Thick
            # waits itself: see the end of scripts/daemon.sh.
            "minReadySeconds": 0 if settings.mode == "thick" else 5,
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": _rolling(settings)},
            "template": {
                "metadata": {"labels": LABELS, "annotations": annotations},
                "spec": pod | {"serviceAccountName": NAME, "automountServiceAccountToken": True},
            },
        },
    }


def manifests(settings: MultusSettings, primary_conf_file: str = "") -> list[Manifest]:
    """All of them but the CRD."""
    found = [
        namespace(settings),
        service_account(settings),
        cluster_role(settings),
        cluster_role_binding(settings),
        config_map(settings, primary_conf_file),
        daemon_set(settings, primary_conf_file),
    ]
    return [manifest for manifest in found if manifest is not None]


def _rolling(settings: MultusSettings) -> Manifest:
    """Thick: the next daemon takes over before the old one goes, which daemon.sh makes safe.

    Thin's entrypoint deletes the configuration when it ends, whoever has written it: there must
    be one at a time, and between the two pods start without further networks.
    """
    if settings.mode == "thick":
        return {"maxSurge": "10%", "maxUnavailable": 0}
    return {"maxSurge": 0, "maxUnavailable": "10%"}


def _digest(manifest: Manifest) -> str:
    text = json.dumps(manifest, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()[:16]

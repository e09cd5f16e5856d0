"""The objects that the controller is made of, as plain data.

Of multus-dynamic-networks-controller v0.3.7 (cmd, pkg/controller, pkg/cri, pkg/multuscni).
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any, Final

from multinet.addons import daemon_set as each_node
from multinet.addons.cri import cri_socket
from multinet.addons.dynamic_networks.names import CONTAINER, LABELS, NAME
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.site import SiteSettings
from multinet.multus.pods import api_server
from multinet.names import NAD_GROUP, NAD_PLURAL

Manifest = dict[str, Any]

FILE: Final = "config.json"
MULTUS_SOCKET: Final = "/run/multus/multus.sock"
_CONFIG: Final = "/etc/multinet"
_RUN: Final = "/run"
_RBAC: Final = "rbac.authorization.k8s.io"


def account(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """Whom it asks as."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "automountServiceAccountToken": False,
    }


def cluster_role(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """It sees pods and networks, writes what a pod got into its status, and says so in events."""
    del site
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": NAME, "labels": LABELS},
        "rules": [
            {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
            {"apiGroups": [""], "resources": ["pods/status"], "verbs": ["update"]},
            {"apiGroups": [NAD_GROUP], "resources": [NAD_PLURAL], "verbs": ["list", "watch"]},
            {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
        ],
    }


def cluster_role_binding(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """The role to its account."""
    return {
        "apiVersion": f"{_RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": NAME, "labels": LABELS},
        "roleRef": {"apiGroup": _RBAC, "kind": "ClusterRole", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": site.multus.namespace}],
    }


def config_map(settings: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """Where the two sockets are in its pod."""
    sockets = {
        "criSocketPath": f"/host{cri_socket(settings.cri_socket, site.multus)}",
        "multusSocketPath": f"/host{MULTUS_SOCKET}",
    }
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "data": {FILE: json.dumps(sockets, separators=(",", ":"))},
    }


def daemon_set(settings: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """The controller on every node, one at a time there: two would attach a network twice."""
    read = json.dumps(config_map(settings, site)["data"])
    pod, namespace = _pod(settings, site), site.multus.namespace
    return each_node.daemon_set(
        NAME, namespace, LABELS, rolling=each_node.ONE_AT_A_TIME, read=read, pod=pod
    )


def _pod(settings: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    # Not the sockets: one that is made anew is seen, and none has to be there first. Nor Multus's
    # directory, which its daemon makes anew, too, when it starts (FilesystemPreRequirements).
    socket = cri_socket(settings.cri_socket, site.multus)
    directories = {"run": _RUN}
    if not socket.startswith(f"{_RUN}/"):
        directories["runtime"] = str(PurePosixPath(socket).parent)
    there = " && ".join(f"test -S /host{path}" for path in (MULTUS_SOCKET, socket))
    return {
        "serviceAccountName": NAME,
        "automountServiceAccountToken": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "terminationGracePeriodSeconds": 10,
        "containers": [
            {
                "name": CONTAINER,
                "image": settings.effective_image(site.multus.registry or ""),
                "imagePullPolicy": "IfNotPresent",
                "command": ["/dynamic-networks-controller", f"-config={_CONFIG}/{FILE}", "-v=1"],
                "env": [
                    *api_server(site.multus),
                    {
                        "name": "NODE_NAME",
                        "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}},
                    },
                ],
                "readinessProbe": {
                    "exec": {"command": ["/bin/sh", "-c", there]},
                    "periodSeconds": 2,
                    "timeoutSeconds": 5,
                },
                "resources": {
                    "requests": {"cpu": "20m", "memory": "50Mi"},
                    "limits": {"memory": "256Mi"},
                },
                "securityContext": _CONFINED,
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "volumeMounts": [
                    *(
                        {"name": name, "mountPath": f"/host{path}", "readOnly": True}
                        for name, path in directories.items()
                    ),
                    {"name": "config", "mountPath": _CONFIG, "readOnly": True},
                ],
            }
        ],
        "volumes": [
            *(
                {"name": name, "hostPath": {"path": path, "type": "DirectoryOrCreate"}}
                for name, path in directories.items()
            ),
            {"name": "config", "configMap": {"name": NAME}},
        ],
    }


# It speaks over two sockets, which are root's, and does nothing itself. Upstream's is privileged.
_CONFINED: Final[Manifest] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "runAsUser": 0,
    "capabilities": {"drop": ["ALL"]},
    "seccompProfile": {"type": "RuntimeDefault"},
    # SELinux keeps containers from the runtime's socket.
    "seLinuxOptions": {"type": "spc_t"},
}

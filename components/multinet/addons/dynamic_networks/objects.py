"""The objects that the controller is made of, as plain data.

Of multus-dynamic-networks-controller v0.3.7 (cmd, pkg/controller, pkg/cri, pkg/multuscni).
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any, Final

from multinet.addons import daemon_set as each_node
from multinet.addons import rights
from multinet.addons.cri import cri_socket
from multinet.addons.daemon_set import CONFIG_DIR, HOST
from multinet.addons.dynamic_networks.names import CONTAINER, LABELS, NAME
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.site import SiteSettings
from multinet.names import NAD_GROUP, NAD_PLURAL

Manifest = dict[str, Any]

FILE: Final = "config.json"
MULTUS_SOCKET: Final = "/run/multus/multus.sock"
_RUN: Final = "/run"


def account(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """Whom it asks as."""
    return rights.account(NAME, site.multus.namespace, LABELS)


def cluster_role(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """It sees pods and networks, writes what a pod got into its status, and says so in events."""
    del site
    rules = [
        {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["pods/status"], "verbs": ["update"]},
        {"apiGroups": [NAD_GROUP], "resources": [NAD_PLURAL], "verbs": ["list", "watch"]},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
    ]
    return rights.role("ClusterRole", NAME, LABELS, rules)


def cluster_role_binding(_: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """The role to its account."""
    return rights.binding("ClusterRole", NAME, site.multus.namespace, LABELS)


def config_map(settings: DynamicNetworksAddonSettings, site: SiteSettings) -> Manifest:
    """Where the two sockets are in its pod."""
    sockets = {
        "criSocketPath": f"{HOST}{cri_socket(settings.cri_socket, site.multus)}",
        "multusSocketPath": f"{HOST}{MULTUS_SOCKET}",
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
    there = " && ".join(f"test -S {HOST}{path}" for path in (MULTUS_SOCKET, socket))
    container = {
        "name": CONTAINER,
        "image": settings.effective_image(site.multus.registry or ""),
        "command": ["/dynamic-networks-controller", f"-config={CONFIG_DIR}/{FILE}", "-v=1"],
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
    }
    return each_node.asking_pod(
        NAME, site.multus, container, directories, missing="DirectoryOrCreate"
    )


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

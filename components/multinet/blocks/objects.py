"""The Kubernetes objects that give each node its blocks, as plain data.

A DaemonSet runs scripts/node.sh on every node, in Multus's thick image, which has a shell, and
beside it `kubectl proxy`, which speaks to the API server for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from multinet import versions
from multinet.multus import pods
from multinet.multus.settings import MultusSettings
from multinet.networks.blocks import Blocks
from multinet.networks.settings import NetworkSettings
from multinet.paths import NETWORKS_DIR

Manifest = dict[str, Any]
Networks = Mapping[str, NetworkSettings]

NAME = "multinet-node-blocks"
CONTAINER = "node-blocks"
CLAIM = "multinet-block-"
"""What Leases are called, before the node's number."""
LABELS = {
    "app.kubernetes.io/name": NAME,
    "app.kubernetes.io/component": "node-blocks",
    "app.kubernetes.io/part-of": "multinet",
}
BOOK = {key: LABELS[key] for key in ("app.kubernetes.io/component", "app.kubernetes.io/part-of")}
"""Labels of the Leases."""

_SCRIPT = "node.sh"
_CONFIG_DIR = "/etc/multinet"
_TOKEN_DIR = "/var/run/secrets/kubernetes.io/serviceaccount"  # noqa: S105  a directory
_CONFIG_HASH = "multinet.dev/config-hash"
_PORT = 8001


def served(networks: Networks) -> dict[str, Blocks]:
    """The networks that each node has a configuration of its own of, made here."""
    found = {name: network.blocks for name, network in networks.items()}
    return {name: blocks for name, blocks in found.items() if blocks is not None}


def files_dir(namespace: str) -> str:
    """Where the configurations are on a node: in memory, and seen by Multus's daemon as well."""
    return f"/run/k8s.cni.cncf.io/multinet-{namespace}"


def service_account(multus: MultusSettings) -> Manifest:
    """Who a node is to the API server."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": _metadata(multus),
        "automountServiceAccountToken": False,
    }


def role(multus: MultusSettings) -> Manifest:
    """Least privilege: a number can be taken, and nobody's can be taken away."""
    rule = {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"]}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": _metadata(multus),
        "rules": [{**rule, "verbs": ["create", "get", "list"]}],
    }


def role_binding(multus: MultusSettings) -> Manifest:
    """Gives the role to the service account."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": _metadata(multus),
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": multus.namespace}],
    }


def config_map(multus: MultusSettings, networks: Networks) -> Manifest:
    """The networks as scripts/node.sh reads them, and the script.

    Of each network: NAME.blocks, a line for each range: first address, bits within a block, number
    of blocks, first and last address that is handed out; NAME.conf or .conflist, with
    @first0@ and @last0@ for the ends of the first range; NAME.conf.NODE where a node differs.
    """
    data = {_SCRIPT: script()}
    for files in files_of(networks).values():
        data |= files
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": _metadata(multus),
        "data": data,
    }


def files_of(networks: Networks) -> dict[str, dict[str, str]]:
    """Network → file → text, of those that each node has a configuration of its own of."""
    return {
        name: {f"{name}.{key}": text for key, text in _files(name, blocks).items()}
        for name, blocks in served(networks).items()
    }


def _files(name: str, blocks: Blocks) -> dict[str, str]:
    kind = "conflist" if blocks.config.is_list else "conf"
    ends = [(f"@first{i}@", f"@last{i}@") for i in range(len(blocks.cuts))]
    made = {"blocks": "".join(_line(blocks, i) for i in range(len(blocks.cuts)))}
    made[kind] = blocks.on(name, "", ends)
    return made | {f"{kind}.{node}": blocks.on(name, node, ends) for node in blocks.nodes}


def _line(blocks: Blocks, i: int) -> str:
    one = blocks.cuts[i]
    low, high = one.block(0), one.block(one.count - 1)
    assert low is not None, "a network whose range has no block is refused"
    assert high is not None, "there is a last one where there is a first"
    words = (one.first.exploded, one.shift, one.count, low.first, high.last)
    return " ".join(map(str, words)) + "\n"


def daemon_set(multus: MultusSettings, networks: Networks) -> Manifest:
    """One on every node. A changed configuration rolls the pods."""
    data = json.dumps(config_map(multus, networks)["data"], sort_keys=True).encode()
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": _metadata(multus),
        "spec": {
            "selector": {"matchLabels": LABELS},
            # Never two on a node: they would take two numbers.
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 0, "maxUnavailable": "10%"},
            },
            "template": {
                "metadata": {
                    "labels": LABELS,
                    "annotations": {_CONFIG_HASH: hashlib.sha256(data).hexdigest()[:16]},
                },
                "spec": _pod(multus),
            },
        },
    }


def manifests(multus: MultusSettings, networks: Networks) -> list[Manifest]:
    """All of them; none where every network is the same on all nodes."""
    if not served(networks):
        return []
    of = (service_account(multus), role(multus), role_binding(multus))
    return [*of, config_map(multus, networks), daemon_set(multus, networks)]


def images(multus: MultusSettings) -> tuple[str, str]:
    """Of the script's container, and of the one that speaks to the API server."""
    registry = multus.registry or ""
    shell = versions.MULTUS_IMAGE.at(f"{versions.MULTUS}-thick", registry)
    if multus.image and multus.mode == "thick":
        shell = multus.image
    return shell, versions.KUBECTL_IMAGE.at(versions.KUBECTL, registry)


def script() -> str:
    """The bash script that each node runs; what it does is said at its top."""
    return (resources.files("multinet.blocks") / "scripts" / _SCRIPT).read_text("utf-8")


def _metadata(multus: MultusSettings) -> Manifest:
    return {"name": NAME, "namespace": multus.namespace, "labels": LABELS}


def _pod(multus: MultusSettings) -> Manifest:
    files = files_dir(multus.namespace)
    return {
        "priorityClassName": "system-node-critical",
        "terminationGracePeriodSeconds": 10,
        # Networks are on every node, also where nothing else may run.
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "serviceAccountName": NAME,
        "automountServiceAccountToken": False,
        "containers": [_shell(multus, files), _proxy(multus)],
        "volumes": [
            {"name": "config", "configMap": {"name": NAME}},
            {"name": "links", "hostPath": {"path": NETWORKS_DIR, "type": "DirectoryOrCreate"}},
            {"name": "files", "hostPath": {"path": files, "type": "DirectoryOrCreate"}},
            {"name": "token", "projected": {"sources": _credentials()}},
        ],
    }


def _shell(multus: MultusSettings, files: str) -> Manifest:
    return {
        "name": CONTAINER,
        "image": images(multus)[0],
        "imagePullPolicy": "IfNotPresent",
        "command": ["bash", f"{_CONFIG_DIR}/{_SCRIPT}"],
        "env": [
            {"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
            {"name": "NAMESPACE", "value": multus.namespace},
            {"name": "BLOCKS_FILES", "value": files},
        ],
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}, "limits": {"memory": "128Mi"}},
        "securityContext": pods.CONFINED,
        "terminationMessagePolicy": "FallbackToLogsOnError",
        # Ready: the node has its number, and its networks are laid out.
        "readinessProbe": {
            "exec": {"command": ["test", "-e", f"{files}/number"]},
            "periodSeconds": 2,
            "timeoutSeconds": 5,
        },
        "volumeMounts": [
            {"name": "config", "mountPath": _CONFIG_DIR, "readOnly": True},
            {"name": "links", "mountPath": NETWORKS_DIR},
            {"name": "files", "mountPath": files},
        ],
    }


def _proxy(multus: MultusSettings) -> Manifest:
    """On the pod's own loopback, for what the script asks and nothing else."""
    path = f"/apis/coordination.k8s.io/v1/namespaces/{multus.namespace}/leases"
    return {
        "name": "api",
        "image": images(multus)[1],
        "imagePullPolicy": "IfNotPresent",
        "args": [
            "proxy",
            "--address=127.0.0.1",
            f"--port={_PORT}",
            f"--accept-paths=^{path}(/{CLAIM}[0-9]+)?$",
            "--reject-methods=^(PUT|PATCH|DELETE)$",
        ],
        "env": pods.api_server(multus),
        "resources": {"requests": {"cpu": "10m", "memory": "32Mi"}, "limits": {"memory": "128Mi"}},
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65534,
            "runAsGroup": 65534,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [{"name": "token", "mountPath": _TOKEN_DIR, "readOnly": True}],
    }


def _credentials() -> list[Manifest]:
    """As the kubelet would mount them, for one container alone."""
    ca = {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    namespace = {"path": "namespace", "fieldRef": {"fieldPath": "metadata.namespace"}}
    return [
        {"serviceAccountToken": {"path": "token", "expirationSeconds": 3600}},
        {"configMap": ca},
        {"downwardAPI": {"items": [namespace]}},
    ]

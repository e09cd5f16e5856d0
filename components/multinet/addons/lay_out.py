"""A DaemonSet that keeps CNI plugins in every node's plugin directory, as plain data.

Which plugins and from which image is an add-on's own; how they are laid out, and taken away again,
is the same for all (scripts/lay-out.sh).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Any, Final

from multinet.addons import daemon_set as each_node
from multinet.multus.settings import MultusSettings

Manifest = dict[str, Any]

SCRIPT: Final = "lay-out.sh"
_SCRIPTS: Final = "/etc/multinet"
_OWN: Final = "/run/multinet"
_HOST_BIN: Final = "/host/opt/cni/bin"


@dataclasses.dataclass(frozen=True)
class LayingOut:
    """Which plugins are laid out.

    Attributes:
        name: of the DaemonSet, and of the ConfigMap that has the script.
        container: of its pods.
        labels: of all of it.
        image: a whole reference.
        plugins: programs that the image has.
        env: what the script has to know besides; its top says which variables there are.
    """

    name: str
    container: str
    labels: Mapping[str, str]
    image: str
    plugins: Sequence[str]
    env: Mapping[str, str] = dataclasses.field(default_factory=dict)


def script() -> str:
    """The POSIX shell script that keeps them there; what it does is said at its top."""
    return (resources.files("multinet.addons") / "scripts" / SCRIPT).read_text("utf-8")


def daemon_set(of: LayingOut, multus: MultusSettings) -> Manifest:
    """A pod on every node; the next one takes over before the one before it ends."""
    pod, rolling = _pod(of, multus), each_node.NEXT_FIRST
    return each_node.daemon_set(
        of.name, multus.namespace, of.labels, rolling=rolling, read=script(), pod=pod
    )


def _pod(of: LayingOut, multus: MultusSettings) -> Manifest:
    return {
        # Before any network of pods is there, and on every node, also where nothing else may run.
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 30,
        "containers": [_container(of, multus)],
        "volumes": [
            {
                "name": "cni-bin",
                # Not made where it is missing: where /opt cannot be written nothing would start.
                "hostPath": {"path": multus.dirs.bin, "type": "Directory"},
            },
            {"name": "own", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {"name": "scripts", "configMap": {"name": of.name}},
        ],
    }


def _container(of: LayingOut, multus: MultusSettings) -> Manifest:
    return {
        "name": of.container,
        "image": of.image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["/bin/sh", f"{_SCRIPTS}/{SCRIPT}", *of.plugins],
        "env": [
            {"name": "PLUGINS_NODE_BIN", "value": multus.dirs.bin},
            *({"name": name, "value": value} for name, value in of.env.items()),
            {"name": "POD_UID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"}}},
        ],
        # What it finds wrong is the probe's message, which the pod's events show.
        "readinessProbe": {
            "exec": {
                "command": ["/bin/sh", "-c", f"cat {_OWN}/why 2>/dev/null; test -e {_OWN}/ready"]
            },
            "periodSeconds": 2,
            "timeoutSeconds": 5,
            "failureThreshold": 1,
        },
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"memory": "128Mi"}},
        # Laying out files takes their owner's rights, whoever that is, and nothing else of the node.
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsUser": 0,
            "capabilities": {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]},
            "seccompProfile": {"type": "RuntimeDefault"},
            # SELinux keeps containers to files of their own, and these are the node's.
            "seLinuxOptions": {"type": "spc_t"},
        },
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [
            {"name": "cni-bin", "mountPath": _HOST_BIN},
            {"name": "own", "mountPath": _OWN},
            {"name": "scripts", "mountPath": _SCRIPTS, "readOnly": True},
        ],
    }

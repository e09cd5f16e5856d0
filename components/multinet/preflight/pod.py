"""The pod that looks at a node: it reads, writes only what it was given, and ends by itself. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from multinet.nodes.script import HOST

RUN_LABEL: Final = "multinet.dev/preflight-run"
OWNER: Final = "multinet.dev/preflight-process"
MANAGED: Final = "app.kubernetes.io/managed-by"
MANAGER: Final = "multinet-preflight"
CONTAINER: Final = "preflight"

_TROUBLE = (
    *("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"),
    *("CreateContainerConfigError", "CreateContainerError", "RunContainerError"),
)


def manifest(
    node: str,
    namespace: str,
    *,
    run: str,
    owner: str,
    image: str,
    script: str,
    seconds: int,
    writable: Sequence[str] = (),
    processes: bool = False,
) -> dict[str, Any]:
    """The pod of a node. What its script calls has to be in the image, as busybox has it.

    Links are seen from the node's own network only, and its files by root only: those two it has,
    the files to be read but for `writable`. No capability, no credential of the cluster.

    Args:
        run: id of the run, a label's value. owner: the process that deletes it.
        seconds: after which it ends by itself, should nobody delete it.
        writable: directories of the node that it may write, at `writable_at` of their number;
            they are there.
        processes: whether it sees the node's processes.
    """
    volumes = [{"name": "node", "hostPath": {"path": "/"}}]
    mounts = [
        {
            "name": "node",
            "mountPath": HOST,
            "readOnly": True,
            "recursiveReadOnly": "IfPossible",
        }
    ]
    for number, path in enumerate(writable):
        source = {"path": path, "type": "Directory"}
        volumes.append({"name": f"writable-{number}", "hostPath": source})
        mounts.append({"name": f"writable-{number}", "mountPath": writable_at(number)})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"multinet-preflight-{run}-{_short(node)}",
            "namespace": namespace,
            "labels": {
                MANAGED: MANAGER,
                RUN_LABEL: run,
                "app.kubernetes.io/part-of": "multinet",
            },
            "annotations": {OWNER: owner},
        },
        "spec": {
            # Past the scheduler: nodes that are kept free, or have no network yet, are asked too.
            "nodeName": node,
            "tolerations": [{"operator": "Exists"}],
            "hostNetwork": True,
            **({"hostPID": True} if processes else {}),
            "restartPolicy": "Never",
            "activeDeadlineSeconds": seconds,
            "terminationGracePeriodSeconds": 1,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "containers": [_container(image, script, mounts)],
            "volumes": volumes,
        },
    }


def writable_at(number: int) -> str:
    """Where the pod has the directory of that number in `writable`.

    Not below the node's other files: the way there may go by a link of the node's, which leads
    elsewhere in the pod.
    """
    return f"/writable/{number}"


def _container(image: str, script: str, mounts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": CONTAINER,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        # What it says for people is in the report as well.
        "command": ["sh", "-c", f"exec 2>/dev/null\n{script}", "preflight", "--report"],
        "resources": {
            "requests": {"cpu": "5m", "memory": "8Mi"},
            "limits": {"memory": "64Mi"},
        },
        "securityContext": {
            "runAsUser": 0,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
            "seLinuxOptions": {"type": "spc_t"},
        },
        "volumeMounts": [*mounts],
    }


def _short(node: str) -> str:
    """A part of a pod's name that tells nodes apart, for people too."""
    return (
        f"{node.replace('.', '-')[:30].strip('-')}-{hashlib.sha256(node.encode()).hexdigest()[:6]}"
    )


def node_of(pod: Mapping[str, Any]) -> str:
    """The node that it is on."""
    return str((pod.get("spec") or {}).get("nodeName") or "")


def trouble(pod: Mapping[str, Any]) -> str:
    """Why it will not start; empty: it may."""
    for status in (pod.get("status") or {}).get("containerStatuses") or ():
        waiting = (status.get("state") or {}).get("waiting") or {}
        if waiting.get("reason") in _TROUBLE:
            return f"{waiting['reason']}: {waiting.get('message', '')}"
    return ""

"""The pod that is started on networks, and what is run in it. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from multinet import versions
from multinet.attachments.attach import attach
from multinet.attachments.attachment import Attachment
from multinet.stack.settings import StackSettings
from multinet.verify.plan import PodPlan

RUN_LABEL: Final = "multinet.dev/verify-run"
OWNER: Final = "multinet.dev/verify-process"
MANAGED: Final = "app.kubernetes.io/managed-by"
MANAGER: Final = "multinet-verify"
PORT: Final = 18080
SERVICE: Final = "service"
"""Stands for the ClusterIP of the Service `kubernetes`."""

_IDENTITY = "/identity"
_PROBE: Final = {
    "httpGet": {"path": "/name", "port": PORT},
    "periodSeconds": 1,
    "timeoutSeconds": 2,
}
_USER = 65534

_SERVE = f"trap 'exit 0' TERM INT; httpd -f -p {PORT} -h {_IDENTITY} & wait"
"""Answers with the pod's name, so that who answers for an address is known."""

_ASK = """\
for at in "$@"; do
  (
    for try in 1 2 3; do
      said=$(timeout 3 wget -q -Y off -O - "http://$at/name" 2>&1) && break
      [ $? != 8 ] || said="HTTP/ error"  # GNU's wget says nothing of one
      case $said in *HTTP/* | *'getting response'*) break ;; esac
      sleep 1
    done
    echo "$at $(echo $said)"
  ) &
done
wait"""

# The API server's Service is asked without TLS, which it answers with a complaint: an answer.
_LOOK = f"""\
ip addr; echo ---; ip route; echo ---; ip -6 route 2>/dev/null; echo ---
host=$KUBERNETES_SERVICE_HOST
case $host in *:*) host="[$host]" ;; esac
[ "$1" != {SERVICE} ] || {{ shift; set -- "$host:$KUBERNETES_SERVICE_PORT" "$@"; echo "{SERVICE} $1"; }}
{_ASK}"""


def look(*, service: bool = False, address: str = "") -> list[str]:
    """The command that prints addresses and routes, and asks over eth0, all at the same time.

    The words are those that busybox and iproute2 share.

    Args:
        service: whether the Service `kubernetes` is asked, by the ClusterIP that the kubelet names.
        address: of another pod's eth0; empty: none is asked.
    """
    asked = [SERVICE] if service else []
    return ["sh", "-c", _LOOK, "look", *asked, *([endpoint(address)] if address else ())]


def reach(addresses: list[str]) -> list[str]:
    """The command that asks each address for the name of who is there, all at the same time."""
    return ["sh", "-c", _ASK, "reach", *(endpoint(a) for a in addresses)]


def endpoint(address: str) -> str:
    """Address and port, as a URL has them."""
    return f"[{address}]:{PORT}" if ":" in address else f"{address}:{PORT}"


def image(settings: StackSettings, given: str | None) -> str:
    """What the pods run: the given image, else the sample image, from the mirror if there is one."""
    return given or versions.sample_image(settings.multus.registry or "")


def manifest(plan: PodPlan, run: str, owner: str, image: str, seconds: int) -> dict[str, Any]:
    """The pod of a plan.

    It meets Pod Security's `restricted`: no user, no capability, nothing to write to. What it
    runs needs `sh`, `ip`, `httpd` and `wget` in the image, as busybox has them.

    Args:
        run: id of the run, a label's value.
        owner: the process that deletes it; see `live.processes`.
        seconds: after which it ends by itself, should nobody delete it.
    """
    networks = [
        Attachment(network.name, network.namespace, interface)
        for interface, network in plan.interfaces.items()
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": plan.name,
            "namespace": plan.namespace,
            "labels": {
                MANAGED: MANAGER,
                RUN_LABEL: run,
                "app.kubernetes.io/part-of": "multinet",
            },
            "annotations": {OWNER: owner, **(attach(*networks) if networks else {})},
        },
        "spec": _spec(plan, image, seconds),
    }


def _spec(plan: PodPlan, image: str, seconds: int) -> dict[str, Any]:
    on_node = {"key": "metadata.name", "operator": "In", "values": [plan.node]}
    terms = [{"matchFields": [on_node]}]
    selector = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    return {
        # Through the scheduler, since it is who counts the devices that networks ask for.
        "affinity": {"nodeAffinity": selector},
        "tolerations": [{"operator": "Exists"}],
        "restartPolicy": "Never",
        "activeDeadlineSeconds": seconds,
        "terminationGracePeriodSeconds": 1,
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": _USER,
            "runAsGroup": _USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [
            {
                "name": "verify",
                "image": image,
                "imagePullPolicy": "IfNotPresent",
                "command": ["sh", "-c", _SERVE],
                # The kubelet asks from the node's own network namespace, as it asks any pod.
                **({"readinessProbe": _PROBE} if plan.probed else {}),
                "resources": _resources(plan),
                "securityContext": {
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                },
                "volumeMounts": [{"name": "identity", "mountPath": _IDENTITY, "readOnly": True}],
            }
        ],
        "volumes": [
            {
                "name": "identity",
                "downwardAPI": {
                    "items": [{"path": "name", "fieldRef": {"fieldPath": "metadata.name"}}]
                },
            }
        ],
    }


def _resources(plan: PodPlan) -> dict[str, Any]:
    devices = {
        resource: str(count)
        for resource, count in Counter(n.resource for n in plan.networks).items()
        if resource
    }
    return {
        "requests": {"cpu": "5m", "memory": "8Mi", **devices},
        "limits": {"memory": "32Mi", **devices},
    }

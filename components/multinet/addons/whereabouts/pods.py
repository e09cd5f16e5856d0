"""whereabouts' pods: the agent on every node, and what runs once in a cluster.

All of them are run by scripts of ours, or as they are: paths and needs of the programs are those of
upstream's image, whereabouts v0.9.4.
"""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

from multinet.addons.site import SiteSettings
from multinet.addons.whereabouts.names import CONTROLLERS, HOME, NAME, NET_DIR
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings
from multinet.multus.pods import api_server

Manifest = dict[str, Any]

AGENT_SCRIPT: Final = "agent.sh"
RECONCILE_SCRIPT: Final = "reconcile.sh"
FILE: Final = "whereabouts.conf"
AGENT: Final = "agent"
_SCRIPTS: Final = "/etc/multinet"
_OWN_DIR: Final = "/run/multinet"

# Laying out files takes the files' owner's rights, whoever that is, and nothing else of the node.
_CONFINED: Final[Manifest] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]},
    "seccompProfile": {"type": "RuntimeDefault"},
    # SELinux keeps containers to files of their own, and these are the node's.
    "seLinuxOptions": {"type": "spc_t"},
}
_NOBODY: Final[Manifest] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "runAsUser": 65534,
    "runAsGroup": 65534,
    "seccompProfile": {"type": "RuntimeDefault"},
}


def script(name: str) -> str:
    """A POSIX shell script; what it does is said at its top."""
    return (resources.files("multinet.addons.whereabouts") / "scripts" / name).read_text("utf-8")


def agent(settings: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """Pod spec of the agent. It is on the node's network, so that it works before the pods' does."""
    bin_dir = site.multus.dirs.bin
    container = _container(settings, site, AGENT, ["/bin/sh", f"{_SCRIPTS}/{AGENT_SCRIPT}"]) | {
        "env": [
            *api_server(site.multus),
            {"name": "NODENAME", "valueFrom": _field("spec.nodeName")},
            {"name": "POD_UID", "valueFrom": _field("metadata.uid")},
            {"name": "WHEREABOUTS_NAMESPACE", "valueFrom": _field("metadata.namespace")},
            {"name": "MULTINET_BIN_DIR", "value": f"/host{bin_dir}"},
        ],
        "resources": {
            "requests": {"cpu": "20m", "memory": "48Mi"},
            "limits": {"memory": "256Mi"},
        },
        "securityContext": _CONFINED,
        "readinessProbe": {
            "exec": {"command": ["test", "-e", f"{_OWN_DIR}/ready"]},
            "periodSeconds": 2,
            "timeoutSeconds": 5,
        },
        "livenessProbe": _beats(),
        "volumeMounts": [
            {"name": "net-dir", "mountPath": f"/host{NET_DIR}"},
            {"name": "bin-dir", "mountPath": f"/host{bin_dir}"},
            {"name": "own", "mountPath": _OWN_DIR},
            {"name": "scripts", "mountPath": _SCRIPTS, "readOnly": True},
        ],
    }
    return {
        "serviceAccountName": NAME,
        "automountServiceAccountToken": True,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "terminationGracePeriodSeconds": 20,
        # Addresses are needed on every node, also where nothing else may run.
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "containers": [container],
        "volumes": [
            _host_path("net-dir", NET_DIR),
            _host_path("bin-dir", bin_dir),
            _memory("own"),
            _config("scripts", AGENT_SCRIPT),
        ],
    }


def reconciler(settings: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """Pod spec of the reconciler."""
    run = ["/bin/sh", f"{_SCRIPTS}/{RECONCILE_SCRIPT}", settings.schedule]
    amounts = settings.reconciler_resources
    container = _container(settings, site, "reconciler", run) | {
        "env": [
            *api_server(site.multus),
            {"name": "WHEREABOUTS_NAMESPACE", "valueFrom": _field("metadata.namespace")},
        ],
        "resources": {
            key: given
            for key, given in (
                ("requests", amounts.requests.as_dict()),
                ("limits", amounts.limits.as_dict()),
            )
            if given
        },
        "securityContext": _NOBODY,
        # Not while its runs fail.
        "readinessProbe": {
            "exec": {"command": ["test", "-e", f"{_OWN_DIR}/ready"]},
            "periodSeconds": 5,
            "timeoutSeconds": 5,
        },
        "livenessProbe": _beats(),
        "volumeMounts": [
            {"name": "own", "mountPath": _OWN_DIR},
            {"name": "schedule", "mountPath": "/cron-schedule"},
            {"name": "scripts", "mountPath": _SCRIPTS, "readOnly": True},
        ],
    }
    volumes = [_memory("own"), _memory("schedule"), _config("scripts", RECONCILE_SCRIPT)]
    return _once(container, volumes)


def slices(settings: WhereaboutsAddonSettings, site: SiteSettings) -> Manifest:
    """Pod spec of the controller that cuts ranges into a slice for each node."""
    container = _container(settings, site, "slices", ["/node-slice-controller"]) | {
        "env": [
            *api_server(site.multus),
            {"name": "WHEREABOUTS_NAMESPACE", "valueFrom": _field("metadata.namespace")},
        ],
        "resources": {
            "requests": {"cpu": "20m", "memory": "48Mi"},
            "limits": {"memory": "256Mi"},
        },
        "securityContext": _NOBODY,
        # It makes no slices without the file that the plugin reads on a node.
        "volumeMounts": [{"name": "file", "mountPath": f"/host{HOME}", "readOnly": True}],
    }
    return _once(container, [_config("file", FILE)])


def _once(container: Manifest, volumes: list[Manifest]) -> Manifest:
    """Of what runs once in a cluster, wherever there is room."""
    return {
        "serviceAccountName": CONTROLLERS,
        "automountServiceAccountToken": True,
        "priorityClassName": "system-cluster-critical",
        "terminationGracePeriodSeconds": 10,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        # A cluster may have nodes of its control plane alone.
        "tolerations": [
            {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
        ],
        "containers": [container],
        "volumes": volumes,
    }


def _container(
    settings: WhereaboutsAddonSettings, site: SiteSettings, name: str, command: list[str]
) -> Manifest:
    return {
        "name": name,
        "image": settings.effective_image(site.multus.registry or ""),
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }


def _beats() -> Manifest:
    """Whether its script still goes round: it touches a file at every turn."""
    age = f"$(($(date +%s) - $(stat -c %Y {_OWN_DIR}/beat)))"
    return {
        "exec": {"command": ["/bin/sh", "-c", f"[ {age} -lt 60 ]"]},
        "initialDelaySeconds": 30,
        "periodSeconds": 20,
        "timeoutSeconds": 10,
        "failureThreshold": 3,
    }


def _field(path: str) -> Manifest:
    return {"fieldRef": {"fieldPath": path}}


def _host_path(name: str, path: str) -> Manifest:
    return {"name": name, "hostPath": {"path": path, "type": "DirectoryOrCreate"}}


def _memory(name: str) -> Manifest:
    return {"name": name, "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}}


def _config(name: str, file: str) -> Manifest:
    items = [{"key": file, "path": file}]
    return {"name": name, "configMap": {"name": NAME, "items": items}}

"""The objects that run the dhcp plugin's daemon, as plain data."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import PurePosixPath
from typing import Any

from multinet.addons.dhcp_daemon.settings import DhcpDaemonAddonSettings
from multinet.addons.site import SiteSettings

Manifest = dict[str, Any]

NAME = "multinet-dhcp-daemon"
CONTAINER = "dhcp-daemon"
LABELS = {
    "app.kubernetes.io/name": "dhcp-daemon",
    "app.kubernetes.io/component": "ipam",
    "app.kubernetes.io/part-of": "multinet",
}
CONFIG_HASH = "multinet.dev/config-hash"
SCRIPT = "serve.sh"
_SCRIPTS, _OWN, _HOST = "/etc/multinet", "/run/multinet", "/host"
SELECTOR = {key: LABELS[key] for key in ("app.kubernetes.io/name", "app.kubernetes.io/part-of")}


def sockets(site: SiteSettings) -> list[str]:
    """Where the site's networks look for a daemon; empty: none of them uses dhcp."""
    ipams = (plugin.ipam for _, plugin in site.plugin_objects if plugin.has_ipam)
    return sorted({path for ipam in ipams if ipam is not None and (path := ipam.socket())})


def script() -> str:
    """The POSIX shell script that runs it; what it does is said at its top."""
    scripts = resources.files("multinet.addons.dhcp_daemon") / "scripts"
    return (scripts / SCRIPT).read_text("utf-8")


def config_map(_: DhcpDaemonAddonSettings, site: SiteSettings) -> Manifest:
    """What the pods run."""
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "data": {SCRIPT: script()},
    }


def daemon_set(settings: DhcpDaemonAddonSettings, site: SiteSettings) -> Manifest:
    """A daemon on every node, which only a deleted pod makes way for: see the settings."""
    digest = hashlib.sha256(script().encode()).hexdigest()[:16]
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "spec": {
            "selector": {"matchLabels": SELECTOR},
            "updateStrategy": {"type": "OnDelete"},
            "template": {
                "metadata": {"labels": LABELS, "annotations": {CONFIG_HASH: digest}},
                "spec": _pod(settings, site),
            },
        },
    }


def _pod(settings: DhcpDaemonAddonSettings, site: SiteSettings) -> Manifest:
    directories = sorted({str(PurePosixPath(path).parent) for path in sockets(site)})
    netns = sorted({"/run/netns", "/var/run/netns"})
    return {
        # Its list of sockets is the node's.
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 20,
        "containers": [
            {
                "name": CONTAINER,
                "image": settings.effective_image(site.multus.registry or ""),
                "imagePullPolicy": "IfNotPresent",
                "command": ["/bin/sh", f"{_SCRIPTS}/{SCRIPT}", *sockets(site)],
                "readinessProbe": {
                    "exec": {
                        "command": [
                            "/bin/sh",
                            "-c",
                            f"cat {_OWN}/why 2>/dev/null; test -e {_OWN}/ready",
                        ]
                    },
                    "periodSeconds": 2,
                    "timeoutSeconds": 5,
                },
                "resources": {
                    "requests": {"cpu": "10m", "memory": "24Mi"},
                    "limits": {"memory": "256Mi"},
                },
                "securityContext": _CONFINED,
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "volumeMounts": [
                    *(
                        {"name": f"socket-{i}", "mountPath": f"{_HOST}{path}"}
                        for i, path in enumerate(directories)
                    ),
                    # What the runtime mounts later has to come in, too: namespaces of new pods.
                    *(
                        {
                            "name": "netns",
                            "mountPath": f"{_HOST}{path}",
                            "mountPropagation": "HostToContainer",
                            "readOnly": True,
                        }
                        for path in netns
                    ),
                    # Runtimes such as cri-dockerd name a namespace by its process.
                    {"name": "proc", "mountPath": f"{_HOST}/proc", "readOnly": True},
                    {"name": "own", "mountPath": _OWN},
                    {"name": "scripts", "mountPath": _SCRIPTS, "readOnly": True},
                ],
            }
        ],
        "volumes": [
            *(
                {
                    "name": f"socket-{i}",
                    "hostPath": {"path": path, "type": "DirectoryOrCreate"},
                }
                for i, path in enumerate(directories)
            ),
            {
                "name": "netns",
                "hostPath": {"path": site.multus.dirs.netns, "type": "DirectoryOrCreate"},
            },
            {"name": "proc", "hostPath": {"path": "/proc", "type": "Directory"}},
            {"name": "own", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {"name": "scripts", "configMap": {"name": NAME}},
        ],
    }


# It goes into pods' network namespaces (SYS_ADMIN), sends and reads frames there (NET_RAW, with
# port 68 for a release), and its socket lies in a directory that may be anybody's.
_CONFINED: Manifest = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {
        "drop": ["ALL"],
        "add": [
            "DAC_OVERRIDE",
            "NET_ADMIN",
            "NET_BIND_SERVICE",
            "NET_RAW",
            "SYS_ADMIN",
            "SYS_PTRACE",
        ],
    },
    "seccompProfile": {"type": "RuntimeDefault"},
    "seLinuxOptions": {"type": "spc_t"},
}

"""Multus's pods: thick (a daemon that runs the plugins) and thin (a binary that is laid out).

Thick's daemon is run by scripts/daemon.sh, which needs the shell that upstream's thick image has
(it is made from Debian); upstream's thin image has none.

Paths in the image and needs of the processes: multus-cni v4.3.0, images/ and deployments/.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

from multinet.multus.daemon_config import (
    HOST_BIN_DIR,
    HOST_CONF_DIR,
    HOST_ROOT,
    OWN_DIR,
    thin_flags,
)
from multinet.multus.settings import MultusSettings
from multinet.paths import NETWORKS_DIR

Manifest = dict[str, Any]

CONTAINER = "multus"
DAEMON_CONFIG = "multinet-multus-daemon"
DAEMON_SCRIPT = "daemon.sh"
_DAEMON_CONFIG_DIR = "/etc/cni/net.d/multus.d"
_IMAGE_BIN = "/usr/src/multus-cni/bin"

# Laying out files takes the files' owner's rights, whoever that is, and nothing else of the node.
CONFINED: Manifest = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"], "add": ["DAC_OVERRIDE"]},
    "seccompProfile": {"type": "RuntimeDefault"},
    # SELinux keeps containers to files of their own, and these are the node's.
    "seLinuxOptions": {"type": "spc_t"},
}


def daemon_script() -> str:
    """The POSIX shell script that runs the daemon; what it does is said at its top."""
    scripts = resources.files("multinet.multus") / "scripts"
    return (scripts / DAEMON_SCRIPT).read_text("utf-8")


def thick(settings: MultusSettings, primary_conf_file: str) -> Manifest:
    """Pod spec of the daemon. It changes its root to the node's to run the plugins."""
    dirs = settings.dirs
    run = ["/bin/sh", f"{_DAEMON_CONFIG_DIR}/{DAEMON_SCRIPT}", primary_conf_file]
    container = _container(settings, run) | {
        # Started means that pods are attached by this daemon, for two seconds now. A node may
        # wait long for its primary CNI: a failed probe ends nothing that works.
        "startupProbe": {
            "exec": {"command": ["test", "-e", f"{OWN_DIR}/serving"]},
            "periodSeconds": 1,
            "timeoutSeconds": 5,
            "failureThreshold": 3600,
        },
        "volumeMounts": [
            _mount("cni-conf", HOST_CONF_DIR),
            # The daemon runs plugins by their path on the node: the same path in here.
            _read_only(_mount("cni-bin", dirs.bin)),
            _mount("run", "/host/run"),
            _read_only(_mount("run-netns", "/run/netns", "HostToContainer")),
            _mount("run-k8s-cni-cncf-io", "/run/k8s.cni.cncf.io"),
            _read_only(_mount("kubelet", "/var/lib/kubelet", "HostToContainer")),
            _mount("multus-state", "/var/lib/cni/multus"),
            _read_only(_mount("multus-conf", NETWORKS_DIR)),
            _mount("host-root", HOST_ROOT, "HostToContainer"),
            _read_only(_mount("daemon-config", _DAEMON_CONFIG_DIR)),
            _mount("own", OWN_DIR),
        ],
    }
    container["env"] = [
        *container["env"],
        {"name": "MULTUS_NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
    ]
    volumes = [
        _host_path("cni-conf", dirs.conf),
        _host_path("cni-bin", dirs.bin),
        _host_path("host-root", "/", kind=""),
        _host_path("run", "/run", kind=""),
        _host_path("run-netns", dirs.netns),
        _host_path("run-k8s-cni-cncf-io", "/run/k8s.cni.cncf.io"),
        _host_path("kubelet", "/var/lib/kubelet"),
        _host_path("multus-state", "/var/lib/cni/multus"),
        _host_path("multus-conf", NETWORKS_DIR),
        {"name": "own", "emptyDir": {}},
        {
            "name": "daemon-config",
            "configMap": {
                "name": DAEMON_CONFIG,
                "items": [
                    {"key": name, "path": name} for name in ("daemon-config.json", DAEMON_SCRIPT)
                ],
            },
        },
    ]
    installer = [f"{_IMAGE_BIN}/install_multus", "--type", "thick", "-d", HOST_BIN_DIR]
    return _pod(settings, container, installer, volumes) | {"hostPID": True}


def thin(settings: MultusSettings, primary_conf_file: str) -> Manifest:
    """Pod spec of the thin entrypoint. It lays out the binary, kubeconfig and configuration."""
    container = _container(settings, ["/thin_entrypoint"]) | {
        "args": thin_flags(settings, primary_conf_file),
        "securityContext": CONFINED,
        "volumeMounts": [
            _mount("cni-conf", HOST_CONF_DIR),
            _mount("cni-bin", HOST_BIN_DIR),
            # The entrypoint makes this directory, and its root is read-only.
            _mount("scratch", "/host/etc/cni/multus"),
        ],
    }
    volumes = [
        _host_path("cni-conf", settings.dirs.conf),
        _host_path("cni-bin", settings.dirs.bin),
        {"name": "scratch", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
    ]
    return _pod(settings, container, ["/install_multus", "--type", "thin"], volumes)


def _pod(
    settings: MultusSettings,
    container: Manifest,
    installer: list[str],
    volumes: list[Manifest],
) -> Manifest:
    return {
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "terminationGracePeriodSeconds": 10,
        # Multus belongs on every node, also where nothing else may run.
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "initContainers": [_installer(settings, installer)],
        "containers": [container],
        "volumes": volumes,
    }


def _container(settings: MultusSettings, command: list[str]) -> Manifest:
    resources = settings.resources
    return {
        "name": CONTAINER,
        "image": settings.effective_image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "env": api_server(settings),
        "resources": {
            key: amounts
            for key, amounts in (
                ("requests", resources.requests.as_dict()),
                ("limits", resources.limits.as_dict()),
            )
            if amounts
        },
        "securityContext": {"privileged": True},
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }


def _installer(settings: MultusSettings, command: list[str]) -> Manifest:
    """Copies the binaries, atomically: a running plugin is never written to (multus-cni#1221)."""
    return {
        "name": "install",
        "image": settings.effective_image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}},
        "securityContext": CONFINED,
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [_mount("cni-bin", HOST_BIN_DIR)],
    }


def api_server(settings: MultusSettings) -> list[Manifest]:
    """Where service addresses do not work (no kube-proxy yet), the API server's own address."""
    if settings.api_server is None:
        return []
    return [
        {"name": "KUBERNETES_SERVICE_HOST", "value": settings.api_server.host},
        {"name": "KUBERNETES_SERVICE_PORT", "value": str(settings.api_server.port)},
    ]


def _mount(name: str, path: str, propagation: str = "") -> Manifest:
    mount = {"name": name, "mountPath": path}
    return mount | ({"mountPropagation": propagation} if propagation else {})


def _read_only(mount: Manifest) -> Manifest:
    return mount | {"readOnly": True}


def _host_path(name: str, path: str, kind: str = "DirectoryOrCreate") -> Manifest:
    return {"name": name, "hostPath": {"path": path} | ({"type": kind} if kind else {})}

"""The Kubernetes objects that lay out the CNI reference plugins, as plain data."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Any

from multinet.addons.cni_plugins.settings import LOOPBACK, CniPluginsAddonSettings
from multinet.addons.site import SiteSettings
from multinet.cni.reference import REFERENCE_PLUGINS, programs
from multinet.primary_cni.brings import OF_PRIMARY

Manifest = dict[str, Any]

NAME = "multinet-cni-plugins"
CONTAINER = "cni-plugins"
LABELS = {
    "app.kubernetes.io/name": "cni-plugins",
    "app.kubernetes.io/component": "cni-plugins",
    "app.kubernetes.io/part-of": "multinet",
}
SCRIPT = "lay-out.sh"
_SCRIPTS = "/etc/multinet"
_OWN = "/run/multinet"
_HOST_BIN = "/host/opt/cni/bin"


def laid_out(settings: CniPluginsAddonSettings, site: SiteSettings) -> list[str]:
    """The plugins that are brought: those of the list, or those that are called, by name.

    What the primary CNI writes there itself is left to it, unless it is named in the list.
    """
    if settings.plugins is not None:
        return sorted(set(settings.plugins))
    called = {program for _, plugin in site.plugin_objects for program in programs(plugin)}
    called |= set(site.primary_cni.calls if site.primary_cni else ())
    by_primary = OF_PRIMARY[site.primary_cni.plugin if site.primary_cni else "existing"]
    return sorted(called & REFERENCE_PLUGINS - by_primary - {LOOPBACK})


def script() -> str:
    """The POSIX shell script that keeps them there; what it does is said at its top."""
    scripts = resources.files("multinet.addons.cni_plugins") / "scripts"
    return (scripts / SCRIPT).read_text("utf-8")


def config_map(settings: CniPluginsAddonSettings, site: SiteSettings) -> Manifest:
    """What the pods run."""
    del settings
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "data": {SCRIPT: script()},
    }


def daemon_set(settings: CniPluginsAddonSettings, site: SiteSettings) -> Manifest:
    """A pod on every node; the next one takes over before the one before it ends."""
    selector = {key: LABELS[key] for key in ("app.kubernetes.io/name", "app.kubernetes.io/part-of")}
    digest = hashlib.sha256(script().encode()).hexdigest()[:16]
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": NAME, "namespace": site.multus.namespace, "labels": LABELS},
        "spec": {
            "selector": {"matchLabels": selector},
            "updateStrategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": "10%", "maxUnavailable": 0},
            },
            "template": {
                "metadata": {
                    "labels": LABELS,
                    "annotations": {"multinet.dev/config-hash": digest},
                },
                "spec": _pod(settings, site),
            },
        },
    }


def _pod(settings: CniPluginsAddonSettings, site: SiteSettings) -> Manifest:
    return {
        # Before any network of pods is there, and on every node, also where nothing else may run.
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 30,
        "containers": [_container(settings, site)],
        "volumes": [
            {
                "name": "cni-bin",
                # Not made where it is missing: where /opt cannot be written nothing would start.
                "hostPath": {"path": site.multus.dirs.bin, "type": "Directory"},
            },
            {"name": "own", "emptyDir": {"medium": "Memory", "sizeLimit": "1Mi"}},
            {"name": "scripts", "configMap": {"name": NAME}},
        ],
    }


def _container(settings: CniPluginsAddonSettings, site: SiteSettings) -> Manifest:
    return {
        "name": CONTAINER,
        "image": settings.effective_image(site.multus.registry or ""),
        "imagePullPolicy": "IfNotPresent",
        "command": ["/bin/sh", f"{_SCRIPTS}/{SCRIPT}", *laid_out(settings, site)],
        "env": [
            {"name": "PLUGINS_NODE_BIN", "value": site.multus.dirs.bin},
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

"""The objects that bring SR-IOV, as plain data.

Of sriov-network-device-plugin v3.11.0 (cmd/sriovdp, pkg/types, pkg/resources) and sriov-cni v2.10.0.
"""

from __future__ import annotations

import json
from typing import Any, Final

from multinet.addons import daemon_set as each_node
from multinet.addons import lay_out
from multinet.addons.site import SiteSettings
from multinet.addons.sriov.pools import PoolSettings
from multinet.addons.sriov.settings import SriovAddonSettings

Manifest = dict[str, Any]

NAME: Final = "multinet-sriov-device-plugin"
CNI_NAME: Final = "multinet-sriov-cni"
CONTAINER: Final = "device-plugin"
CNI_CONTAINER: Final = "sriov-cni"
FILE: Final = "config.json"
PLUGIN: Final = "sriov"
_CONFIG: Final = "/etc/multinet"
REGISTRY: Final = "/var/lib/kubelet/plugins_registry"
"""Where the kubelet looks for plugins; the device plugin knows no other place (pkg/types)."""
DEVICE_INFO: Final = "/var/run/k8s.cni.cncf.io/devinfo/dp"
"""Where Multus finds what a device is, for a pod's network-status."""


def _labels(name: str) -> dict[str, str]:
    return {
        "app.kubernetes.io/name": name,
        "app.kubernetes.io/component": "sriov",
        "app.kubernetes.io/part-of": "multinet",
    }


LABELS: Final = _labels("sriov-device-plugin")
CNI_LABELS: Final = _labels("sriov-cni")


def configuration(settings: SriovAddonSettings) -> dict[str, Any]:
    """The device plugin's own configuration."""
    return {"resourceList": [_resource(*pool) for pool in sorted(settings.pools.items())]}


def _resource(resource: str, pool: PoolSettings) -> dict[str, Any]:
    prefix, _, name = resource.partition("/")
    selector: dict[str, Any] = {
        "pfNames": pool.links,
        "pciAddresses": pool.pci_addresses,
        "vendors": pool.vendors,
        "devices": pool.devices,
        "drivers": pool.drivers,
        "isRdma": pool.rdma,
    }
    given = {key: value for key, value in selector.items() if value}
    return {"resourcePrefix": prefix, "resourceName": name, "selectors": [given]}


def config_map(settings: SriovAddonSettings, site: SiteSettings) -> Manifest:
    """The pools."""
    text = json.dumps(configuration(settings), separators=(",", ":"))
    return _config_map(NAME, LABELS, {FILE: text}, site)


def cni_config_map(_: SriovAddonSettings, site: SiteSettings) -> Manifest:
    """What lays out the CNI plugin."""
    return _config_map(CNI_NAME, CNI_LABELS, {lay_out.SCRIPT: lay_out.script()}, site)


def _config_map(
    name: str, labels: dict[str, str], data: dict[str, str], site: SiteSettings
) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": site.multus.namespace, "labels": labels},
        "data": data,
    }


def cni_daemon_set(settings: SriovAddonSettings, site: SiteSettings) -> Manifest:
    """What keeps the CNI plugin on every node: a pod waits for it where it lands."""
    of = lay_out.LayingOut(
        CNI_NAME,
        CNI_CONTAINER,
        CNI_LABELS,
        settings.effective_cni_image(site.multus.registry or ""),
        [PLUGIN],
        {
            "PLUGINS_IMAGE": "/usr/bin",
            "PLUGINS_RECORD": PLUGIN,
            "PLUGINS_ADDON": "sriov",
            "PLUGINS_IMAGE_KEY": "cniImage",
        },
    )
    return lay_out.daemon_set(of, site.multus)


def daemon_set(settings: SriovAddonSettings, site: SiteSettings) -> Manifest:
    """The device plugin, one at a time on a node: two would take away each other's sockets."""
    # It reads its file, and looks for functions, only when it starts.
    read = json.dumps(configuration(settings))
    pod, namespace = _pod(settings, site), site.multus.namespace
    return each_node.daemon_set(
        NAME, namespace, LABELS, rolling=each_node.ONE_AT_A_TIME, read=read, pod=pod
    )


def _pod(settings: SriovAddonSettings, site: SiteSettings) -> Manifest:
    return {
        # Links and their functions are those of the node's own network.
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "tolerations": [{"operator": "Exists"}],
        "nodeSelector": {"kubernetes.io/os": "linux", **settings.node_selector},
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 10,
        "containers": [
            {
                "name": CONTAINER,
                "image": settings.effective_image(site.multus.registry or ""),
                "imagePullPolicy": "IfNotPresent",
                "command": [
                    "/usr/bin/sriovdp",
                    "--logtostderr",
                    f"--config-file={_CONFIG}/{FILE}",
                ],
                "resources": {
                    "requests": {"cpu": "20m", "memory": "40Mi"},
                    "limits": {"memory": "200Mi"},
                },
                "securityContext": _CONFINED,
                "terminationMessagePolicy": "FallbackToLogsOnError",
                "volumeMounts": [
                    {"name": "registry", "mountPath": REGISTRY},
                    {"name": "device-info", "mountPath": DEVICE_INFO},
                    {"name": "config", "mountPath": _CONFIG, "readOnly": True},
                ],
            }
        ],
        "volumes": [
            # Not made where it is missing: the kubelet of that node has another directory.
            {"name": "registry", "hostPath": {"path": REGISTRY, "type": "Directory"}},
            {
                "name": "device-info",
                "hostPath": {"path": DEVICE_INFO, "type": "DirectoryOrCreate"},
            },
            {"name": "config", "configMap": {"name": NAME}},
        ],
    }


# It reads /sys and asks the kernel about cards and what switches them (NET_ADMIN); a device is given
# to a pod by the kubelet, so it needs none itself. Upstream's manifest is privileged.
_CONFINED: Final[Manifest] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "runAsUser": 0,
    "capabilities": {"drop": ["ALL"], "add": ["NET_ADMIN"]},
    "seccompProfile": {"type": "RuntimeDefault"},
    "seLinuxOptions": {"type": "spc_t"},
}

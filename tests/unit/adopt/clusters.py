"""Clusters as the API server shows them: Multus installed in the usual ways, and networks."""

from __future__ import annotations

import json
from typing import Any

from multinet.adopt import Seen

MACVLAN = {
    "cniVersion": "0.3.1",
    "type": "macvlan",
    "master": "eth0",
    "ipam": {"type": "host-local", "subnet": "192.168.1.0/24", "rangeStart": "192.168.1.200"},
}


def nad(name: str, config: Any, namespace: str = "default", **metadata: Any) -> dict[str, Any]:
    text = config if isinstance(config, str) else json.dumps(config)
    return {
        "apiVersion": "k8s.cni.cncf.io/v1",
        "kind": "NetworkAttachmentDefinition",
        "metadata": {"name": name, "namespace": namespace, "uid": f"uid-of-{name}", **metadata},
        "spec": {"config": text},
    }


def daemon_set(
    name: str,
    image: str,
    *,
    args: list[str] = (),
    command: list[str] = (),
    volumes: Any = (),
    mounts: Any = (),
    namespace: str = "kube-system",
    container: str = "main",
) -> dict[str, Any]:
    made = {
        "name": container,
        "image": image,
        "command": [*command],
        "args": [*args],
        "volumeMounts": [{"name": n, "mountPath": path} for n, path in mounts],
    }
    return {
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"template": {"spec": {"containers": [made], "volumes": [*volumes]}}},
        "status": {"desiredNumberScheduled": 3},
    }


def host_path(name: str, path: str) -> dict[str, Any]:
    return {"name": name, "hostPath": {"path": path}}


CNI = [host_path("cni", "/etc/cni/net.d"), host_path("cnibin", "/opt/cni/bin")]
MOUNTS = [("cni", "/host/etc/cni/net.d"), ("cnibin", "/host/opt/cni/bin")]
DAEMON_CONFIG = {
    "chrootDir": "/hostroot",
    "cniVersion": "0.3.1",
    "cniConfigDir": "/host/etc/cni/net.d",
    "multusAutoconfigDir": "/host/etc/cni/net.d",
    "multusConfigFile": "auto",
    "socketDir": "/host/run/multus/",
}


def upstream_thick(**config: Any) -> dict[str, Any]:
    """deployments/multus-daemonset-thick.yml of multus-cni, as far as adoption looks at it."""
    multus = daemon_set(
        "kube-multus-ds",
        "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.4-thick",
        command=["/usr/src/multus-cni/bin/multus-daemon"],
        volumes=[*CNI, {"name": "config", "configMap": {"name": "multus-daemon-config"}}],
        mounts=[("cni", "/host/etc/cni/net.d"), ("cnibin", "/opt/cni/bin")],
    )
    text = json.dumps({**DAEMON_CONFIG, **config})
    maps = {("kube-system", "multus-daemon-config"): {"daemon-config.json": text}}
    return {"daemon_sets": [multus], "config_maps": maps}


def kubespray() -> dict[str, Any]:
    """multus-daemonset.yml of Kubespray 2.31: thin, one DaemonSet for each container engine."""
    flags = [
        "--cni-conf-dir=/host/etc/cni/net.d",
        "--cni-bin-dir=/host/opt/cni/bin",
        "--multus-conf-file=auto",
        "--multus-kubeconfig-file-host=/etc/cni/net.d/multus.d/multus.kubeconfig",
        "--namespace-isolation=false",
    ]
    image = "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.2"
    multus = daemon_set("kube-multus-ds-amd64", image, args=flags, volumes=CNI, mounts=MOUNTS)
    calico = daemon_set("calico-node", "quay.io/calico/node:v3.31.0")
    kubeadm = "networking:\n  podSubnet: 10.233.64.0/18\n  serviceSubnet: 10.233.0.0/18\n"
    maps = {("kube-system", "kubeadm-config"): {"ClusterConfiguration": kubeadm}}
    return {"daemon_sets": [calico, multus], "config_maps": maps}


def k3s() -> dict[str, Any]:
    """rke2-multus on k3s: thin, with k3s's directories; flannel runs inside k3s itself."""
    flags = [
        "--multus-conf-file",
        "auto",
        "--multus-autoconfig-dir",
        "/host/etc/cni/net.d",
        "--cni-conf-dir",
        "/host/etc/cni/net.d",
        "--namespace-isolation",
        "true",
        "--global-namespaces",
        "default,shared",
    ]
    volumes = [
        host_path("cni", "/var/lib/rancher/k3s/agent/etc/cni/net.d"),
        host_path("cnibin", "/var/lib/rancher/k3s/data/cni/"),
    ]
    multus = daemon_set(
        "multus",
        "rancher/hardened-multus-cni:v4.2.3-build20251031",
        args=flags,
        volumes=volumes,
        mounts=MOUNTS,
    )
    nodes = [
        {
            "metadata": {
                "name": f"n{i}",
                "annotations": {"flannel.alpha.coreos.com/backend-type": "vxlan"},
            },
            "spec": {"podCIDR": f"10.42.{i}.0/24", "podCIDRs": [f"10.42.{i}.0/24"]},
        }
        for i in range(2)
    ]
    return {"daemon_sets": [multus], "nodes": nodes}


def openshift() -> dict[str, Any]:
    """What OpenShift's cluster-network-operator installs: thick, in images that have no name."""
    image = "quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:" + "ab" * 32
    config = {
        **DAEMON_CONFIG,
        "multusAutoconfigDir": "/host/run/multus/cni/net.d",
        "binDir": "/var/lib/cni/bin",
        "namespaceIsolation": True,
        "globalNamespaces": "default,openshift-multus",
    }
    daemon = daemon_set(
        "multus",
        image,
        command=["/bin/bash", "-ec", "--"],
        args=["/entrypoint/cnibincopy.sh; exec /usr/src/multus-cni/bin/multus-daemon $OPT\n"],
        volumes=[
            host_path("system-cni-dir", "/etc/kubernetes/cni/net.d"),
            host_path("cnibin", "/var/lib/cni/bin"),
            {"name": "config", "configMap": {"name": "multus-daemon-config"}},
        ],
        mounts=[("system-cni-dir", "/host/etc/cni/net.d"), ("cnibin", "/host/opt/cni/bin")],
        namespace="openshift-multus",
        container="kube-multus",
    )
    plugins = daemon_set(
        "multus-additional-cni-plugins",
        image,
        command=["/bin/bash", "-ec", "--"],
        args=["trap : TERM INT; sleep infinity & wait"],
        namespace="openshift-multus",
        container="kube-multus-additional-cni-plugins",
    )
    ovn = daemon_set("ovnkube-node", image, namespace="openshift-ovn-kubernetes")
    text = json.dumps(config)
    maps = {("openshift-multus", "multus-daemon-config"): {"daemon-config.json": text}}
    return {"daemon_sets": [plugins, daemon, ovn], "config_maps": maps}


COMPANIONS = (
    "dynamic-networks-controller ghcr.io/k8snetworkplumbingwg/multus-dynamic-networks-controller:v1",
    "rke2-dyn rancher/hardened-multus-dynamic-networks-controller:v0.3.7-build20250711",
    "multus-networkpolicy ghcr.io/k8snetworkplumbingwg/multi-networkpolicy-iptables:snapshot",
    "multus-admission-controller quay.io/openshift/origin-multus-admission-controller:4.19",
    "multus-proxy ghcr.io/k8snetworkplumbingwg/multus-service-proxy@sha256:0",
    "whereabouts ghcr.io/k8snetworkplumbingwg/whereabouts:v0.9.2",
)
"""DaemonSet and image of programs that work with Multus, and are none."""


def seen(*nads: dict[str, Any], **cluster: Any) -> Seen:
    return Seen(nads=list(nads), **cluster)

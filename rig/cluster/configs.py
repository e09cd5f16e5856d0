"""Configuration files of the node's components, as plain data.

JSON is valid YAML, so the files of Kubernetes are written as JSON; containerd's is TOML.
"""

from __future__ import annotations

from typing import Any

from rig.cluster import addresses
from rig.cluster.pki import Pki

CONTAINERD_SOCKET = "/run/containerd/containerd.sock"
CNI_CONF_DIR = "/etc/cni/net.d"
CNI_BIN_DIR = "/opt/cni/bin"
PRIMARY_CONFLIST = "10-rig.conflist"
PAUSE_IMAGE = "registry.k8s.io/pause:3.10"


def kubelet(pki: Pki) -> dict[str, Any]:
    """The kubelet's: a node that gets Ready fast and evicts nothing on a machine in use."""
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(pki.ca)},
        },
        "authorization": {"mode": "Webhook"},
        "tlsCertFile": str(pki.cert("kubelet-server")),
        "tlsPrivateKeyFile": str(pki.key("kubelet-server")),
        "containerRuntimeEndpoint": f"unix://{CONTAINERD_SOCKET}",
        "cgroupDriver": "cgroupfs",
        # Version 1 is what many machines without systemd have; the kubelet refuses by default.
        "failCgroupV1": False,
        "failSwapOn": False,
        # Where the capability to lower it is missing, the default of -999 is an error.
        "oomScoreAdj": 0,
        "maxPods": 110,
        "clusterDNS": [addresses.DNS_SERVICE_IP],
        "clusterDomain": "cluster.local",
        # The machine's name servers cannot be reached from here.
        "resolvConf": "",
        "nodeStatusUpdateFrequency": "2s",
        "nodeStatusReportFrequency": "10s",
        "syncFrequency": "10s",
        "registerNode": True,
        # The disk and its filling belong to the machine: nothing here is to be judged by it.
        "evictionHard": {
            "memory.available": "0%",
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
            "imagefs.inodesFree": "0%",
        },
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "imageMinimumGCAge": "24h",
        "shutdownGracePeriod": "0s",
        "volumePluginDir": "/var/lib/kubelet/volumeplugins",
    }


def kube_proxy(kubeconfig: str, mode: str, node: str) -> dict[str, Any]:
    """kube-proxy's on a node of that name; ``mode`` is nftables or iptables."""
    keep = "0s"
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": mode,
        "clientConnection": {"kubeconfig": kubeconfig},
        "clusterCIDR": addresses.POD_CIDR,
        "hostnameOverride": node,
        "healthzBindAddress": "127.0.0.1:10256",
        "metricsBindAddress": "127.0.0.1:10249",
        "oomScoreAdj": 0,
        # Connection tracking's limits are the whole machine's: 0 leaves each as it is.
        "conntrack": {
            "maxPerCore": 0,
            "min": 0,
            "tcpEstablishedTimeout": keep,
            "tcpCloseWaitTimeout": keep,
            "udpTimeout": keep,
            "udpStreamTimeout": keep,
        },
    }


def primary_conflist(cni_version: str, pods: str = addresses.NODE_POD_CIDR) -> dict[str, Any]:
    """The rig's primary network: a bridge, addresses from the node's pod range, hostPorts."""
    return {
        "cniVersion": cni_version,
        "name": "rig",
        "plugins": [
            {
                "type": "bridge",
                "bridge": "cni0",
                "isGateway": True,
                "isDefaultGateway": True,
                "hairpinMode": True,
                # The LAN has a route back to the pods; translating would only cost time.
                "ipMasq": False,
                "ipam": {"type": "host-local", "ranges": [[{"subnet": pods}]]},
            },
            {"type": "portmap", "capabilities": {"portMappings": True}, "snat": True},
        ],
    }


def containerd(snapshotter: str, runc: str) -> str:
    """containerd's, in TOML; ``snapshotter`` is overlayfs or native."""
    return f"""\
version = 3
root = "/var/lib/containerd"
state = "/run/containerd"
# What cannot work here is not even tried.
disabled_plugins = [
  "io.containerd.snapshotter.v1.blockfile",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.erofs",
  "io.containerd.snapshotter.v1.zfs",
  "io.containerd.nri.v1.nri",
  "io.containerd.internal.v1.tracing",
]

[grpc]
address = "{CONTAINERD_SOCKET}"

[plugins."io.containerd.cri.v1.images"]
snapshotter = "{snapshotter}"

[plugins."io.containerd.cri.v1.images".pinned_images]
sandbox = "{PAUSE_IMAGE}"

[plugins."io.containerd.cri.v1.runtime"]
# Without CAP_SYS_RESOURCE, and that is common, a score cannot be lowered.
restrict_oom_score_adj = true

[plugins."io.containerd.cri.v1.runtime".cni]
bin_dirs = ["{CNI_BIN_DIR}"]
conf_dir = "{CNI_CONF_DIR}"

[plugins."io.containerd.cri.v1.runtime".containerd]
default_runtime_name = "runc"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
BinaryName = "{runc}"
SystemdCgroup = false
"""

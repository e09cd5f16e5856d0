"""Every path on a node that multinet names, derived from a few choices of the user."""

from __future__ import annotations

import dataclasses
from typing import Final, Literal

Distribution = Literal["kubeadm", "k3s", "rke2", "microk8s", "k0s", "talos"]

MULTUS_CONF: Final = "00-multus.conf"
MULTUS_CONFLIST: Final = "00-multus.conflist"
MULTUS_DIR: Final = "multus.d"
CALICO_CONF: Final = "10-calico.conflist"
CILIUM_CONF: Final = "05-cilium.conflist"

NETWORKS_DIR: Final = "/etc/cni/multus/net.d"
"""Where Multus looks for a network of which the NAD holds no configuration (v4.3.0, conf.go)."""

NODE_STATE: Final = "/var/lib/multinet"
NODE_UPLOADS: Final = "/var/tmp"  # noqa: S108  what lands here is checked by its checksum
SYSCTL_FILE: Final = "/etc/sysctl.d/90-multinet.conf"
MODULES_FILE: Final = "/etc/modules-load.d/multinet.conf"
SYSTEMD_DIR: Final = "/etc/systemd/system"
LINKS_UNIT: Final = "multinet-links.service"
DHCP_UNIT: Final = "multinet-cni-dhcp"


@dataclasses.dataclass(frozen=True, slots=True)
class CniDirs:
    """Where a distribution's container runtime looks, and where it keeps pods' namespaces.

    Attributes:
        conf: network configurations, read in alphabetical order.
        bin: plugin binaries.
        netns: mounts of the pods' network namespaces.
    """

    conf: str
    bin: str
    netns: str = "/run/netns"


# Sources: each distribution's documentation of its container runtime's CNI directories.
CNI_DIRS: Final[dict[Distribution, CniDirs]] = {
    "kubeadm": CniDirs("/etc/cni/net.d", "/opt/cni/bin"),
    "k3s": CniDirs("/var/lib/rancher/k3s/agent/etc/cni/net.d", "/var/lib/rancher/k3s/data/cni"),
    "rke2": CniDirs("/etc/cni/net.d", "/opt/cni/bin"),
    "microk8s": CniDirs(
        "/var/snap/microk8s/current/args/cni-network", "/var/snap/microk8s/current/opt/cni/bin"
    ),
    "k0s": CniDirs("/etc/cni/net.d", "/opt/cni/bin"),
    # Its /var/run is no link to /run (Sidero's guide to Multus).
    "talos": CniDirs("/etc/cni/net.d", "/opt/cni/bin", "/var/run/netns"),
}

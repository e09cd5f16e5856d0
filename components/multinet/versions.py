"""Every version, image and chart that multinet pins. Nothing else in the package names one.

To move one: change it here, run `make test`, and say so in CHANGELOG.md. The rig's Go parts
are pinned, with checksums, by the go.mod files under rig/parts/; a test holds them to this file.
"""

from __future__ import annotations

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True, slots=True)
class Chart:
    """A Helm chart: its name, default repository and pinned version."""

    name: str
    repository: str
    version: str


Line = tuple[int, int]
"""A release line: major and minor."""


@dataclasses.dataclass(frozen=True, slots=True)
class Lines:
    """Which release lines of a chart there are for us.

    Attributes:
        works_from: the first one that can work at all; an older one is refused.
        tried: those whose chart was rendered and applied; any other one is a warning.
    """

    works_from: Line
    tried: tuple[Line, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Image:
    """A container image without tag: registry and path."""

    registry: str
    path: str

    def at(self, version: str, registry: str = "") -> str:
        """The reference by tag, or by digest when `version` is one (`sha256:…`).

        `registry`: a mirror's prefix in place of the image's own registry.
        """
        separator = "@" if version.startswith("sha256:") else ":"
        return f"{(registry or self.registry).rstrip('/')}/{self.path}{separator}{version}"


# github.com/k8snetworkplumbingwg/multus-cni/releases
MULTUS: Final = "v4.3.0"
MULTUS_IMAGE: Final = Image("ghcr.io", "k8snetworkplumbingwg/multus-cni")

# github.com/containernetworking/plugins/releases
CNI_PLUGINS: Final = "v1.9.1"
# SHA-256 of cni-plugins-linux-<architecture>-<version>.tgz; beside each archive as .sha256
CNI_PLUGINS_SHA256: Final = {
    "amd64": "b98f74a0f8522f0a83867178729c1aa70f2158f90c45a2ca8fa791db1c76b303",
    "arm64": "56171987d3947707c3563db2f4001bccaf50fd63468611b9f3cbecb1375ee7ec",
    "arm": "21416880bea0541d78afaf106373d6dbb471edb92c0114fa263494fe4aec8d3b",
    "ppc64le": "44b743ff6e4dc145eb4e5280e49eca182fcc586d8d52ab431d5904b66e5ca6f7",
}

# github.com/rancher/image-build-cni-plugins: the only public image of that release that is kept
# (containernetworking/plugins publishes none); plugins in /opt/cni/bin, static, with a busybox.
CNI_PLUGINS_IMAGE: Final = Image("docker.io", "rancher/hardened-cni-plugins")
CNI_PLUGINS_IMAGE_TAG: Final = f"{CNI_PLUGINS}-build20260819"

# github.com/k8snetworkplumbingwg/whereabouts/releases
WHEREABOUTS: Final = "v0.9.4"
WHEREABOUTS_IMAGE: Final = Image("ghcr.io", "k8snetworkplumbingwg/whereabouts")

# github.com/k8snetworkplumbingwg/sriov-network-device-plugin/releases
SRIOV_DEVICE_PLUGIN: Final = "v3.11.0"
SRIOV_DEVICE_PLUGIN_IMAGE: Final = Image(
    "ghcr.io", "k8snetworkplumbingwg/sriov-network-device-plugin"
)

# github.com/k8snetworkplumbingwg/sriov-cni/releases
SRIOV_CNI: Final = "v2.10.0"
SRIOV_CNI_IMAGE: Final = Image("ghcr.io", "k8snetworkplumbingwg/sriov-cni")

# github.com/k8snetworkplumbingwg/multus-dynamic-networks-controller/releases
DYNAMIC_NETWORKS: Final = "v0.3.7"
DYNAMIC_NETWORKS_IMAGE: Final = Image(
    "ghcr.io", "k8snetworkplumbingwg/multus-dynamic-networks-controller"
)

# github.com/k8snetworkplumbingwg/multi-networkpolicy-nftables/releases
NETWORK_POLICY: Final = "v0.1.0"
NETWORK_POLICY_IMAGE: Final = Image("ghcr.io", "k8snetworkplumbingwg/multi-networkpolicy-nftables")

# docs.tigera.io/calico/latest/release-notes: the last line whose chart brings its own CRDs
CALICO: Final = "v3.31.7"
CALICO_CHART: Final = Chart("tigera-operator", "https://docs.tigera.io/calico/charts", CALICO)
CALICO_CRDS_CHART: Final = Chart("crd.projectcalico.org.v1", CALICO_CHART.repository, CALICO)
# From here on the CRDs are in a chart of their own.
CALICO_CRDS_APART: Final = (3, 32)

# docs.cilium.io, helm.cilium.io
CILIUM: Final = "1.20.2"
CILIUM_CHART: Final = Chart("cilium", "https://helm.cilium.io", CILIUM)

# Lines (major, minor) of charts. Calico before 3.24 has no conditions in its Installation, so
# there is nothing to wait for; Cilium before 1.15 has other names for half of the values.
CALICO_LINES: Final = Lines(works_from=(3, 24), tried=((3, 28), (3, 31), (3, 32)))
CILIUM_LINES: Final = Lines(works_from=(1, 15), tried=((1, 18), (1, 19), (1, 20)))

# What charts are told when they are rendered without a cluster; also the rig's version.
KUBERNETES: Final = "v1.37.2"

# kubernetes/kubernetes, build/server-image/kubectl: published with each release
KUBECTL: Final = KUBERNETES
KUBECTL_IMAGE: Final = Image("registry.k8s.io", "kubectl")

# The sample pod's image: anything with `ip` in it.
SAMPLE_IMAGE: Final = "docker.io/library/busybox:1.35.0"


def sample_image(registry: str) -> str:
    """The sample image, from a mirror where its prefix is given."""
    if not registry:
        return SAMPLE_IMAGE
    return f"{registry.rstrip('/')}/{SAMPLE_IMAGE.partition('/')[2]}"


# Installed by `make up` where no pulumi is on PATH.
PULUMI: Final = "3.272.0"

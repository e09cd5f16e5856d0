"""What the rig is made of: each part, where its pinned module is and how it is linked.

Versions are not repeated here: they are read from the ``go.mod`` files beside this one, whose
``go.sum`` files hold the checksums of everything that goes into a build.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

PARTS_DIR = Path(__file__).resolve().parent

CNI_PLUGINS = (
    *("bridge", "dummy", "host-device", "ipvlan", "loopback", "macvlan", "ptp", "tap", "vlan"),
    *("dhcp", "host-local", "static"),
    *("bandwidth", "firewall", "portmap", "sbr", "tuning", "vrf"),
)


@dataclass(frozen=True)
class GoPart:
    """Binaries built from one Go module directory.

    Attributes:
        name: the part's name and its directory under ``rig/parts``.
        module: module path whose version in go.mod is the part's version; None for our own code.
        binaries: what the build must leave in ``bin``.
        packages: what is built; ``tool`` means every tool directive of go.mod.
        symbols: linker symbols to set, from the version.
        renames: name that Go gives → name wanted.
        tags: Go's build tags, comma-separated.
    """

    name: str
    binaries: tuple[str, ...]
    module: str | None = None
    packages: str = "tool"
    symbols: Callable[[str], Mapping[str, str]] = field(default=lambda _version: {})
    renames: Mapping[str, str] = field(default_factory=dict)
    tags: str = ""

    @property
    def directory(self) -> Path:
        """Where its go.mod is."""
        return PARTS_DIR / self.name

    @property
    def version(self) -> str:
        """The pinned version, with its leading v."""
        return required_version(self.directory, self.module) if self.module else "v1"

    @property
    def ldflags(self) -> str:
        """Flags of the linker: no symbol tables (a third of the size), and the version."""
        pairs = [f"-X {symbol}={value}" for symbol, value in self.symbols(self.version).items()]
        return " ".join(["-s", "-w", *pairs])


@dataclass(frozen=True)
class ChartPart:
    """A Helm chart taken out of a Go module: the only checksummed place it can be had from.

    Attributes:
        path: of the chart in the module.
        pinned: directory under ``rig/parts`` whose go.mod pins the module.
        links: path in the chart → directory of the module; a module's archive has no links.
    """

    name: str
    module: str
    path: str
    pinned: str = "charts"
    links: tuple[tuple[str, str], ...] = ()

    @property
    def directory(self) -> Path:
        """Where its go.mod is."""
        return PARTS_DIR / self.pinned

    @property
    def version(self) -> str:
        """The module's pinned version, with its leading v."""
        return required_version(self.directory, self.module)


def required_version(directory: Path, module: str) -> str:
    """Version of ``module`` in the go.mod of ``directory``; KeyError where it is not required."""
    text = (directory / "go.mod").read_text()
    found = re.search(rf"^(?:require)?\s+{re.escape(module)} (v\S+)", text, re.MULTILINE)
    if not found:
        raise KeyError(f"{directory}/go.mod does not require {module}")
    return found.group(1)


def required_go() -> tuple[int, ...]:
    """The oldest Go that builds every part: the highest ``go`` line of the go.mod files."""
    lines = (
        re.search(r"^go (\S+)", path.read_text(), re.MULTILINE)
        for path in PARTS_DIR.glob("*/go.mod")
    )
    return max(tuple(int(n) for n in line.group(1).split(".")) for line in lines if line)


def _kubernetes(version: str) -> dict[str, str]:
    # Charts test .Capabilities.KubeVersion, which is what the API server says it is.
    major, minor, _patch = version.removeprefix("v").split(".")
    prefix = "k8s.io/component-base/version"
    return {
        f"{prefix}.gitVersion": version,
        f"{prefix}.gitMajor": major,
        f"{prefix}.gitMinor": minor,
        f"{prefix}.gitTreeState": "clean",
    }


def _helm(version: str) -> dict[str, str]:
    # Unset, helm believes in Kubernetes 1.20 and refuses charts that need a newer one.
    kubernetes = required_version(PARTS_DIR / "kubernetes", "k8s.io/kubernetes")
    major, minor, _patch = kubernetes.removeprefix("v").split(".")
    symbols = {"helm.sh/helm/v3/internal/version.version": version}
    for package in ("pkg/lint/rules", "pkg/chartutil"):
        symbols[f"helm.sh/helm/v3/{package}.k8sVersionMajor"] = major
        symbols[f"helm.sh/helm/v3/{package}.k8sVersionMinor"] = minor
    return symbols


def _multus(version: str) -> dict[str, str]:
    return {"gopkg.in/k8snetworkplumbingwg/multus-cni.v4/pkg/multus.version": version}


def _containerd(version: str) -> dict[str, str]:
    return {"github.com/containerd/containerd/v2/version.Version": version}


def _calico(version: str) -> dict[str, str]:
    return {"main.VERSION": version}


CALICO_RELEASE = "v3.28.5"
"""What the pinned commit of Calico is released as: its manifests' images have this tag."""

CALICO_OPERATOR = "v1.34.13"
"""The release of tigera/operator that its chart deploys. It is in no registry of Go modules."""

_CALICO = "github.com/projectcalico/calico"
_CALICO_LINKS = (("crds/calico", "libcalico-go/config/crd"),)


def _calico_agents(_version: str) -> dict[str, str]:
    symbols = ("node/pkg/lifecycle/startup.VERSION", "apiserver/cmd/apiserver/server.VERSION")
    infos = ("node", "felix", "typha/pkg")
    said = (*symbols, *(f"{whose}/buildinfo.GitVersion" for whose in infos))
    return {f"{_CALICO}/{symbol}": CALICO_RELEASE for symbol in said} | {
        "main.VERSION": CALICO_RELEASE
    }


_CILIUM = {
    "bugtool": "cilium-bugtool",
    "daemon": "cilium-agent",
    "mount": "cilium-mount",
    "operator": "cilium-operator-generic",
    "responder": "cilium-health-responder",
    "sysctlfix": "cilium-sysctlfix",
}


_CILIUM_MODULE = "github.com/cilium/cilium"
_CILIUM_CHART = "install/kubernetes/cilium"


def _cilium(version: str) -> dict[str, str]:
    return {f"{_CILIUM_MODULE}/pkg/version.ciliumVersion": version.removeprefix("v")}


_WHEREABOUTS = {
    "cmd": "whereabouts",
    "controlloop": "ip-control-loop",
    "nodeslicecontroller": "node-slice-controller",
    "reconciler": "ip-reconciler",
}


def _whereabouts(version: str) -> dict[str, str]:
    return {"github.com/k8snetworkplumbingwg/whereabouts/pkg/version.Version": version}


def _cni(version: str) -> dict[str, str]:
    return {"github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion": version}


def _multus_part(name: str) -> GoPart:
    return GoPart(
        name,
        (
            "multus",
            "thin_entrypoint",
            "install_multus",
            "multus-daemon",
            "multus-shim",
            "passthru",
        ),
        "gopkg.in/k8snetworkplumbingwg/multus-cni.v4",
        symbols=_multus,
        renames={"passthru-cni": "passthru"},
    )


GO_PARTS = {
    part.name: part
    for part in (
        GoPart(
            "kubernetes",
            (
                "kube-apiserver",
                "kube-controller-manager",
                "kube-scheduler",
                "kubelet",
                "kube-proxy",
                "kubectl",
            ),
            "k8s.io/kubernetes",
            symbols=_kubernetes,
        ),
        GoPart("etcd", ("etcd",), "go.etcd.io/etcd/server/v3", renames={"server": "etcd"}),
        GoPart(
            "containerd",
            ("containerd", "containerd-shim-runc-v2", "ctr"),
            "github.com/containerd/containerd/v2",
            symbols=_containerd,
        ),
        GoPart(
            "cni-plugins",
            CNI_PLUGINS,
            "github.com/containernetworking/plugins",
            symbols=_cni,
        ),
        _multus_part("multus"),
        # What upgrades start from. Its go.mod names the libraries of the other one, whose
        # compiled packages are used again: ten seconds instead of two minutes.
        _multus_part("multus-previous"),
        GoPart("helm", ("helm",), "helm.sh/helm/v3", symbols=_helm),
        GoPart("calico", ("calico",), _CALICO, symbols=_calico),
        GoPart(
            "calico-agents",
            (
                *("calico-node", "calico", "install", "kube-controllers", "check-status"),
                *("calico-typha", "apiserver", "flexvol"),
            ),
            _CALICO,
            symbols=_calico_agents,
        ),
        # Of the chart's version. Its tags are those of upstream's own build.
        GoPart(
            "cilium-agent",
            (*_CILIUM.values(), "cilium-cni", "cilium-dbg", "cilium-health"),
            _CILIUM_MODULE,
            symbols=_cilium,
            renames=_CILIUM,
            tags="osusergo,ipam_provider_operator",
        ),
        GoPart(
            "whereabouts",
            tuple(_WHEREABOUTS.values()),
            "github.com/k8snetworkplumbingwg/whereabouts",
            symbols=_whereabouts,
            renames=_WHEREABOUTS,
        ),
        GoPart("pause", ("pause",), packages="."),
        GoPart("kind", ("kind",), "sigs.k8s.io/kind"),
    )
}

CHART_PARTS = {
    part.name: part
    for part in (
        ChartPart("cilium", _CILIUM_MODULE, _CILIUM_CHART),
        # Older lines that are supported.
        ChartPart("cilium-1.19", _CILIUM_MODULE, _CILIUM_CHART, "charts-cilium-1.19"),
        ChartPart("cilium-1.18", _CILIUM_MODULE, _CILIUM_CHART, "charts-cilium-1.18"),
        ChartPart("tigera-operator", _CALICO, "charts/tigera-operator", links=_CALICO_LINKS),
    )
}

PART_NAMES = (*GO_PARTS, *CHART_PARTS)
CONTROL_PLANE_PARTS = ("kubernetes", "etcd")
NODE_PARTS = ("kubernetes", "etcd", "containerd", "cni-plugins", "multus", "pause")
AGENT_PARTS = ("calico-agents", "cilium-agent")
"""Agents of real primary CNIs: minutes of building and hundreds of megabytes, for who asks."""

ADDON_PARTS = ("whereabouts",)
"""What add-ons run, for who asks: half a minute of building."""

_ASKED_FOR = ("kind", "cilium-1.19", "cilium-1.18", *AGENT_PARTS, *ADDON_PARTS)
DEFAULT_PARTS = tuple(name for name in PART_NAMES if name not in _ASKED_FOR)
"""kind is no part of the rig: it serves where a Docker engine answers, and is asked for there."""

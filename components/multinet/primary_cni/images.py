"""Images that are in no manifest: those that Calico's operator starts by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from multinet.primary_cni.calico import API_VERSION
from multinet.primary_cni.settings import PrimaryCniSettings

# What the operator starts for each of its resources (tigera/operator, pkg/components/calico.go);
# all have Calico's version.
_STARTED: Mapping[str, tuple[str, ...]] = {
    "Installation": ("cni", "kube-controllers", "node", "pod2daemon-flexvol", "typha"),
    "APIServer": ("apiserver",),
    "Goldmane": ("goldmane",),
    "Whisker": ("whisker", "whisker-backend"),
}
_CSI = ("csi", "node-driver-registrar")
_QUAY_FROM = (3, 31)


def operator_images(
    primary: PrimaryCniSettings, manifests: Iterable[Mapping[str, Any]]
) -> dict[str, str]:
    """Image → the operator's resource that it is started for; empty for other plugins."""
    if primary.plugin != "calico":
        return {}
    found: dict[str, str] = {}
    registry = "quay.io/" if primary.line >= _QUAY_FROM else "docker.io/"
    ours = [m for m in manifests if m.get("apiVersion") == API_VERSION]
    for manifest in sorted(ours, key=lambda m: m["kind"] != "Installation"):
        kind, spec = manifest["kind"], manifest.get("spec") or {}
        names = _STARTED.get(kind, ())
        if kind == "Installation":
            registry = spec.get("registry") or registry
            names += _CSI if spec.get("kubeletVolumePluginPath") != "None" else ()
        tag = f"v{primary.effective_version.removeprefix('v')}"
        for name in names:
            found.setdefault(f"{registry}calico/{name}:{tag}", f"{kind} (started by the operator)")
    return found

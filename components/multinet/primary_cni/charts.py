"""Which charts the selected primary CNI is made of, and where each comes from."""

from __future__ import annotations

import dataclasses

from multinet import versions
from multinet.primary_cni.options import ChartSettings
from multinet.primary_cni.settings import PrimaryCniSettings

NAMESPACES = {"calico": "tigera-operator", "cilium": "kube-system"}


@dataclasses.dataclass(frozen=True)
class ChartRef:
    """A chart as `helm.v4.Chart` takes it.

    Attributes:
        name: of the release; part of what the chart renders.
        chart: a path, an oci:// reference, or a name in `repository`.
        version: None where the chart is a path.
        repository: address of an HTTP(S) repository, or None.
    """

    name: str
    chart: str
    version: str | None
    repository: str | None


def main_chart(primary: PrimaryCniSettings) -> ChartRef:
    """The plugin's own chart."""
    pinned = {"calico": versions.CALICO_CHART, "cilium": versions.CILIUM_CHART}[primary.plugin]
    return _ref(pinned, primary.chart, primary.chart.path, primary.effective_version)


def crds_chart(primary: PrimaryCniSettings) -> ChartRef | None:
    """The chart of Calico's CRDs, where its own one does not bring them; else None."""
    if primary.plugin != "calico" or primary.line < versions.CALICO_CRDS_APART:
        return None
    chart, path = primary.chart, primary.chart.crds_path
    return _ref(versions.CALICO_CRDS_CHART, chart, path, primary.effective_version)


def _ref(pinned: versions.Chart, source: ChartSettings, path: str | None, version: str) -> ChartRef:
    if path:
        return ChartRef(pinned.name, path, None, None)
    address = (source.repository or pinned.repository).rstrip("/")
    if address.startswith("oci://"):
        return ChartRef(pinned.name, f"{address}/{pinned.name}", version, None)
    return ChartRef(pinned.name, pinned.name, version, address)

"""Settings of the primary CNI: the one that gives every pod its eth0."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from multinet import paths, versions
from multinet.findings import Finding, Severity
from multinet.findings.model import CheckedModel
from multinet.findings.part import apart
from multinet.primary_cni import rules
from multinet.primary_cni.agents import is_ciliums
from multinet.primary_cni.options import (
    AdoptSettings,
    CalicoSettings,
    ChartSettings,
    CiliumSettings,
)
from multinet.settings import policy
from multinet.settings.references import Registry, registry_findings
from multinet.settings.types import Duration, FileName, Network

DEFAULT_POD_CIDR = "10.233.64.0/18"
DEFAULT_SERVICE_CIDR = "10.233.0.0/18"


class PrimaryCniSettings(CheckedModel):
    """Which primary CNI, and how."""

    plugin: Literal["calico", "cilium", "existing"] = "calico"
    """existing: the cluster has one that others manage."""
    pod_cidrs: Annotated[list[Network], Field(min_length=1, max_length=8)] = [DEFAULT_POD_CIDR]
    """The pods' networks, in CIDR notation."""
    service_cidrs: Annotated[list[Network], Field(max_length=2)] = [DEFAULT_SERVICE_CIDR]
    """The services' networks, in CIDR notation."""
    version: str | None = None
    """Release; absent: the pinned one."""
    mtu: Annotated[int, Field(ge=0, le=65535)] = 0
    """Bytes; 0: found by the plugin itself."""
    conf_file: FileName | None = None
    """The configuration file that the plugin writes on each node; Multus is pinned to it."""
    registry: Registry | None = None
    """A mirror's prefix for every image, the operator's included, e.g.
    `registry.example.org/mirror`.
    """
    chart: ChartSettings = ChartSettings()
    """Where its chart comes from."""
    calico: CalicoSettings | None = None
    """Options of Calico."""
    cilium: CiliumSettings | None = None
    """Options of Cilium."""
    adopt: AdoptSettings | None = None
    """What is changed of an existing primary."""
    wait_for_rollout: bool = True
    """Whether an update waits until the primary is ready on every node."""
    rollout_timeout: Duration = "15m"
    """How long it waits, such as 15m."""
    values: dict[str, Any] = {}
    """Merged over the chart values computed here."""

    @property
    def effective_version(self) -> str:
        """The version that gets installed; empty for `existing`."""
        pinned = {"calico": versions.CALICO, "cilium": versions.CILIUM, "existing": ""}
        return self.version or pinned[self.plugin]

    @property
    def line(self) -> versions.Line:
        """Major and minor of that version; (0, 0) for `existing`."""
        return rules.line_of(self.effective_version) or (0, 0)

    @property
    def effective_conf_file(self) -> str:
        """The file that Multus is pinned to."""
        usual = {"calico": paths.CALICO_CONF, "cilium": paths.CILIUM_CONF, "existing": ""}
        return self.conf_file or usual[self.plugin]

    @property
    def calls(self) -> tuple[str, ...]:
        """Plugins that the primary's own configuration calls, and nobody lays out with it."""
        cilium = self.cilium or CiliumSettings()
        return ("portmap",) if self.plugin == "cilium" and cilium.port_map else ()

    @property
    def node_share(self) -> int | None:
        """Prefix length of what one node gets at least of an IPv4 pod network, where we say it."""
        if self.plugin == "calico":
            return (self.calico or CalicoSettings()).block_size
        cilium = self.cilium or CiliumSettings()
        by_us = self.plugin == "cilium" and cilium.ipam_mode == "cluster-pool"
        return cilium.mask_size if by_us else None

    def rules(self) -> Iterator[Finding]:
        yield from apart(
            self._one_plugin(),
            self._registry(),
            lambda: rules.cidrs_disjoint(self.pod_cidrs, self.service_cidrs),
            lambda: rules.families(self.pod_cidrs, self.service_cidrs),
            lambda: self._existing() if self.plugin == "existing" else self._installed(),
        )

    def _installed(self) -> Iterator[Finding]:
        yield from apart(
            lambda: rules.mtu(self.mtu, self.pod_cidrs),
            lambda: rules.version(self.plugin, self.effective_version),
            lambda: rules.values(self.plugin, self.values),
            lambda: (f.under(("values",)) for f in policy.chart_values(self.values)),
            self._options(),
            self._chart(),
            self._adopts(),
        )

    def _registry(self) -> Iterator[Finding]:
        yield from registry_findings(self.registry, ("registry",)) if self.registry else ()

    def _options(self) -> Iterator[Finding]:
        if self.plugin == "calico":
            options = self.calico or CalicoSettings()
            yield from rules.calico(options, self.pod_cidrs, self.effective_version)
        else:
            yield from rules.cilium(self.cilium or CiliumSettings(), self.pod_cidrs)

    def _adopts(self) -> Iterator[Finding]:
        if self.adopt is not None:
            rule = f"there is nothing to adopt: {self.plugin} is installed by this stack"
            way_out = "remove 'adopt', or set plugin: existing"
            yield Finding("nothing-to-adopt", ("adopt",), rule, way_out)

    def beside_multus(self) -> Iterator[Finding]:
        """What cannot be where Multus is: an exclusive Cilium."""
        values = self.values.get("cni")
        of_values = values.get("exclusive") if isinstance(values, Mapping) else None
        for path, asked in (
            (("cilium", "exclusive"), self.cilium is not None and self.cilium.exclusive),
            (("values", "cni", "exclusive"), self.plugin == "cilium" and of_values),
        ):
            if asked not in (None, False):
                rule = "an exclusive Cilium renames Multus's configuration on every node, silently"
                way_out = "set it to false, or leave it out"
                yield Finding("cilium-exclusive", path, rule, way_out, asked)

    def _one_plugin(self) -> Iterator[Finding]:
        for other in ("calico", "cilium"):
            if getattr(self, other) is not None and other != self.plugin:
                rule = f"{other}'s options are set, but the plugin is {self.plugin}"
                way_out = f"remove '{other}', or set plugin: {other}"
                if self.plugin == "existing" and other == "cilium":
                    way_out += "; to change an existing Cilium's exclusive mode: adopt"
                yield Finding("other-plugins-options", (other,), rule, way_out)

    def _existing(self) -> Iterator[Finding]:
        if self.conf_file is None:
            rule = "with plugin existing, the name of its configuration file must be given"
            way_out = "look into /etc/cni/net.d on a node, e.g. confFile: 10-flannel.conflist"
            yield Finding("conf-file-missing", ("confFile",), rule, way_out)
        for key in ("version", "values", "mtu", "registry"):
            if getattr(self, key):
                rule = f"'{key}' has no effect on an existing primary CNI"
                yield Finding("no-effect-on-existing", (key,), rule, f"remove '{key}'")
        if self.conf_file and is_ciliums(self.conf_file) and self.adopt is None:
            rule = "unless that Cilium has cni.exclusive=false, it renames Multus's configuration"
            way_out = "set adopt: {plugin: cilium}, or set it in that Cilium's own values"
            path, value, severity = ("confFile",), self.conf_file, Severity.WARNING
            yield Finding("existing-cilium-exclusive", path, rule, way_out, value, severity)

    def _chart(self) -> Iterator[Finding]:
        apart = self.plugin == "calico" and self.line >= versions.CALICO_CRDS_APART
        if self.chart.path and apart and not self.chart.crds_path:
            since = ".".join(map(str, versions.CALICO_CRDS_APART))
            rule = f"from Calico {since} on the CRDs are in a chart of their own"
            way_out = f"give the path of {versions.CALICO_CRDS_CHART.name} as chart.crdsPath"
            yield Finding("crds-chart-missing", ("chart", "crdsPath"), rule, way_out)
        if self.chart.crds_path and not apart:
            rule = "this chart brings its own CRDs"
            path, value = ("chart", "crdsPath"), self.chart.crds_path
            yield Finding("crds-chart-unused", path, rule, "remove chart.crdsPath", value)

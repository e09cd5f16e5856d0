"""The `PrimaryCni` component."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi_kubernetes.apps.v1 import DaemonSetPatch
from pulumi_kubernetes.core.v1 import ConfigMapPatch, Namespace
from pulumi_kubernetes.helm.v4 import Chart, RepositoryOptsArgs

from multinet import kubernetes
from multinet.multus.settings import MultusSettings
from multinet.primary_cni import adoption, calico
from multinet.primary_cni.charts import NAMESPACES, ChartRef, crds_chart, main_chart
from multinet.primary_cni.options import AdoptSettings
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.primary_cni.values import Values, chart_values


class PrimaryCni(pulumi.ComponentResource):
    """The cluster's primary CNI, by its project's own chart; nothing for `existing`.

    It is ready when pods can get an address: Calico's Installation says so once its agents run
    on every node and have written their configuration; of Cilium the DaemonSet is waited for.
    With `existing` nothing is created; `adopt` patches an existing Cilium, and a destroy
    leaves that patch in place, as everything else that others manage.

    Args:
        name: of this component; the chart is `<name>-chart`.
        settings: which plugin, and how.
        multus: what Multus needs of it (directories, Cilium's exclusive=false).

    Outputs: plugin, version, conf_file (in the CNI configuration directory), pod_cidrs.
    """

    plugin: pulumi.Output[str]
    version: pulumi.Output[str]
    conf_file: pulumi.Output[str]
    pod_cidrs: pulumi.Output[list[str]]

    def __init__(
        self,
        name: str,
        settings: PrimaryCniSettings,
        multus: MultusSettings,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("multinet:index:PrimaryCni", name, None, opts)
        if settings.plugin == "calico":
            self._calico(name, settings, chart_values(settings, multus))
        elif settings.plugin == "cilium":
            self._chart(
                f"{name}-chart", main_chart(settings), settings, [], chart_values(settings, multus)
            )
        elif settings.adopt is not None:
            self._adopt(name, settings.adopt, settings)
        self.plugin = pulumi.Output.from_input(settings.plugin)
        self.version = pulumi.Output.from_input(settings.effective_version)
        self.conf_file = pulumi.Output.from_input(settings.effective_conf_file)
        self.pod_cidrs = pulumi.Output.from_input(settings.pod_cidrs)
        self.register_outputs(self.told)

    @property
    def told(self) -> dict[str, pulumi.Output[Any]]:
        """The outputs, as the stack's `primaryCni`."""
        return {
            "plugin": self.plugin,
            "version": self.version,
            "confFile": self.conf_file,
            "podCidrs": self.pod_cidrs,
        }

    def _calico(self, name: str, settings: PrimaryCniSettings, values: Values) -> None:
        """Namespace → CRDs → operator → Installation → the rest; deleted the other way round."""
        labels = {"pod-security.kubernetes.io/enforce": "privileged"}
        needs: list[pulumi.Resource] = [
            Namespace(
                f"{name}-namespace",
                metadata={"name": NAMESPACES["calico"], "labels": labels},
                opts=pulumi.ResourceOptions(parent=self),
            )
        ]
        if crds := crds_chart(settings):
            needs = [self._chart(f"{name}-crds", crds, settings, needs, {})]
        operator_values = calico.without_resources(values)
        chart = main_chart(settings)
        needs = [self._chart(f"{name}-chart", chart, settings, needs, operator_values)]
        for manifest in calico.resources(values, settings.line):
            first = manifest["kind"] == "Installation"
            if first and settings.wait_for_rollout:
                manifest["metadata"]["annotations"] = {"pulumi.com/waitFor": "condition=Ready"}
            opts = pulumi.ResourceOptions(
                parent=self, depends_on=needs, custom_timeouts=_timeouts(settings)
            )
            made = kubernetes.create(f"{name}-{manifest['kind'].lower()}", manifest, opts)
            if first:
                needs = [*needs, made]

    def _chart(
        self,
        name: str,
        chart: ChartRef,
        settings: PrimaryCniSettings,
        needs: list[pulumi.Resource],
        values: Values,
    ) -> Chart:
        repository = RepositoryOptsArgs(repo=chart.repository) if chart.repository else None
        return Chart(
            name,
            name=chart.name,
            chart=chart.chart,
            version=chart.version,
            repository_opts=repository,
            namespace=NAMESPACES[settings.plugin],
            skip_await=None if settings.wait_for_rollout else True,
            values=values,
            opts=pulumi.ResourceOptions(parent=self, depends_on=needs),
        )

    def _adopt(self, name: str, adopt: AdoptSettings, settings: PrimaryCniSettings) -> None:
        # Kept at destroy: without its key the agents would be exclusive again, at once.
        keep = pulumi.ResourceOptions(
            parent=self, retain_on_delete=True, custom_timeouts=_timeouts(settings)
        )
        patch = adoption.config_patch(adopt)
        metadata = patch["metadata"] | {"annotations": {"pulumi.com/patchForce": "true"}}
        config = ConfigMapPatch(
            f"{name}-cilium-config", metadata=metadata, data=patch["data"], opts=keep
        )
        patch = adoption.restart_patch(adopt)
        metadata = patch["metadata"]
        if not settings.wait_for_rollout:
            metadata = metadata | {"annotations": {"pulumi.com/skipAwait": "true"}}
        after = pulumi.ResourceOptions.merge(keep, pulumi.ResourceOptions(depends_on=[config]))
        DaemonSetPatch(f"{name}-cilium-restart", metadata=metadata, spec=patch["spec"], opts=after)


def _timeouts(settings: PrimaryCniSettings) -> pulumi.CustomTimeouts:
    limit = settings.rollout_timeout
    return pulumi.CustomTimeouts(create=limit, update=limit, delete=limit)

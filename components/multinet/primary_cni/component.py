"""The `PrimaryCni` component."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from typing import Any

import pulumi
from pulumi_kubernetes.helm.v4 import Chart, RepositoryOptsArgs

from multinet import kubernetes, watch
from multinet.multus.settings import MultusSettings
from multinet.names import stack_key
from multinet.primary_cni import adoption, calico
from multinet.primary_cni.awaited import after_change
from multinet.primary_cni.charts import NAMESPACES, ChartRef, crds_chart, main_chart
from multinet.primary_cni.departure import tell_departure
from multinet.primary_cni.settings import PrimaryCniSettings
from multinet.primary_cni.values import Values, chart_values
from multinet.rehearsal import is_rehearsal
from multinet.settle import Settled, both, settled
from multinet.typed import MultusArgs, PrimaryCniArgs
from multinet.typed.base import Primary

Given = (
    Primary | PrimaryCniArgs | PrimaryCniSettings | Mapping[str, Any] | Settled[PrimaryCniSettings]
)
"""Calico(…), Cilium(…) or Existing(…), or with more settings beside, or as in a stack file."""


_ALONE = MultusSettings()


class PrimaryCni(pulumi.ComponentResource):
    """The cluster's primary CNI, by its project's own chart; nothing for `existing`.

    It is ready when pods can get an address: Calico's Installation says so once its agents run
    on every node and have written their configuration, and its operator has applied the pools; of
    Cilium the DaemonSet is waited for.
    With `existing` nothing is created; `adopt` patches an existing Cilium, and a destroy
    leaves that patch in place, as everything else that others manage.

    Args:
        name: of this component; the chart is `<name>-chart`.
        settings: which plugin, and how: Calico(…), Cilium(…), Existing(…), or PrimaryCniArgs
            with more beside that, or a mapping with a stack file's keys.
        multus: what Multus needs of it (directories, Cilium's exclusive=false).
        access: how the cluster is reached beside the provider: to see whether Calico's operator
            has applied the pools, and, with kubectl at a destroy, which pods would outlive the
            primary. Without it nobody waits for that, and nothing is said.
        nodes: names of the declared nodes, where what it leaves is taken away.

    Outputs: plugin, version, conf_file (in the CNI configuration directory), pod_cidrs.
    """

    plugin: pulumi.Output[str]
    version: pulumi.Output[str]
    conf_file: pulumi.Output[str]
    pod_cidrs: pulumi.Output[list[str]]

    def __init__(
        self,
        name: str,
        settings: Given,
        multus: MultusArgs | MultusSettings | Mapping[str, Any] | Settled[MultusSettings] = _ALONE,
        opts: pulumi.ResourceOptions | None = None,
        access: kubernetes.Access | None = None,
        *,
        nodes: Collection[str] = (),
    ) -> None:
        given = settings if not isinstance(settings, Primary) else PrimaryCniArgs(plugin=settings)
        part = (stack_key("primaryCni"),)
        whole = settled(PrimaryCniSettings, given, f"primary CNI {name}", _PLAIN, part)
        beside = settled(MultusSettings, multus, f"Multus beside {name}")
        watch.declares("primaryCni", "", whole)
        shape = whole.shape
        assert shape is not None, "every setting has a default"
        self._access = None if is_rehearsal() or not shape.wait_for_rollout else access
        super().__init__("multinet:index:PrimaryCni", name, None, opts)
        if shape.plugin == "existing":
            self._adopt(name, shape)
        else:
            values = both(whole, beside).then(lambda pair: chart_values(*pair))
            if shape.plugin == "calico":
                made = self._calico(name, shape, values)
            else:
                made = [self._chart(f"{name}-chart", main_chart(shape), shape, [], values.input)]
            if access is not None:
                after = pulumi.ResourceOptions(parent=self, depends_on=made)
                tell_departure(f"{name}-departure", access, shape.plugin, nodes, after)
        self.plugin = pulumi.Output.from_input(shape.plugin)
        self.version = pulumi.Output.from_input(shape.effective_version)
        self.conf_file = pulumi.Output.from_input(whole.map(lambda w: w.effective_conf_file))
        self.pod_cidrs = pulumi.Output.from_input(whole.map(lambda w: w.pod_cidrs))
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

    def _calico(
        self, name: str, settings: PrimaryCniSettings, values: Settled[Values]
    ) -> list[pulumi.Resource]:
        """Namespace → CRDs → operator → Installation → the rest; deleted the other way round."""
        labels = {"pod-security.kubernetes.io/enforce": "privileged"}
        needs: list[pulumi.Resource] = [
            kubernetes.create(
                f"{name}-namespace",
                {
                    "apiVersion": "v1",
                    "kind": "Namespace",
                    "metadata": {"name": NAMESPACES["calico"], "labels": labels},
                },
                pulumi.ResourceOptions(parent=self),
            )
        ]
        if crds := crds_chart(settings):
            needs = [self._chart(f"{name}-crds", crds, settings, needs, {})]
        operator_values = values.map(calico.without_resources)
        chart = main_chart(settings)
        needs = [self._chart(f"{name}-chart", chart, settings, needs, operator_values)]
        assert values.shape is not None
        last: list[pulumi.Resource] = []
        made_of = _calico_resources(values.shape, settings)
        kinds = {manifest["kind"] for manifest in made_of}
        for i, manifest in enumerate(made_of):
            opts = pulumi.ResourceOptions(
                parent=self,
                depends_on=needs,
                custom_timeouts=_timeouts(settings),
                hooks=self._pools(name, manifest["kind"], kinds, settings),
            )
            made = kubernetes.create_of(
                f"{name}-{manifest['kind'].lower()}",
                values,
                functools.partial(_calico_resource, settings, i),
                opts,
            )
            if manifest["kind"] == "Installation":
                needs = [*needs, made]
            last.append(made)
        return last

    def _pools(
        self, name: str, kind: str, kinds: set[str], settings: PrimaryCniSettings
    ) -> pulumi.ResourceHookBinding | None:
        """What waits for the pools, after a change of what they depend on."""
        if self._access is None or kind not in ("Installation", "APIServer"):
            return None
        follows = kind == "Installation" and "APIServer" in kinds
        return after_change(
            f"{name}-{kind.lower()}",
            self._access,
            settings.rollout_timeout,
            api_server_follows=follows,
        )

    def _chart(
        self,
        name: str,
        chart: ChartRef,
        settings: PrimaryCniSettings,
        needs: list[pulumi.Resource],
        values: pulumi.Input[Values],
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

    def _adopt(self, name: str, settings: PrimaryCniSettings) -> None:
        adopt = settings.adopt
        if adopt is None:
            return
        # Kept at destroy: without its key the agents would be exclusive again, at once.
        keep = pulumi.ResourceOptions(
            parent=self, retain_on_delete=True, custom_timeouts=_timeouts(settings)
        )
        config = kubernetes.patch(
            f"{name}-cilium-config",
            adoption.config_patch(adopt),
            keep,
            {"pulumi.com/patchForce": "true"},
        )
        at = config.metadata.apply(lambda found: adoption.changed_at(found.get("managedFields")))
        after = pulumi.ResourceOptions.merge(keep, pulumi.ResourceOptions(depends_on=[config]))
        kubernetes.patch(
            f"{name}-cilium-restart",
            adoption.restart_patch(adopt, at),
            after,
            {} if settings.wait_for_rollout else {"pulumi.com/skipAwait": "true"},
        )


def _calico_resources(values: Values, settings: PrimaryCniSettings) -> list[kubernetes.Manifest]:
    """The operator's resources; of the first one `up` waits until it is ready."""
    made = calico.resources(values, settings.line)
    for manifest in made if settings.wait_for_rollout else ():
        if manifest["kind"] == "Installation":
            manifest["metadata"]["annotations"] = {"pulumi.com/waitFor": "condition=Ready"}
    return made


def _calico_resource(settings: PrimaryCniSettings, i: int, values: Values) -> kubernetes.Manifest:
    return _calico_resources(values, settings)[i]


_PLAIN = ("plugin", "version", "chart", "adopt", "waitForRollout", "rolloutTimeout")


def _timeouts(settings: PrimaryCniSettings) -> pulumi.CustomTimeouts:
    limit = settings.rollout_timeout
    return pulumi.CustomTimeouts(create=limit, update=limit, delete=limit)

"""The `Multus` component."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi

from multinet import kubernetes, watch
from multinet.multus import objects
from multinet.multus.awaited import after_change, at_once
from multinet.multus.removal import crd_removal
from multinet.multus.settings import MultusSettings
from multinet.names import stack_key
from multinet.rehearsal import is_rehearsal
from multinet.settle import Settled, both, settled, value
from multinet.typed import MultusArgs


class Multus(pulumi.ComponentResource):
    """Multus on every node of the cluster, and the CRD of its networks.

    Args:
        name: of this component; its children are `<name>-crd`, `<name>-daemonset` …
        settings: how it runs: MultusArgs, or a mapping with a stack file's keys. With
            `enabled` false nothing is created: the cluster has a Multus that others manage, and
            networks are still declared.
        primary_conf_file: name of the primary CNI's configuration file on the nodes, e.g.
            `primary.conf_file`.
        access: how the cluster is reached beside the provider: to see what Multus waits for
            while it starts, and, with kubectl at a destroy, to remove the CRD when nobody else
            has networks. Without it the provider waits, without a word, and the CRD stays.
        existing_primary: whether the primary CNI was there before, so that its file has to be on
            every node already.

    Outputs: enabled, mode, version, namespace.

    Attributes:
        last: what is ready last; to depend on it is to depend on all of Multus, at the price
            of one dependency (thousands of networks do).
        namespace_object: what others that stand in its namespace have to wait for; empty where
            the cluster has it anyway.
    """

    last: pulumi.Resource
    namespace_object: Sequence[pulumi.Resource]

    def __init__(
        self,
        name: str,
        settings: MultusArgs | MultusSettings | Mapping[str, Any] | Settled[MultusSettings],
        primary_conf_file: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        access: kubernetes.Access | None = None,
        *,
        existing_primary: pulumi.Input[bool] = False,
    ) -> None:
        part = (stack_key("multus"),)
        self.settings = settled(MultusSettings, settings, f"Multus {name}", _PLAIN, part)
        watch.declares("multus", "", self.settings)
        shape = self.settings.shape
        assert shape is not None, "every setting has a default"
        super().__init__("multinet:index:Multus", name, None, opts)
        self._name = name
        self._pinned = both(self.settings, value(primary_conf_file))
        self.last = self
        self.namespace_object = []
        if shape.enabled:
            hooks = None
            if access is not None and not is_rehearsal():
                hooks = after_change(name, access, self.settings.input, existing_primary)
            self.last = self._install(shape, self._crd(access), hooks)
        self.enabled = self._told(lambda known: known.enabled)
        self.mode = self._told(lambda known: known.mode)
        self.version = self._told(lambda known: known.version)
        self.namespace = self._told(lambda known: known.namespace)
        self.register_outputs(self.told)

    @property
    def told(self) -> dict[str, pulumi.Output[Any]]:
        """The outputs, as the stack's `multus`."""
        return {
            "enabled": self.enabled,
            "mode": self.mode,
            "version": self.version,
            "namespace": self.namespace,
        }

    def _told(self, what: Callable[[MultusSettings], Any]) -> pulumi.Output[Any]:
        return pulumi.Output.from_input(self.settings.map(what))

    def _crd(self, access: kubernetes.Access | None) -> pulumi.Resource:
        """The CRD, or what removes it at the end, which depends on it."""
        child = pulumi.ResourceOptions(parent=self)
        crd = kubernetes.create(f"{self._name}-crd", objects.custom_resource_definition(), child)
        if access is None:
            return crd
        after = pulumi.ResourceOptions(parent=self, depends_on=[crd])
        return crd_removal(f"{self._name}-crd-removal", access, after)

    def _install(
        self,
        shape: MultusSettings,
        crd: pulumi.Resource,
        hooks: pulumi.ResourceHookBinding | None,
    ) -> pulumi.Resource:
        limit = shape.rollout_timeout
        wait = pulumi.ResourceOptions(
            custom_timeouts=pulumi.CustomTimeouts(create=limit, update=limit), hooks=hooks
        )
        within: list[pulumi.Resource] = []
        if objects.namespace(shape):
            within = [self._object("namespace", objects.namespace)]
        self.namespace_object = within
        role = self._object("role", objects.cluster_role)
        account = self._object("account", objects.service_account, within)
        needs = [crd, account, self._object("role-binding", objects.cluster_role_binding, [role])]
        if objects.config_map(shape, ""):
            needs.append(self._pinned_object("config", objects.config_map, within))
        build = objects.daemon_set if hooks is None else at_once(objects.daemon_set)
        return self._pinned_object("daemonset", build, needs, wait, account)

    def _object(
        self, suffix: str, build: Callable[[MultusSettings], Any], needs: list[Any] | None = None
    ) -> kubernetes.Object:
        opts = pulumi.ResourceOptions(parent=self, depends_on=needs)
        return kubernetes.create_of(f"{self._name}-{suffix}", self.settings, build, opts)

    def _pinned_object(
        self,
        suffix: str,
        build: Callable[[MultusSettings, str], Any],
        needs: list[Any],
        more: pulumi.ResourceOptions | None = None,
        account: kubernetes.Object | None = None,
    ) -> kubernetes.Object:
        """One that names the primary CNI's configuration file."""
        opts = pulumi.ResourceOptions(parent=self, depends_on=needs)
        return kubernetes.create_of(
            f"{self._name}-{suffix}",
            self._pinned,
            lambda both: build(*both),
            pulumi.ResourceOptions.merge(opts, more),
            account,
        )


_PLAIN = ("enabled", "mode", "namespace", "rolloutTimeout")

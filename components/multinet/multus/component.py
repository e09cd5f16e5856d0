"""The `Multus` component."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet import kubernetes
from multinet.multus import objects
from multinet.multus.removal import crd_removal
from multinet.multus.settings import MultusSettings


class Multus(pulumi.ComponentResource):
    """Multus on every node of the cluster, and the CRD of its networks.

    Args:
        name: of this component; its children are `<name>-crd`, `<name>-daemonset` …
        settings: how it runs. With `enabled: false` nothing is created: the cluster has a
            Multus that others manage, and networks are still declared.
        primary_conf_file: name of the primary CNI's configuration file on the nodes.
        access: how kubectl reaches the cluster at a destroy, to remove the CRD when nobody else
            has networks. Without it the CRD stays.

    Outputs: enabled, mode, version, namespace.

    Attributes:
        last: what is ready last; to depend on it is to depend on all of Multus, at the price
            of one dependency (thousands of networks do).
    """

    last: pulumi.Resource

    def __init__(
        self,
        name: str,
        settings: MultusSettings,
        primary_conf_file: str,
        opts: pulumi.ResourceOptions | None = None,
        access: kubernetes.Access | None = None,
    ) -> None:
        super().__init__("multinet:index:Multus", name, None, opts)
        self.last = self
        if settings.enabled:
            crd = self._crd(name, access)
            self.last = self._install(name, settings, primary_conf_file, crd)
        self.enabled = pulumi.Output.from_input(settings.enabled)
        self.mode = pulumi.Output.from_input(settings.mode)
        self.version = pulumi.Output.from_input(settings.version)
        self.namespace = pulumi.Output.from_input(settings.namespace)
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

    def _crd(self, name: str, access: kubernetes.Access | None) -> pulumi.Resource:
        """The CRD, or what removes it at the end, which depends on it."""
        child = pulumi.ResourceOptions(parent=self)
        crd = kubernetes.create(f"{name}-crd", objects.custom_resource_definition(), child)
        if access is None:
            return crd
        after = pulumi.ResourceOptions(parent=self, depends_on=[crd])
        return crd_removal(f"{name}-crd-removal", access, after)

    def _install(
        self, name: str, settings: MultusSettings, primary_conf_file: str, crd: pulumi.Resource
    ) -> pulumi.Resource:
        child = pulumi.ResourceOptions(parent=self)
        within = child
        if namespace := objects.namespace(settings):
            made = kubernetes.create(f"{name}-namespace", namespace, child)
            within = pulumi.ResourceOptions(parent=self, depends_on=[made])
        role = kubernetes.create(f"{name}-role", objects.cluster_role(settings), child)
        account = kubernetes.create(f"{name}-account", objects.service_account(settings), within)
        binding = kubernetes.create(
            f"{name}-role-binding",
            objects.cluster_role_binding(settings),
            pulumi.ResourceOptions(parent=self, depends_on=[role]),
        )
        needs = [crd, account, binding]
        if config := objects.config_map(settings, primary_conf_file):
            needs.append(kubernetes.create(f"{name}-config", config, within))
        timeouts = pulumi.CustomTimeouts(
            create=settings.rollout_timeout, update=settings.rollout_timeout
        )
        return kubernetes.create(
            f"{name}-daemonset",
            objects.daemon_set(settings, primary_conf_file),
            pulumi.ResourceOptions(parent=self, depends_on=needs, custom_timeouts=timeouts),
        )

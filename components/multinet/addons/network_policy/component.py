"""The `NetworkPolicyAddon` component; a policy is a `NetworkPolicy`."""

from __future__ import annotations

from typing import Any

import pulumi

from multinet import kubernetes
from multinet.addons.addon import AddOn, Manifest, rolled_out
from multinet.addons.network_policy import crd, enforced, objects
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.site import SiteSettings


class NetworkPolicyAddon(AddOn[NetworkPolicyAddonSettings]):
    """Policies on networks, enforced on every node, and their kind.

    See AddOn for the arguments. Outputs: namespace, plugins.
    """

    KIND = "NetworkPolicyAddon"
    ATTRIBUTE = "network_policy"
    SETTINGS = NetworkPolicyAddonSettings
    PLAIN = ("rolloutTimeout",)

    @classmethod
    def manifests(cls, settings: NetworkPolicyAddonSettings, site: SiteSettings) -> list[Manifest]:
        builds = (
            objects.account,
            objects.cluster_role,
            objects.cluster_role_binding,
            objects.config_map,
            objects.daemon_set,
        )
        return [build(settings, site) for build in builds]

    def _install(self) -> pulumi.Resource:
        shape = self.settings.shape
        assert shape is not None, "every setting has a default"
        wait = rolled_out(shape.rollout_timeout)
        child = pulumi.ResourceOptions(parent=self)
        kind = kubernetes.create(f"{self._name}-crd", crd.custom_resource_definition(), child)
        account = self._object("account", objects.account)
        role = self._object("cluster-role", objects.cluster_role)
        bound = self._object("cluster-role-binding", objects.cluster_role_binding, [account, role])
        config = self._object("config", objects.config_map)
        # Without the kind it ends, again and again.
        needs = [kind, bound, config, *self._attached_by]
        return self._object("daemonset", objects.daemon_set, needs, wait, account)

    def _told(self) -> dict[str, pulumi.Output[Any]]:
        plugins = self._parts.map(lambda parts: enforced.plugins(*parts))
        return {**super()._told(), "plugins": pulumi.Output.from_input(plugins)}

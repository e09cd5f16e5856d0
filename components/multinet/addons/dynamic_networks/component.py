"""The `DynamicNetworks` component."""

from __future__ import annotations

import pulumi

from multinet.addons.addon import AddOn, Manifest, rolled_out
from multinet.addons.dynamic_networks import guard, objects
from multinet.addons.dynamic_networks.settings import DynamicNetworksAddonSettings
from multinet.addons.site import SiteSettings


class DynamicNetworks(AddOn[DynamicNetworksAddonSettings]):
    """Running pods attached to networks and detached, by a change of their annotation.

    See AddOn for the arguments. Outputs: namespace.
    """

    KIND = "DynamicNetworks"
    ATTRIBUTE = "dynamic_networks"
    SETTINGS = DynamicNetworksAddonSettings
    PLAIN = ("rolloutTimeout",)

    @classmethod
    def manifests(
        cls, settings: DynamicNetworksAddonSettings, site: SiteSettings
    ) -> list[Manifest]:
        builds = (
            guard.policy,
            guard.binding,
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
        # The guard stands before there is something to guard, and until it is gone.
        policy = self._object("policy", guard.policy)
        guarded = self._object("policy-binding", guard.binding, [policy])
        account = self._object("account", objects.account)
        role = self._object("cluster-role", objects.cluster_role)
        bound = self._object("cluster-role-binding", objects.cluster_role_binding, [account, role])
        config = self._object("config", objects.config_map)
        needs = [guarded, bound, config, *self._attached_by]
        return self._object("daemonset", objects.daemon_set, needs, wait, account)

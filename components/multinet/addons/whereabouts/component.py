"""The `WhereaboutsAddon` component; the IPAM of a network is called `Whereabouts`."""

from __future__ import annotations

import pulumi

from multinet import kubernetes
from multinet.addons.addon import AddOn, Manifest, rolled_out
from multinet.addons.site import SiteSettings
from multinet.addons.whereabouts import crds, objects, rights
from multinet.addons.whereabouts.books import removal
from multinet.addons.whereabouts.pods import AGENT
from multinet.addons.whereabouts.settings import WhereaboutsAddonSettings
from multinet.addons.whereabouts.slices import asks_for_slices


class WhereaboutsAddon(AddOn[WhereaboutsAddonSettings]):
    """whereabouts: addresses that are unique in the whole cluster.

    See AddOn for the arguments. Outputs: namespace.
    """

    KIND = "WhereaboutsAddon"
    ATTRIBUTE = "whereabouts"
    SETTINGS = WhereaboutsAddonSettings
    PLAIN = ("rolloutTimeout",)

    @classmethod
    def manifests(cls, settings: WhereaboutsAddonSettings, site: SiteSettings) -> list[Manifest]:
        made = [
            *(rights.agent_account, rights.agent_role, rights.agent_cluster_role),
            *(rights.controllers_account, rights.controllers_role),
            *(rights.controllers_cluster_role, *rights.BINDINGS.values()),
            *(objects.config_map, objects.reconciler, objects.daemon_set),
            *([objects.slice_controller] if asks_for_slices(site) else []),
        ]
        return [build(settings, site) for build in made]

    def _install(self) -> pulumi.Resource:
        shape, site = self.settings.shape, self.site.shape
        assert shape is not None, "every setting has a default"
        assert site is not None, "what is not known of it is at its default"
        wait = rolled_out(shape.rollout_timeout)
        books = self._books()
        agent = self._object("agent-account", rights.agent_account)
        controllers = self._object("controllers-account", rights.controllers_account)
        roles = [
            self._object("agent-role", rights.agent_role),
            self._object("agent-cluster-role", rights.agent_cluster_role),
            self._object("controllers-role", rights.controllers_role),
            self._object("controllers-cluster-role", rights.controllers_cluster_role),
        ]
        bound = [
            self._object(name, build, [agent, controllers, *roles])
            for name, build in rights.BINDINGS.items()
        ]
        config = self._object("config", objects.config_map)
        needs = [*books, *bound, config]
        agents = self._object("daemonset", objects.daemon_set, needs, wait, agent)
        served = self._taken_away(agents, objects.daemon_set, AGENT)
        # Multus attaches what follows: agents and Multus come side by side, and it after both.
        both_there = [served, *self._attached_by]
        last = self._object("reconciler", objects.reconciler, both_there, wait, controllers)
        if asks_for_slices(site):
            slices = objects.slice_controller
            last = self._object("slices", slices, [last], wait, controllers)
        return last

    def _books(self) -> list[pulumi.Resource]:
        """The CRDs, or what removes them at the end, which depends on them."""
        child = pulumi.ResourceOptions(parent=self)
        made = [
            kubernetes.create(f"{self._name}-{crd['spec']['names']['plural']}-crd", crd, child)
            for crd in crds.custom_resource_definitions()
        ]
        if self._access is None:
            return [*made]
        after = pulumi.ResourceOptions(parent=self, depends_on=made)
        namespace = self.site.map(lambda known: known.multus.namespace)
        return [removal(f"{self._name}-books", self._access, namespace, after)]

"""What every add-on's component is: a few objects, and the one that is ready last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

import pulumi
from pydantic.alias_generators import to_camel

from multinet import kubernetes, watch
from multinet.addons.base import AddonSettings
from multinet.addons.removal import removal
from multinet.addons.site import SiteSettings
from multinet.names import stack_key
from multinet.networks.resource import with_versions
from multinet.settle import Settled, both, settled
from multinet.typed import SiteArgs

_S = TypeVar("_S", bound=AddonSettings)
Manifest = dict[str, Any]
Build = Callable[[_S, SiteSettings], Manifest]
"""An add-on's settings and its cluster → an object of it."""


def rolled_out(limit: str) -> pulumi.ResourceOptions:
    """Options of a workload that is waited for so long, e.g. `10m`."""
    timeouts = pulumi.CustomTimeouts(create=limit, update=limit)
    return pulumi.ResourceOptions(custom_timeouts=timeouts)


def _plain(site: object) -> object:
    """With the version of each typed network."""
    if isinstance(site, SiteArgs) and isinstance(site.networks, Mapping):
        return {**site.tree(), "networks": with_versions(site.networks)}
    return site


class AddOn(pulumi.ComponentResource, Generic[_S]):
    """An add-on on every node of the cluster.

    Args:
        name: of this component; its children are `<name>-daemonset` …
        settings: typed, a mapping with a stack file's keys, or checked.
        site: the cluster that it serves: `multus`, `networks`, `primaryCni` as in a stack file.
        opts: as of every component.
        access: how the cluster is reached beside the provider: before a delete what was laid out on
            nodes is taken away with kubectl, and waited for. Without it nobody waits.
        attached_by: what gives pods their eth0, Multus. Pods with one of their own start after it
            and go before it: without it nothing of Multus's is taken back of them.

    Attributes:
        last: what is ready last; to depend on it is to depend on all of the add-on.
    """

    KIND: ClassVar[str]
    """Of the component, below `multinet:index:`."""
    ATTRIBUTE: ClassVar[str]
    """Of AddonsSettings."""
    SETTINGS: ClassVar[type[AddonSettings]]
    """The model of its settings."""
    PLAIN: ClassVar[tuple[str, ...]] = ()
    """Keys that decide which resources there are, and so cannot be Outputs."""

    last: pulumi.Resource

    def __init__(
        self,
        name: str,
        settings: object,
        site: SiteArgs | Mapping[str, Any] | SiteSettings | Settled[SiteSettings],
        opts: pulumi.ResourceOptions | None = None,
        access: kubernetes.Access | None = None,
        *,
        attached_by: Sequence[pulumi.Resource] = (),
    ) -> None:
        self._attached_by = attached_by
        self.settings: Settled[_S] = settled(
            self.SETTINGS,  # type: ignore[arg-type]  # a class variable has no parameter of its own
            settings,
            f"{self.KIND} {name}",
            self.PLAIN,
            (stack_key("addons"), to_camel(self.ATTRIBUTE)),
        )
        self.site = settled(SiteSettings, _plain(site), f"{self.KIND} {name}", _PLAIN)
        watch.declares("addons", self.ATTRIBUTE, self.settings)
        super().__init__(f"multinet:index:{self.KIND}", name, None, opts)
        self._name = name
        self._access = access
        self._parts = both(self.settings, self.site)
        self.last = self._install()
        self.told = self._told()
        self.register_outputs(self.told)

    @classmethod
    def manifests(cls, settings: _S, site: SiteSettings) -> list[Manifest]:
        """Its objects, which the preflight asks for before they are written."""
        raise NotImplementedError

    @classmethod
    def suffix(cls) -> str:
        """What an environment calls it: `cni-plugins`."""
        return cls.ATTRIBUTE.replace("_", "-")

    def _install(self) -> pulumi.Resource:
        """Create its objects; the one that is ready last."""
        raise NotImplementedError

    def _told(self) -> dict[str, pulumi.Output[Any]]:
        """Its outputs."""
        namespace = self.site.map(lambda known: known.multus.namespace)
        return {"namespace": pulumi.Output.from_input(namespace)}

    def _object(
        self,
        suffix: str,
        build: Build[_S],
        needs: Sequence[pulumi.Resource] = (),
        more: pulumi.ResourceOptions | None = None,
        account: kubernetes.Object | None = None,
    ) -> kubernetes.Object:
        """Create one of its objects, not before `needs`. `account`: of a workload's pods."""
        opts = pulumi.ResourceOptions(parent=self, depends_on=[*needs])
        return kubernetes.create_of(
            f"{self._name}-{suffix}",
            self._parts,
            lambda parts: build(*parts),
            pulumi.ResourceOptions.merge(opts, more),
            account,
        )

    def _taken_away(
        self, daemon_set: pulumi.Resource, build: Build[_S], container: str
    ) -> pulumi.Resource:
        """What sees to it that a deleted DaemonSet leaves nothing on nodes; see `removal`."""
        if self._access is None:
            return daemon_set
        return removal(
            f"{self._name}-removal",
            self._parts.then(lambda parts: build(*parts)),
            container,
            self._access,
            pulumi.ResourceOptions(parent=self, depends_on=[daemon_set]),
        )


_PLAIN = ("namespace",)

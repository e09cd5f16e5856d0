"""The `NodeBlocks` component: what gives each node a configuration of its own of networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pulumi

from multinet import kubernetes
from multinet.blocks import objects
from multinet.blocks.removal import removal, variables
from multinet.multus.settings import MultusSettings
from multinet.networks.settings import NetworkSettings
from multinet.settle import Settled


class Parts(NamedTuple):
    """What it is made of."""

    multus: MultusSettings
    networks: Mapping[str, NetworkSettings]


class NodeBlocks(pulumi.ComponentResource):
    """A DaemonSet by which every node takes a block of each network, and its role and book.

    Args:
        name: of this component; its children are `<name>-daemonset` …
        given: Multus's settings, whose namespace and images it shares, and the networks.
        opts: as of every component.
        access: how the cluster is reached beside the provider: in the end the numbers that nothing
            uses are given back with kubectl. Without it they stay.

    Attributes:
        last: what is ready last: then every node has its blocks.
    """

    last: pulumi.Resource

    def __init__(
        self,
        name: str,
        given: Settled[Parts],
        opts: pulumi.ResourceOptions | None = None,
        access: kubernetes.Access | None = None,
    ) -> None:
        super().__init__("multinet:index:NodeBlocks", name, None, opts)
        self._name, self._given = name, given
        account = self._object("account", lambda parts: objects.service_account(parts.multus))
        role = self._object("role", lambda parts: objects.role(parts.multus))
        binding = self._object(
            "role-binding", lambda parts: objects.role_binding(parts.multus), account, role
        )
        config = self._object("config", lambda parts: objects.config_map(*parts))
        # Before it, so that it goes after it: who takes numbers is away when they are given back.
        book = pulumi.ResourceOptions(parent=self)
        of = given.then(lambda parts: variables(*parts))
        books = [removal(f"{name}-book", of, access, book)] if access is not None else []
        self.last = self._object(
            "daemonset",
            lambda parts: objects.daemon_set(*parts),
            *(binding, config, *books),
            account=account,
        )
        self.register_outputs({})

    def _object(
        self,
        suffix: str,
        build: Callable[[Parts], dict[str, Any]],
        *needs: pulumi.Resource,
        account: kubernetes.Object | None = None,
    ) -> kubernetes.Object:
        opts = pulumi.ResourceOptions(parent=self, depends_on=[*needs])
        name = f"{self._name}-{suffix}"
        return kubernetes.create_of(name, self._given, build, opts, account)

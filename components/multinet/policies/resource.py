"""The `NetworkPolicy` resource: one policy, which is one MultiNetworkPolicy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from multinet import kubernetes, watch
from multinet.names import stack_key
from multinet.policies.declared import check_one
from multinet.policies.manifest import API_VERSION, manifest
from multinet.policies.settings import PolicySettings
from multinet.settle import Settled, both, settle
from multinet.typed import PolicyArgs

Given = PolicyArgs | Mapping[str, Any] | PolicySettings | Settled[PolicySettings]
"""One policy: typed, with a stack file's keys, or checked."""
Namespaces = Mapping[str, str]
"""Name of a network → its namespace."""


class NetworkPolicy(kubernetes.Object):
    """One policy on networks: a MultiNetworkPolicy.

    The resource is the object itself. The kind has to be there: `NetworkPolicyAddon` brings it, and
    what enforces it. Networks that are declared elsewhere are taken as they are named: only
    `Environment` knows whether they are there, and whether policies are enforced on them.

    Args:
        name: of the policy; the object has the same name.
        policy: typed, a mapping with a stack file's keys, or checked.
        opts: as of every resource.
        namespaces: of its networks, where that is not the policy's own.

    Raises pulumi.RunError with every problem, which the engine shows without a traceback.
    """

    def __init__(
        self,
        name: str,
        policy: Given,
        opts: pulumi.ResourceOptions | None = None,
        *,
        namespaces: Namespaces | Settled[Namespaces] | None = None,
        _logical: str | None = None,
    ) -> None:
        self.settings = settled_policy(name, policy)
        watch.declares("policies", name, self.settings)
        where = namespaces if isinstance(namespaces, Settled) else Settled(namespaces or {})
        # What is not known yet is called the same all the same: a preview shows so much.
        shape = self.settings.shape or PolicySettings(networks=["later"])
        parts = both(Settled(shape, self.settings.later), where)

        def build(known: tuple[PolicySettings, Namespaces]) -> dict[str, Any]:
            return manifest(name, *known)

        made = build((shape, where.shape or {}))
        kind = made["kind"]
        given = {"apiVersion": API_VERSION, "kind": kind, **kubernetes.body(parts, build, made)}
        opts = opts or pulumi.ResourceOptions()
        super().__init__(f"{API_VERSION}:{kind}", _logical or name, given, opts)


def settled_policy(name: str, given: Given) -> Settled[PolicySettings]:
    """A policy's settings, checked now or when they are known. Raises pulumi.RunError."""
    if isinstance(given, Settled):
        return given
    part = (stack_key("policies"), name)
    return settle(lambda raw: check_one(name, raw), given, f"policy {name}", part=part)

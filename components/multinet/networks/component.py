"""The `Networks` component: networks that are declared together, and checked together."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from multinet.findings import Finding, InvalidEnvironment, Path
from multinet.findings.suggest import did_you_mean
from multinet.networks.checks import ROOT, ClusterFacts
from multinet.networks.declared import check_several
from multinet.networks.resource import Network, former_urn, with_versions
from multinet.networks.settings import NetworkSettings
from multinet.settle import Settled, settle, split
from multinet.typed import Chain, NetworkArgs, Plugin

Given = NetworkArgs | Plugin | Chain | Mapping[str, Any] | NetworkSettings
"""One network: its settings, typed or as in a stack file, or its typed configuration alone."""


class Networks(pulumi.ComponentResource):
    """Secondary networks that are declared together: one `Network` each, and nothing else.

    Overlapping ranges, bridges with two gateways and all else that no network shows by itself is
    refused, with every problem at once.

    Args:
        name: of this component; its networks' resources are `<name>-<network>`.
        networks: name of a network → its settings.
        opts: as of every component.
        pod_cidrs, service_cidrs: of the cluster: networks that collide with them are told of.

    Attributes:
        networks: name → Network. `networks["lan"]` is the short way.

    Outputs: none of its own; each network has its own.
    """

    def __init__(
        self,
        name: str,
        networks: Mapping[str, Given] | Mapping[str, Settled[NetworkSettings]],
        opts: pulumi.ResourceOptions | None = None,
        *,
        pod_cidrs: Sequence[str] = (),
        service_cidrs: Sequence[str] = (),
        _prefix: str | None = None,
        _given: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(networks, Mapping):
            rule = f"must be name → network, not a {type(networks).__name__}"
            way_out = "give a mapping, {'lan': NetworkArgs(…)}: a Network is made of each"
            finding = Finding("wrong-type", ("networks",), rule, way_out)
            raise pulumi.RunError(InvalidEnvironment([finding], f"networks {name}").text())
        facts = ClusterFacts(pod_cidrs=tuple(pod_cidrs), service_cidrs=tuple(service_cidrs))
        given = with_versions(networks)
        checked = _settled(name, given, facts)
        super().__init__("multinet:index:Networks", name, None, opts)
        prefix = f"{name}-" if _prefix is None else _prefix
        made: dict[str, Network] = {}
        for network, settings in checked.items():
            made[network] = Network(
                network,
                settings,
                self._child(network, settings),
                _logical=prefix + network,
                _given=(_given or given).get(network),
            )
        self.networks: Mapping[str, Network] = made
        # No outputs of its own: they would be one more copy of every network in the state.
        self.register_outputs({})

    def _child(self, network: str, settings: Settled[NetworkSettings]) -> pulumi.ResourceOptions:
        former = pulumi.Alias(name=f"{network}-nad", parent=former_urn(network))
        may_go = settings.shape is not None and not settings.shape.protect
        return pulumi.ResourceOptions(
            parent=self,
            aliases=[former],
            # Also where all the others are protected.
            protect=False if may_go else None,
        )

    def __getitem__(self, name: str) -> Network:
        if name not in self.networks:
            raise pulumi.RunError(
                f"no network {name!r} of these: {did_you_mean(name, self.networks)}"
            )
        return self.networks[name]


def _settled(
    name: str, whole: Mapping[str, Any], facts: ClusterFacts
) -> Mapping[str, Settled[NetworkSettings]]:
    """Each network's settings; those that are not known yet wait for the checks across all."""
    if all(isinstance(given, Settled) for given in whole.values()):
        return whole

    def look(raw: Any) -> tuple[Mapping[str, NetworkSettings] | None, list[Finding]]:
        return check_several(raw, facts)

    def at_once(known: Mapping[str, Any], unknown: list[Path]) -> list[Finding]:
        waits = {path[0] for path in unknown}
        return look({key: raw for key, raw in known.items() if key not in waits})[1]

    every = settle(look, whole, f"networks {name}", at_once=at_once, part=(ROOT,))
    known = every.shape or {}

    def one(key: str, raw: Any) -> Settled[NetworkSettings]:
        if every.later is None or not split(raw)[1]:
            return Settled(known[key])
        return Settled(None, every.later.apply(operator.itemgetter(key)))

    return {key: one(key, raw) for key, raw in whole.items()}

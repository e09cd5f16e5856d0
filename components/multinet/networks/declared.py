"""Networks as a program declares them: one by one, or several whose checks span them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from multinet.findings import Finding, errors
from multinet.findings.model import CheckedModel, check, rules_wait
from multinet.findings.part import readable
from multinet.networks.checks import ROOT, ClusterFacts, NetworkView, check_networks, together
from multinet.networks.per_node import PerNodeSettings
from multinet.networks.settings import NetworkSettings
from multinet.settings.ignore import Ignore, silence
from multinet.settings.types import DnsLabel

Networks = Mapping[str, NetworkSettings]


def views(networks: Networks) -> dict[str, NetworkView]:
    """The networks, as the checks across them see them; without those that are too wrong for it."""
    seen = {name: _view(name, network) for name, network in networks.items()}
    return {name: view for name, view in seen.items() if view is not None}


def _view(name: str, network: NetworkSettings) -> NetworkView | None:
    return readable(
        lambda: NetworkView(
            name,
            network.namespace,
            network.config,
            network.resource_name or "",
            network.node_selector,
            readable(lambda: network.blocks),
        )
    )


class _Named(CheckedModel):
    name: DnsLabel


def check_one(name: str, raw: object) -> tuple[NetworkSettings | None, list[Finding]]:
    """One network of which nothing but itself is known; paths start at the network."""
    wrong = check(_Named, {"name": name})[1]
    network, found = check(NetworkSettings, raw)
    if network is not None and not rules_wait():
        found = check_alone(name, network, found)
    findings = [*wrong, *found, *undelivered(network)]
    return (None if errors(findings) else network), findings


def undelivered(network: NetworkSettings | None) -> list[Finding]:
    """Whether it wants something on the nodes, which nothing brings there: `Environment` does."""
    if network is None or not isinstance(network.per_node, PerNodeSettings):
        return []
    rule = "each node is to have its own of the network, and a network by itself reaches no node"
    way_out = (
        "declare it in an Environment, such as Environment.from_config(networks={…}), which lays it"
        " out on the nodes; or write per_node: provided, without config, where others do"
    )
    return [Finding("per-node-undelivered", ("perNode",), rule, way_out)]


def check_alone(name: str, network: NetworkSettings, known: list[Finding]) -> list[Finding]:
    """What is `known` of one network and what it is found to be by itself, nothing ignored left.

    For networks that a program makes one by one: what others there are is not known. Paths start
    at the network.
    """
    own = [f.under((ROOT, name)) for f in known]
    return [f.at(f.path[2:]) for f in spanning({name: network}, ClusterFacts(), own)]


def spanning(
    networks: Networks, facts: ClusterFacts, known: Sequence[Finding] = ()
) -> list[Finding]:
    """What is `known` of networks and what spans them, nothing ignored left.

    Paths start at a stack's top, also those of `known`.
    """
    found = [*known, *check_networks(views(networks), facts)]
    return silence(found, ignores(networks), whole=False)


def ignores(networks: Networks) -> list[Ignore]:
    """What each network says of its own warnings."""
    return [_ignore(name, network) for name, network in networks.items()]


def _ignore(name: str, network: NetworkSettings) -> Ignore:
    # A DHCP server may hand out a default route.
    asked = readable(lambda: any(ipam.SLOW_TO_FAIL for _, ipam in network.config.addressing))
    live = frozenset({"default-route"} if asked else ())
    path = (ROOT, name, "ignore")
    return Ignore((ROOT, name), path, readable(lambda: network.ignore) or {}, live)


def check_several(
    raw: Mapping[str, Any], facts: ClusterFacts, *, delivered: bool = False
) -> tuple[dict[str, NetworkSettings] | None, list[Finding]]:
    """Several networks, name → settings, and what spans them; paths start at the name.

    While rules wait, there are those that are right as far as they are known. `delivered`: what a
    node is to have of a network is brought there.
    """
    networks: dict[str, NetworkSettings] = {}
    found: list[Finding] = []
    for name, given in raw.items():
        found += [f.at((name,)) for f in check(_Named, {"name": name})[1]]
        network, own = check(NetworkSettings, given, (name,))
        found += own
        if not delivered:
            found += [f.under((name,)) for f in undelivered(network)]
        if network is not None:
            networks[name] = network
    rooted = [f.under((ROOT,)) for f in found]
    if not rules_wait():
        rooted += check_networks(views(networks), facts)
    kept = together(silence(rooted, ignores(networks), whole=False))
    findings = [f.at(f.path[1:]) for f in kept]
    return (None if errors(findings) and not rules_wait() else networks), findings

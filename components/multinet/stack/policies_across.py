"""Checks between policies, the networks that they are for, and who enforces them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from multinet.addons.network_policy.enforced import why_not
from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.addons.sriov.settings import SriovAddonSettings
from multinet.findings import Finding, Path
from multinet.findings.part import Unfinished, apart, readable
from multinet.findings.suggest import did_you_mean
from multinet.findings.text import some
from multinet.names import stack_key
from multinet.networks.settings import NetworkSettings
from multinet.policies.declared import too_long
from multinet.policies.settings import PolicySettings
from multinet.stack.policy_peers_across import peers_across
from multinet.stack.settings import StackSettings

_POLICIES: Final = stack_key("policies")


def policies_across(settings: StackSettings) -> Iterator[Finding]:
    """Policies that would not hold: nobody enforces them, there or at all. From the top."""
    policies = readable(lambda: settings.policies) or {}
    if not policies:
        return
    networks = readable(lambda: settings.networks)
    yield from apart(
        _nobody(settings),
        *(_named(name, policy) for name, policy in policies.items()),
        *(_networks(settings, name, policy, networks) for name, policy in policies.items()),
        peers_across(settings, policies, networks or {}),
    )


def _nobody(settings: StackSettings) -> Iterator[Finding]:
    if settings.addons.network_policy is None:
        rule = "nothing here enforces policies, nor brings their kind to the cluster"
        way_out = "add `networkPolicy: true` to multinet:addons, or `networkPolicy: false` where"
        way_out += " others do both"
        yield Finding("policies-not-brought", (_POLICIES,), rule, way_out)


def _named(name: str, policy: PolicySettings) -> Iterator[Finding]:
    yield from (f.under((_POLICIES, name)) for f in too_long(name, policy))


def _networks(
    settings: StackSettings,
    name: str,
    policy: PolicySettings,
    networks: Mapping[str, NetworkSettings] | None,
) -> Iterator[Finding]:
    for i, network in enumerate(policy.networks):
        path: Path = (_POLICIES, name, "networks", i)
        if networks is None or isinstance(networks.get(network), Unfinished):
            continue  # told of already
        if network not in networks:
            rule = "no network of this environment is called this: the policy would not hold on it"
            way_out = did_you_mean(network, networks)
            yield Finding("policy-network-unknown", path, rule, way_out, network)
            continue
        yield from apart(
            _elsewhere(settings, policy, networks[network], path),
            _not_enforced(settings, network, networks[network], path),
        )


def _elsewhere(
    settings: StackSettings, policy: PolicySettings, network: NetworkSettings, path: Path
) -> Iterator[Finding]:
    """A network that no pod of the policy's namespace can be on."""
    multus = settings.multus
    shared = {policy.namespace, *multus.global_namespaces}
    if multus.namespace_isolation and network.namespace not in shared:
        rule = (
            f"it is of namespace {network.namespace}, and pods of {policy.namespace} may use networks"
            f" of {some(sorted(shared))} alone: the policy would select none"
        )
        way_out = f"set the policy's namespace: {network.namespace}, or move the network"
        yield Finding("policy-elsewhere", path, rule, way_out, network.namespace)


def _not_enforced(
    settings: StackSettings, name: str, network: NetworkSettings, path: Path
) -> Iterator[Finding]:
    """A network past which the enforcer looks."""
    addon, sriov = settings.addons.network_policy, settings.addons.sriov
    if not isinstance(addon, NetworkPolicyAddonSettings):
        return
    if network.config.refused:
        return
    told = why_not(addon, sriov if isinstance(sriov, SriovAddonSettings) else None, network)
    if told is not None:
        rule = f"no policy is enforced on it: {told.why}"
        way_out = "take it out of the policy, which would hold on the others alone"
        way_out += f"; {told.way_out}" if told.way_out else ""
        yield Finding("policy-not-enforced", path, rule, way_out, name)

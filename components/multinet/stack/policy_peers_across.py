"""Peers of policies that are pods: the enforcer knows them by their addresses alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from multinet.addons.network_policy.settings import NetworkPolicyAddonSettings
from multinet.cni.config import NetworkConfig
from multinet.findings import Finding, Path, Severity
from multinet.findings.part import Unfinished, apart, readable
from multinet.findings.text import named
from multinet.names import stack_key
from multinet.networks.checks import NetworkView
from multinet.networks.checks.sweep import Span, overlaps
from multinet.networks.checks.view import Use
from multinet.networks.declared import views
from multinet.networks.settings import NetworkSettings
from multinet.policies.peers import PolicyPeer
from multinet.policies.settings import PolicySettings
from multinet.stack.settings import StackSettings


def peers_across(
    settings: StackSettings,
    policies: Mapping[str, PolicySettings],
    networks: Mapping[str, NetworkSettings],
) -> Iterator[Finding]:
    """Pods that a policy means to let through, and that it does not, or others with them."""
    wanted = {name for policy in policies.values() for name in _networks(policy)}
    right = {
        name: network
        for name, network in networks.items()
        if name in wanted and not isinstance(network, Unfinished) and not network.config.refused
    }
    ours = isinstance(readable(lambda: settings.addons.network_policy), NetworkPolicyAddonSettings)
    seen = views(right) if ours else {}
    yield from apart(*(_of(name, policy, right, seen) for name, policy in policies.items()))


def _networks(policy: PolicySettings) -> Sequence[str]:
    """Each once."""
    return list(dict.fromkeys(readable(lambda: policy.networks) or ()))


def _of(
    name: str,
    policy: PolicySettings,
    right: Mapping[str, NetworkSettings],
    seen: Mapping[str, NetworkView],
) -> Iterator[Finding]:
    path: Path = (stack_key("policies"), name)
    sides = (readable(lambda: [*_ingress(policy)]), readable(lambda: [*_egress(policy)]))
    pods = [peer for peers in sides for peer in peers or ()]
    of = _networks(policy)
    if pods:
        yield from _without_addresses([n for n in of if n in right], right, pods, path)
        yield from _strangers(of, seen, path)


def _ingress(policy: PolicySettings) -> Iterator[Path]:
    """Peers that are pods, from the policy on."""
    for i, rule in enumerate(policy.ingress):
        yield from (("ingress", i, "from", j) for j, p in enumerate(rule.from_) if _is_pods(p))


def _egress(policy: PolicySettings) -> Iterator[Path]:
    """The same of the other direction."""
    for i, rule in enumerate(policy.egress):
        yield from (("egress", i, "to", j) for j, p in enumerate(rule.to) if _is_pods(p))


def _is_pods(peer: PolicyPeer) -> bool:
    return peer.pod_selector is not None or peer.namespace_selector is not None


def _without_addresses(
    names: Sequence[str],
    networks: Mapping[str, NetworkSettings],
    pods: Sequence[Path],
    path: Path,
) -> Iterator[Finding]:
    bare = [name for name in names if not _may_address(networks[name].config)]
    for peer in pods if bare else ():
        rule = (
            f"pods are known by their addresses, and {named('network', bare)} hands out none:"
            " nobody passes there by this selector"
        )
        way_out = "add ipam to the network, or name the addresses by ipBlock"
        warning = Severity.WARNING
        yield Finding("policy-peer-unknown", (*path, *peer), rule, way_out, None, warning)


def _may_address(config: NetworkConfig) -> bool:
    return any(plugin.may_address for plugin in config.plugins)


def _strangers(
    names: Sequence[str], seen: Mapping[str, NetworkView], path: Path
) -> Iterator[Finding]:
    """Networks that hand out one address to two pods: the peers' of all are let in on each."""
    spans: dict[int, list[Span[Use]]] = defaultdict(list)
    for name in names if len(names) > 1 else ():
        for use in seen[name].uses if name in seen else ():
            of, first, last = use.range, int(use.range.first), int(use.range.last)
            # Who keeps the books of both gives no address twice.
            group = name if use.ipam.GIVES_ALL else use.allocator
            spans[of.first.version].append(Span(first, last, group, use))
    for family in spans.values():
        for mine, other in overlaps(family):
            one, two = sorted((mine.item, other.item), key=lambda use: names.index(use.network))
            if one.network == two.network:
                continue
            rule = (
                f"selects pods as peers, and networks {one.network!r} and {two.network!r} hand out"
                f" the same addresses ({one.range}, {two.range}): where a pod of one is let"
                " through, so is a stranger with its address on the other"
            )
            way_out = "make a policy of its own for each of them, or name addresses by ipBlock"
            where = (*path, "networks", names.index(two.network))
            yield Finding("policy-networks-overlap", where, rule, way_out, two.network)
            return

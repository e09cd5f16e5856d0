"""Whether networks take eth0 from their pods: each is compared with a pod without networks.

A pod that does not reach a Service may be kept from it by a network policy or by the primary CNI;
only what works without networks, on that node and in that namespace, is broken by a network.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from multinet.findings import Finding, Severity
from multinet.live import ClusterError
from multinet.names import PRIMARY_INTERFACE, stack_key
from multinet.networks.checks.view import ROOT
from multinet.verify import eth0, pod
from multinet.verify.declared import Declared
from multinet.verify.eth0 import Beside, Eth0, Glimpse
from multinet.verify.plan import PodPlan, bare, one_by_one
from multinet.verify.pods import Pods, Started
from multinet.verify.seen import looks
from multinet.verify.site import Site

_SECONDS = 25.0
_PRIMARY = (stack_key("primaryCni"),)


@dataclasses.dataclass(frozen=True)
class Told:
    """What networks do to eth0.

    Attributes:
        glimpses: every pod that runs; of networks that were tried again, their own pods.
        failed: pods of single networks that did not start.
        eth0: pod → what works.
        findings, causes: pod → what its network breaks, and why.
        of_nodes: node → what fails without networks too.
        notes: what is accepted, and what could not be told.
        mtus: pod → MTU of its eth0, bytes.
    """

    glimpses: Sequence[Glimpse]
    failed: Sequence[Started] = ()
    eth0: Mapping[str, Eth0] = dataclasses.field(default_factory=dict)
    findings: Mapping[str, Sequence[Finding]] = dataclasses.field(default_factory=dict)
    causes: Mapping[str, Sequence[Finding]] = dataclasses.field(default_factory=dict)
    of_nodes: Mapping[str, Sequence[Finding]] = dataclasses.field(default_factory=dict)
    notes: Sequence[str] = ()
    mtus: Mapping[str, int] = dataclasses.field(default_factory=dict)


def tell_apart(site: Site, pods: Pods, ready: Sequence[Started]) -> Told:
    """Try eth0 of every pod; where one fails, find out whether a network is why, and which.

    A pod with several networks gives way to pods with one of them each.
    """
    first = _compared_again(site, pods, _glimpses(site, pods, ready, _ring(ready)))
    works = {_name(g): eth0.eth0_of(g) for g in first}
    notes, mtus = _accepted(ready), _mtus(first)
    suspects = [g for g in first if g.started.plan.networks and works[_name(g)].broken]
    if not suspects:
        found = _fleeting(site, first, works)
        of_nodes = _of_nodes(first, works)
        return Told(first, eth0=works, findings=found, of_nodes=of_nodes, notes=notes, mtus=mtus)
    several = [g.started for g in suspects if len(g.started.plan.networks) > 1]
    single = [g.started for g in suspects if len(g.started.plan.networks) == 1]
    alone = _without_networks([g.started.plan for g in suspects])
    site.tell("eth0 fails beside a network: looking which, and comparing with pods without any")
    pods.remove(several)
    started = pods.start([p for s in several for p in one_by_one(s.plan)] + alone)
    again = [pods.probed_again(s) for s in single] + [s for s in started if s.ready]
    bares = [s for s in again if not s.plan.networks]
    second = _glimpses(site, pods, again, {s.plan.name: _other(s, bares) for s in again})
    second = _compared_again(site, pods, second)
    now = {_name(g): eth0.eth0_of(g) for g in second}
    gone = {s.plan.name for s in (*several, *single)}
    every = [*(g for g in first if _name(g) not in gone), *second]
    works = {**works, **now}
    fleeting = _fleeting(site, every, works)
    judged = [_judged(site, g, works, bares) for g in second if g.started.plan.networks]
    broken = {name: found for name, found, _, _ in judged}
    causes = {name: why for name, _, why, _ in judged}
    known = {name for name, why in causes.items() if any(c.code == eth0.DEFAULT for c in why)}
    return Told(
        glimpses=every,
        failed=[s for s in started if not s.ready and s.plan.networks],
        eth0=works,
        findings={
            name: [*broken.get(name, ()), *(() if name in known else found)]
            for name, found in fleeting.items()
        },
        causes=causes,
        of_nodes=_of_nodes(every, works),
        notes=[*notes, *(note for _, _, _, of_pod in judged for note in of_pod)],
        mtus={**mtus, **_mtus(second)},
    )


def _glimpses(
    site: Site, pods: Pods, ready: Sequence[Started], targets: Mapping[str, Started | None]
) -> list[Glimpse]:
    return pods.each(lambda s: _glimpse(site, s, targets.get(s.plan.name)), ready)


def _glimpse(site: Site, started: Started, target: Started | None) -> Glimpse:
    plan, unseen = started.plan, ""
    command = pod.look(service=plan.probed, address=target.address if target else "")
    try:
        said, complaint = site.cluster.run(plan.namespace, plan.name, command, _SECONDS)
        seen = looks(said)
        if seen.links:
            return Glimpse(started, seen, target=target)
        unseen = f"`ip` said nothing: {' '.join(complaint.split())[:200]}"
    except ClusterError as error:
        unseen = str(error)
    return Glimpse(started, None, unseen, target)


def _compared_again(site: Site, pods: Pods, glimpses: Sequence[Glimpse]) -> list[Glimpse]:
    """The glimpses; pods without networks that failed have another chance.

    They are what a network is held against: on a busy node a Service may answer late once.
    """
    failed = [
        g for g in glimpses if not g.started.plan.networks and eth0.eth0_of(g).broken - {"probe"}
    ]
    again = _glimpses(site, pods, [g.started for g in failed], {_name(g): g.target for g in failed})
    now = {_name(g): g for g in again}
    return [now.get(_name(g), g) for g in glimpses]


def _name(glimpse: Glimpse) -> str:
    return glimpse.started.plan.name


def _ring(ready: Sequence[Started]) -> dict[str, Started | None]:
    """Whom each pod asks: one whose own eth0 is not known to fail, on another node where it can."""
    able = [s for s in ready if s.plan.probed and s.address]
    return {s.plan.name: _other(s, able) if s.plan.probed else None for s in ready}


def _other(one: Started, able: Sequence[Started]) -> Started | None:
    """The next one of its namespace, else of any; on another node first."""
    place = next((i for i, s in enumerate(able) if s is one), -1) + 1
    others = [s for s in (*able[place:], *able[:place]) if s is not one and s.address]
    others.sort(
        key=lambda s: (s.plan.namespace != one.plan.namespace, s.plan.node == one.plan.node)
    )
    return others[0] if others else None


def _without_networks(suspects: Sequence[PodPlan]) -> list[PodPlan]:
    """Pods to compare with: one on each node of the suspects, and one for it to reach."""
    found: list[PodPlan] = []
    for namespace in dict.fromkeys(plan.namespace for plan in suspects):
        here = [plan for plan in suspects if plan.namespace == namespace]
        nodes = list(dict.fromkeys(plan.node for plan in here))
        nodes += nodes if len(nodes) == 1 else []
        found += bare(nodes, namespace, here[0].name.removeprefix("multinet-verify-"))
    return found


def _judged(
    site: Site, glimpse: Glimpse, works: Mapping[str, Eth0], bares: Sequence[Started]
) -> tuple[str, list[Finding], list[Finding], list[str]]:
    """Pod; what its network breaks; why; what could not be told."""
    plan = glimpse.started.plan
    broken = sorted(works[plan.name].broken)
    same = [
        works[s.plan.name].as_dict()
        for s in bares
        if (s.plan.node, s.plan.namespace) == (plan.node, plan.namespace)
    ]
    guilty = [w for w in broken if any(e[w].startswith(eth0.YES) for e in same)]
    notes = [] if same or not broken else [f"{plan.node}: no pod without networks to compare with"]
    if not guilty:
        return plan.name, [], [], notes
    ((interface, network),) = plan.interfaces.items()
    beside = _beside(site, plan, interface, network)
    found = eth0.findings(beside.path, glimpse, works[plan.name], guilty, Severity.ERROR)
    return plan.name, list(found), eth0.causes(beside, glimpse, guilty), notes


def _beside(site: Site, plan: PodPlan, interface: str, network: Declared) -> Beside:
    addresses = next((n.addresses for n in site.before.nodes if n.name == plan.node), ())
    return Beside((ROOT, network.name), network.name, interface, network.parent, addresses)


def _fleeting(
    site: Site, glimpses: Sequence[Glimpse], works: Mapping[str, Eth0]
) -> dict[str, list[Finding]]:
    """Pod → default routes that Services answered beside, this time."""
    return {
        _name(glimpse): [
            finding
            for interface, network in glimpse.started.plan.interfaces.items()
            if "default-route" not in network.accepted
            for finding in eth0.fleeting(
                _beside(site, glimpse.started.plan, interface, network),
                glimpse,
                works[_name(glimpse)],
            )
        ]
        for glimpse in glimpses
    }


def _of_nodes(
    glimpses: Sequence[Glimpse], works: Mapping[str, Eth0]
) -> dict[str, Sequence[Finding]]:
    """What pods without networks lack: the primary CNI's doing, or a network policy's."""
    found: dict[str, dict[str, Finding]] = {}
    for glimpse in glimpses:
        if glimpse.started.plan.networks:
            continue
        broken = works[_name(glimpse)].broken
        node = found.setdefault(glimpse.started.plan.node, {})
        for way in sorted(broken):
            severity = Severity.ERROR if way == "probe" else Severity.WARNING
            for one in eth0.findings(_PRIMARY, glimpse, works[_name(glimpse)], [way], severity):
                way_out = "it has no networks: see the primary CNI, and policies of its namespace"
                node.setdefault(one.code, dataclasses.replace(one, way_out=way_out))
    return {node: tuple(of_node.values()) for node, of_node in found.items()}


def _mtus(glimpses: Sequence[Glimpse]) -> dict[str, int]:
    return {
        _name(g): g.looks.links[PRIMARY_INTERFACE].mtu
        for g in glimpses
        if g.looks and PRIMARY_INTERFACE in g.looks.links
    }


def _accepted(ready: Sequence[Started]) -> list[str]:
    told = {
        n.name: f"{n.name}: eth0 of its pods was not tried: {n.bypasses_eth0} is accepted"
        for s in ready
        for n in s.plan.networks
        if n.bypasses_eth0
    }
    return list(told.values())

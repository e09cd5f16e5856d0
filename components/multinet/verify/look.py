"""Looks into running pods: what they got on their networks, and whether they reach each other."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence

from multinet.findings import Finding
from multinet.live import ClusterError
from multinet.networks.checks.view import ROOT
from multinet.stack.settings import StackSettings
from multinet.verify import pod
from multinet.verify.addresses import Holder, given_twice, shared_range
from multinet.verify.book import outside
from multinet.verify.causes import silent_causes, unreached_causes
from multinet.verify.compare import Got, compare
from multinet.verify.declared import Declared
from multinet.verify.eth0 import Glimpse
from multinet.verify.plan import PodPlan, pairs
from multinet.verify.pods import Pods
from multinet.verify.seen import network_status
from multinet.verify.site import Others, Site

_REACH_SECONDS = 30.0


@dataclasses.dataclass
class Looked:
    """A network in a running pod; findings and causes grow while pods try to reach each other."""

    plan: PodPlan
    network: Declared
    interface: str
    got: Got
    findings: list[Finding]
    causes: list[Finding]
    reached: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Pod and node."""
        return self.plan.name, self.plan.node

    @property
    def hosts(self) -> list[str]:
        """Its addresses, without prefix length; the interface's, else what Multus wrote."""
        if self.got.link is not None:
            return [str(a.ip) for a in self.got.link.addresses]
        return [ip.partition("/")[0] for ip in self.got.status.ips] if self.got.status else []

    @property
    def addresses(self) -> list[str]:
        """With prefix length where the pod was looked into."""
        return [str(a) for a in self.got.link.addresses] if self.got.link else self.hosts

    @property
    def mtu(self) -> int | None:
        """Bytes."""
        return self.got.link.mtu if self.got.link else None


def look_at(site: Site, pods: Pods, glimpses: Sequence[Glimpse]) -> list[Looked]:
    """What every pod got on each of its networks."""
    looked = [one for glimpse in glimpses for one in _look(site, glimpse)]
    by_network: dict[str, list[Looked]] = defaultdict(list)
    for one in looked:
        by_network[one.network.name].append(one)
    tasks: list[tuple[Looked, Looked]] = []
    for of_network in by_network.values():
        doubled = _given_twice(of_network, site.others)
        tasks += _to_reach(of_network, doubled)
    _reach_all(site, pods, tasks)
    for of_network in by_network.values():
        _share_a_range(of_network)
    return looked


def _look(site: Site, glimpse: Glimpse) -> list[Looked]:
    plan, unseen, seen = glimpse.started.plan, glimpse.unseen, glimpse.looks
    status = network_status(glimpse.started.object or {})
    found = []
    for interface, network in plan.interfaces.items():
        mtu = _parent_mtu(site.settings, plan.node, network)
        got = compare(network, interface, status, seen, mtu)
        findings, why = list(got.findings), []
        own = [ip.partition("/")[0] for ip in got.status.ips] if got.status else []
        findings += outside(network, site.before.book, plan.node, own)
        if status is None:
            why = silent_causes(network.name, site.facts(plan.node, network.parent))
        elif unseen and got.status is not None:
            way_out = "the image needs sh, ip, httpd and wget; and you the right to pods/exec"
            path = (ROOT, network.name)
            findings.append(Finding("live-not-looked-into", path, unseen, way_out))
        found.append(Looked(plan, network, interface, got, findings, why))
    return found


def _parent_mtu(settings: StackSettings, node: str, network: Declared) -> int:
    known = settings.nodes.get(node)
    link = known.links.get(network.parent) if known else None
    return (link.mtu or 0) if link else 0


def _given_twice(looked: Sequence[Looked], others: Others) -> set[tuple[str, str]]:
    """Tell addresses that somebody else has as well; returns the pods that have one of those.

    Before they try to reach each other: whoever answers there would only confuse.
    """
    network = looked[0].network
    own: dict[str, list[Holder]] = defaultdict(list)
    for one in looked:
        for host in one.hosts:
            own[host].append(Holder(one.plan.name, one.plan.node, own=True))
    doubled = set()
    for finding, address in given_twice(network, own, others.held(network, own)):
        holders = [one for one in looked if address in one.hosts]
        doubled |= {one.key for one in holders}
        for one in holders or looked:
            one.findings.append(finding)
    return doubled


def _to_reach(
    looked: Sequence[Looked], doubled: Container[tuple[str, str]]
) -> list[tuple[Looked, Looked]]:
    """Which pod of a network tries to reach which; why not is said right here."""
    network = looked[0].network
    by_key = {one.key: one for one in looked if one.hosts and one.key not in doubled}
    found = [(by_key[a], by_key[b]) for a, b in pairs(network, list(by_key))]
    trying = {one.key for one, _ in found}
    for one in looked:
        if one.key in trying or one.got.status is None:
            continue
        lone = "the range has one address" if network.capacity == 1 else "no other pod"
        why = network.reach.why or (lone if one.hosts else "no address")
        one.reached = f"not tried: {'same address' if one.key in doubled else why}"
    return found


def _share_a_range(looked: Sequence[Looked]) -> None:
    """Tell nodes that hand out one range on the L2 they share, where it did not show already."""
    shown = {f.code for one in looked for f in one.findings}
    if shown & {"live-duplicate-address", "live-unreachable"}:
        return
    if finding := shared_range(looked[0].network, [one.plan.node for one in looked if one.hosts]):
        for one in looked:
            one.findings.append(finding)


def _reach_all(site: Site, pods: Pods, tasks: Sequence[tuple[Looked, Looked]]) -> None:
    """Each pod asks all that it is to reach in one go."""
    by_pod: dict[tuple[str, str], list[tuple[Looked, Looked]]] = defaultdict(list)
    for one, other in tasks:
        by_pod[one.key].append((one, other))

    def ask(of_pod: list[tuple[Looked, Looked]]) -> Mapping[str, str]:
        plan = of_pod[0][0].plan
        hosts = list(dict.fromkeys(h for _, other in of_pod for h in _nearest(other)))
        try:
            said, _ = site.cluster.run(plan.namespace, plan.name, pod.reach(hosts), _REACH_SECONDS)
        except ClusterError:
            return {}
        lines = (line.split(None, 1) for line in said.splitlines())
        return {words[0]: " ".join(words[1:]) for words in lines if words}

    groups = list(by_pod.values())
    for of_pod, answers in zip(groups, pods.each(ask, groups), strict=True):
        for one, other in of_pod:
            _judge(site, one, other, answers)


def _nearest(other: Looked) -> list[str]:
    """One address of each family."""
    families = {":" in host: host for host in reversed(other.hosts)}
    return list(families.values())


def _judge(site: Site, one: Looked, other: Looked, answers: Mapping[str, str]) -> None:
    network, path = one.network, (ROOT, one.network.name)
    same = one.plan.node == other.plan.node
    must = network.reach.between(one.plan.node, other.plan.node)
    silent, refused = [], False
    for host in _nearest(other):
        answer = answers.get(pod.endpoint(host), "")
        if answer == other.plan.name:
            continue
        if answer.startswith("multinet-verify-"):
            rule = f"{answer} answered for {host}, which is {other.plan.name}'s"
            way_out = "the address is taken twice: look for it on that L2"
            one.findings.append(Finding("live-wrong-answer", path, rule, way_out, host))
        elif must and "refused" in answer.lower():
            refused = True
            one.findings.append(_refused(one, other, host))
        else:
            silent.append(f"{host} ({answer or 'no answer'})")
    if not silent and not refused:
        one.reached = f"yes: {other.plan.node}"
        return
    one.reached = f"no: {other.plan.node}"
    if must and silent:
        where = "on the same node" if same else f"on {other.plan.node}"
        rule = f"the pod on {one.plan.node} does not reach {', '.join(silent)} {where}"
        one.findings.append(Finding("live-unreachable", path, rule, "see the likely cause"))
        facts = site.facts(one.plan.node, network.parent)
        one.causes += unreached_causes(network.name, same, facts)


def _refused(one: Looked, other: Looked, host: str) -> Finding:
    """Frames get there, and who has the address does not listen: it is not the pod that does."""
    rule = (
        f"{host}, which is the pod's on {other.plan.node}, refuses the connection of the pod on"
        f" {one.plan.node}: somebody else has that address, or a packet filter rejects it"
    )
    way_out = f"`arping {host}` on that L2: two MAC addresses answer for one that is taken twice"
    return Finding("live-wrong-answer", (ROOT, one.network.name), rule, way_out, host)

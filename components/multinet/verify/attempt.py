"""Pods are started on the networks, looked into, and taken away: what came of it, as rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from multinet.attachments.attachment import Isolation
from multinet.findings import Finding
from multinet.networks.checks.view import ROOT
from multinet.verify.causes import Facts, blames, causes, dhcp_silent
from multinet.verify.declared import Declared
from multinet.verify.first_interface import Told, tell_apart
from multinet.verify.look import Looked, look_at
from multinet.verify.node_rows import node_row
from multinet.verify.plan import PodPlan, bare, batches, one_by_one, plan, waves
from multinet.verify.pods import Pods, Started
from multinet.verify.primary_mtu import mtu_findings
from multinet.verify.rows import NodeRow, Row, counted
from multinet.verify.selection import Selection
from multinet.verify.site import Site

_OF_POD = frozenset(
    {
        *("live-unschedulable", "live-image", "live-daemon-down", "live-token-expired"),
        *("live-api-unreachable", "live-multus-forbidden", "live-primary-not-ready"),
    }
)
"""Causes that are the whole pod's: another pod with fewer networks would fare no better."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of the pods.

    Attributes:
        notes: what is left of them.
    """

    rows: tuple[Row, ...] = ()
    nodes: tuple[NodeRow, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.rows + other.rows, self.nodes + other.nodes, self.notes + other.notes)


def attempt(site: Site, selection: Selection) -> Outcome:
    """Put a pod on every selected network. Leaves none behind, also when interrupted."""
    multus = site.settings.multus
    isolation = Isolation(multus.global_namespaces) if multus.namespace_isolation else None
    found = Outcome()
    for i, batch in enumerate(batches(selection.nodes, site.parallel)):
        alone = bare([n for n in batch if n in selection.bare], "default", f"{site.run}-{i}")
        for j, wave in enumerate(waves(selection.networks, isolation) or [[]]):
            plans = plan(wave, selection.choice, batch, isolation, f"{site.run}-{i}-{j}")
            plans += alone if j == 0 else []
            if plans:
                where = batch[0] if len(batch) == 1 else f"{len(batch)} nodes"
                purpose = f", for {counted(wave, 'network')}" if wave else ""
                site.tell(f"starting {counted(plans, 'pod')} on {where}{purpose}")
                found += _wave(site, plans)
    return found


def _wave(site: Site, plans: Sequence[PodPlan]) -> Outcome:
    with Pods(site.cluster, site.run, site.image, site.timeout) as pods:
        found = _together(site, pods, plans)
        site.tell("removing the pods")
    if not pods.left:
        return found
    names = ", ".join(pods.left)
    return found + Outcome(notes=(f"deleted, and still being taken off their nodes: {names}",))


def _together(site: Site, pods: Pods, plans: Sequence[PodPlan]) -> Outcome:
    rows: list[Row] = []
    started = pods.start(plans)
    again = [p for s in started if not s.ready for p in _condemn(site, s, rows)]
    if again:
        site.tell(f"{counted(again, 'network')} again, each with a pod of its own")
        second = pods.start(again)
        for one in second:
            if not one.ready:
                _condemn(site, one, rows)
        started = [*started, *second]
    ready = [s for s in started if s.ready]
    site.tell(f"looking into {counted(ready, 'pod')}")
    told = tell_apart(site, pods, ready)
    for one in told.failed:
        _condemn(site, one, rows)
    rows += [_seen(site, looked, told) for looked in look_at(site, pods, told.glimpses)]
    shown: dict[str, Started] = {}
    for one in sorted(started, key=lambda s: not s.ready):
        if one.ready or not one.plan.networks:
            shown.setdefault(one.plan.node, one)
    pod_cidrs = site.settings.primary_cni.pod_cidrs
    nodes = []
    for node, s in shown.items():
        row = node_row(s, site.said(s) if not s.ready else (), site.facts(node), pod_cidrs)
        mtu = told.mtus.get(s.plan.name)
        also = (*told.of_nodes.get(node, ()), *mtu_findings(node, mtu, site.before.mtu))
        nodes.append(dataclasses.replace(row, findings=(*row.findings, *also), mtu=mtu))
    return Outcome(tuple(rows), tuple(nodes), tuple(told.notes))


def _condemn(site: Site, started: Started, rows: list[Row]) -> list[PodPlan]:
    """Rows for the networks that kept a pod down; plans for those that may not have."""
    texts = site.said(started)
    networks = started.plan.networks
    blamed = {blames(text) for text in started.texts} - {""}
    of_pod = {c.code for c in causes("", texts, Facts())}
    guilty = [n for n in networks if n.cni_name in blamed]
    whole = bool(started.refused) or len(networks) < 2 or (bool(of_pod) and of_pod <= _OF_POD)
    rows += [_failed(site, network, started, texts) for network in (networks if whole else guilty)]
    if whole:
        return []
    return [p for p in one_by_one(started.plan) if p.networks[0] not in guilty]


def _failed(site: Site, network: Declared, started: Started, texts: Sequence[str]) -> Row:
    path = (ROOT, network.name)
    if started.refused:
        way_out = "see quotas, admission policies and your permissions in that namespace"
        refused = Finding("live-pod-refused", path, started.refused, way_out)
        return _row(site, network, started.plan, findings=(refused,))
    facts = site.facts(started.plan.node, network.parent)
    why = causes(network.name, texts, facts)
    if not why and network.slow_to_fail:
        why = [dhcp_silent(network.name, started.waited)]
    if not why:
        text = f"nothing was said about it within {started.waited:.0f} s"
        why = causes(network.name, [text], facts)
    rule = "the pod on it did not start"
    finding = Finding("live-not-started", path, rule, "see the likely cause")
    return _row(site, network, started.plan, findings=(finding,), causes=tuple(why))


def _seen(site: Site, looked: Looked, told: Told) -> Row:
    name, path = looked.plan.name, (ROOT, looked.network.name)
    row = _row(
        site,
        looked.network,
        looked.plan,
        interface=looked.interface if looked.got.status else "",
        addresses=tuple(looked.addresses),
        mtu=looked.mtu,
        reached=looked.reached,
        findings=(*looked.findings, *(f for f in told.findings.get(name, ()) if f.path == path)),
        causes=(*looked.causes, *told.causes.get(name, ())),
    )
    return dataclasses.replace(row, eth0=told.eth0.get(name))


def _row(
    site: Site,
    network: Declared,
    where: PodPlan,
    *,
    interface: str = "",
    addresses: tuple[str, ...] = (),
    mtu: int | None = None,
    reached: str = "",
    findings: tuple[Finding, ...] = (),
    causes: tuple[Finding, ...] = (),
) -> Row:
    """A row of a pod; what is wrong with the network's NAD is said in each of its rows."""
    return Row(
        network=network.name,
        reference=network.reference,
        node=where.node,
        pod=where.name,
        interface=interface,
        addresses=addresses,
        mtu=mtu,
        parent=network.parent,
        reached=reached,
        findings=(*site.before.nads.get(network.name, ()), *findings),
        causes=causes,
    )

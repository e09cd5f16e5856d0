"""Which networks are tried on which nodes, and why not where they are not. Pure."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from multinet.findings import Finding
from multinet.names import stack_key
from multinet.networks.checks.view import ROOT
from multinet.verify.before import Before
from multinet.verify.declared import Declared
from multinet.verify.plan import Choice, NodeInfo, choose, sampled
from multinet.verify.rows import Row

_LEFT_OUT_SHOWN = 10


@dataclasses.dataclass(frozen=True)
class Where:
    """Which nodes the user wants.

    Attributes:
        nodes: names; empty: a sample. everywhere: all that run pods. sample: how many for each
            network.
    """

    nodes: tuple[str, ...] = ()
    everywhere: bool = False
    sample: int = 2


@dataclasses.dataclass(frozen=True)
class Selection:
    """What is tried.

    Attributes:
        networks: those that a pod is put on.
        choice: nodes for each of them.
        bare: nodes that no network is tried on: a pod without networks shows Multus and primary.
        rows: what is not tried, or cannot be, with the reason.
        general: nodes that were named and cannot be had.
        notes: nodes that are left out.
    """

    networks: Sequence[Declared]
    choice: Choice
    bare: Sequence[str]
    rows: Sequence[Row]
    general: Sequence[Finding]
    notes: Sequence[str]

    @property
    def nodes(self) -> list[str]:
        """Every node that a pod is started on."""
        return list(dict.fromkeys([*self.choice.all_nodes, *self.bare]))


def select(networks: Sequence[Declared], before: Before, where: Where) -> Selection:
    """Choose nodes for the networks that a pod can be put on."""
    rows = [row for network in networks if (row := _untriable(network, before))]
    left = {row.network for row in rows}
    triable = [n for n in networks if n.name not in left]
    chosen = choose(
        triable,
        before.nodes,
        named=where.nodes,
        everywhere=where.everywhere,
        sample=where.sample,
    )
    rows += [_nowhere(n, before) for n in triable if n.name in chosen.nowhere]
    absent = [node for node in chosen.all_nodes if before.multus.down(node)]
    narrowed: dict[str, tuple[str, ...]] = {}
    for network in triable:
        notes = dict(_busy(network, before)) if network.one_per_node else {}
        notes |= dict.fromkeys(absent, "Multus is not ready there")
        here = chosen.nodes[network.name]
        rows += [row_of(network, before, node=n, note=notes[n]) for n in here if n in notes]
        narrowed[network.name] = tuple(n for n in here if n not in notes)
    choice = Choice(narrowed, chosen.nowhere)
    nodes = sampled(before.nodes, named=where.nodes, everywhere=where.everywhere)
    bare = [n.name for n in nodes if n.name not in choice.all_nodes and n.name not in before.down]
    if not (where.nodes or where.everywhere):
        # A sample: as many nodes as a network would be tried on, those of networks counted.
        bare = bare[: max(0, where.sample - len(choice.all_nodes))]
    return Selection(
        networks=[n for n in triable if narrowed[n.name]],
        choice=choice,
        bare=bare,
        rows=rows,
        general=[*_unknown(before, where), *_missing(absent, before), *_nobody(nodes, triable)],
        notes=_left_out(before.nodes, where),
    )


def row_of(
    network: Declared,
    before: Before,
    *,
    node: str = "",
    note: str = "",
    findings: Sequence[Finding] = (),
) -> Row:
    """A row without a pod; what is wrong with the network's NAD is said in each of its rows."""
    return Row(
        network=network.name,
        reference=network.reference,
        node=node,
        parent=network.parent,
        findings=(*before.nads.get(network.name, ()), *findings),
        note=note,
    )


def _untriable(network: Declared, before: Before) -> Row | None:
    if any(f.code == "live-nad-missing" for f in before.nads.get(network.name, ())):
        return row_of(network, before)
    note = network.untried
    if network.alone and (users := before.users(network.reference)):
        note = f"{network.alone}, and {users[0][0]} has it"
    return row_of(network, before, note=note) if note else None


def _nowhere(network: Declared, before: Before) -> Row:
    wanted = ", ".join(f"{k}={v}" for k, v in network.node_selector.items())
    rule = "no ready node for it" + (f" has the labels {wanted}" if wanted else "")
    way_out = "label a node, or correct nodeSelector; `kubectl get nodes --show-labels`"
    finding = Finding("live-no-node", (ROOT, network.name, "nodeSelector"), rule, way_out)
    return row_of(network, before, findings=[finding])


def _busy(network: Declared, before: Before) -> Iterator[tuple[str, str]]:
    for pod, node in before.users(network.reference):
        yield node, f"one pod per node, and {pod} has it"


def _missing(nodes: Sequence[str], before: Before) -> Iterator[Finding]:
    """Of others' Multus: chosen nodes that it has no pod on."""
    for node in nodes:
        if node not in before.down:
            rule = f"Multus is not ready on {node}: {before.multus.down(node)}"
            way_out = "choose nodes that it runs on with --node, or a nodeSelector"
            yield Finding("live-multus-not-ready", (stack_key("multus"),), rule, way_out)


def _unknown(before: Before, where: Where) -> Iterator[Finding]:
    known = {n.name: n.trouble for n in before.nodes}
    for name in where.nodes:
        if known.get(name) != "":
            rule = f"node {name} is {known.get(name) or 'not in the cluster'}"
            way_out = "`kubectl get nodes` lists them"
            yield Finding("live-node-unknown", (), rule, way_out, name)


def _nobody(nodes: Sequence[NodeInfo], networks: Sequence[Declared]) -> Iterator[Finding]:
    """Where there are networks, each of them says so."""
    if not nodes and not networks:
        rule = "no node of the cluster is ready: no pod can be started"
        yield Finding("live-no-node", (), rule, "`kubectl get nodes` tells their state")


def _left_out(nodes: Sequence[NodeInfo], where: Where) -> list[str]:
    troubled = [f"{n.name} ({n.trouble})" for n in nodes if n.trouble]
    if not troubled or (where.nodes and not where.everywhere):
        return []
    count = len(troubled) - _LEFT_OUT_SHOWN
    more = f" and {count} more" if count > 0 else ""
    return [f"left out: {', '.join(troubled[:_LEFT_OUT_SHOWN])}{more}"]

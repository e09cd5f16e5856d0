"""A run of verify: looks at the cluster, chooses, tries, and tells what it saw."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections.abc import Sequence

from multinet.findings import errors
from multinet.live import Cluster
from multinet.stack.settings import StackSettings
from multinet.verify import pod
from multinet.verify.attempt import Outcome, attempt
from multinet.verify.before import look
from multinet.verify.declared import Declared, declared
from multinet.verify.own_subnet import nodes_own_subnets
from multinet.verify.pods import clear_leftovers
from multinet.verify.primary_mtu import differing
from multinet.verify.rows import (
    Report,
    Row,
    counted,
    known_cause,
    told_once,
    with_node_facts,
    without_lonely_partners,
)
from multinet.verify.selection import Where, select
from multinet.verify.site import Others, Site, Tell

_NOTHING_WITHOUT = frozenset({"live-crd-missing", "live-multus-missing"})
"""What is wrong with a cluster on which no pod can show anything."""
_TOLD = frozenset({"live-nodes-own-subnet"})
"""Causes of networks on a node's subnet that was seen to break their pods."""


@dataclasses.dataclass(frozen=True)
class Options:
    """What the user chose.

    Attributes:
        image: of the pods; None: the sample image, from the mirror where there is one.
        where: which nodes.
        parallel: nodes looked at together.
        timeout: seconds that a pod may take to start.
        ask_nodes: whether declared nodes are asked over SSH where a cause is not known.
    """

    image: str | None = None
    where: Where = dataclasses.field(default_factory=Where)
    parallel: int = 8
    timeout: float = 60.0
    ask_nodes: bool = True


def verify(cluster: Cluster, settings: StackSettings, options: Options, tell: Tell) -> Report:
    """Put a pod on every network and compare. Leaves no pod behind, also when interrupted.

    Raises ClusterError when the cluster stops answering.
    """
    run, began = secrets.token_hex(3), time.monotonic()
    networks = declared(settings)
    if cleared := clear_leftovers(cluster):
        tell(f"removed {counted(cleared, 'pod')} of an earlier run")
    tell("looking at NADs and Multus")
    before = look(cluster, settings, networks, options.where.nodes)
    for finding in (f for found in before.nads.values() for f in found):
        tell(f"{finding.value}: {finding.rule}")
    general, notes = [*before.general], [*before.notes]
    outcome, untried = Outcome(), list[Row]()
    if not _NOTHING_WITHOUT & {f.code for f in errors(general)}:
        selection = select(networks, before, options.where)
        general += selection.general
        notes += selection.notes
        untried += selection.rows
        site = Site(
            cluster=cluster,
            settings=settings,
            before=before,
            run=run,
            image=pod.image(settings, options.image),
            others=Others(cluster, networks, before.pods),
            parallel=options.parallel,
            timeout=options.timeout,
            tell=tell,
        )
        outcome = attempt(site, selection)
    rows = without_lonely_partners(told_once([*untried, *outcome.rows]))
    if options.ask_nodes:
        rows, asked = _ask_nodes(settings, rows, tell)
        notes += asked
    failing = {row.network for row in rows for c in row.causes if c.code in _TOLD}
    general += differing({node.node: node.mtu for node in outcome.nodes})
    general += nodes_own_subnets(networks, before.nodes, failing)
    return Report(
        cluster=cluster.host,
        run=run,
        rows=_in_order(rows, networks),
        nodes=outcome.nodes,
        general=tuple(general),
        notes=(*notes, *outcome.notes),
        seconds=time.monotonic() - began,
    )


def _in_order(rows: Sequence[Row], networks: Sequence[Declared]) -> tuple[Row, ...]:
    """As the file has the networks; of each by node, those without one first."""
    order = {network.name: i for i, network in enumerate(networks)}
    return tuple(sorted(rows, key=lambda row: (order[row.network], row.node)))


def _ask_nodes(
    settings: StackSettings, rows: Sequence[Row], tell: Tell
) -> tuple[list[Row], list[str]]:
    """The rows with what declared nodes say of themselves, where no cause is known; and notes."""
    unknown = [row for row in rows if row.node and not known_cause(row)]
    nodes = {
        name: node
        for name, node in settings.nodes.items()
        if name in {row.node for row in unknown} and not node.lost
    }
    if not nodes:
        return list(rows), []
    from multinet.preflight.ask import ask

    tell(f"asking {counted(nodes, 'node')} over SSH")
    found = ask(settings.model_copy(update={"nodes": nodes}))
    notes = [
        f"{name} could not be asked over SSH: run `multinet preflight`"
        for name, report in found.items()
        if any(f.code == "node-unreachable" for f in report.findings)
    ]
    told = [
        with_node_facts(row, found[row.node].findings)
        if row.node in found and row in unknown
        else row
        for row in rows
    ]
    return told, notes

"""Asks all nodes by a short-lived pod each: for clusters whose nodes nobody can log in to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from multinet.findings import Finding
from multinet.live import Cluster, Object
from multinet.multus.objects import NAME as OWN_MULTUS
from multinet.multus.running import is_multus
from multinet.nodes import script
from multinet.nodes.settings import NodeSettings
from multinet.preflight import report
from multinet.preflight.each_node import Options, Question, ask_each, linux_nodes
from multinet.preflight.report import Report, accepted
from multinet.stack.needs import node_needs
from multinet.stack.settings import StackSettings

Answer = Callable[[str, Report], None]


def ask_by_pods(
    cluster: Cluster,
    stack: StackSettings,
    options: Options,
    on_answer: Answer = lambda _node, _report: None,
) -> dict[str, Report]:
    """Node of the cluster → what was found there. Leaves no pod behind, also when interrupted.

    Every Linux node of the cluster is asked; what is declared of one counts. Raises ClusterError.
    """
    nodes = linux_nodes(cluster)
    multus = _whose(cluster.daemon_sets())

    def text(name: str, live: Object) -> str:
        settings = _declared(stack, name, live)
        return script.pod_preflight(name, settings, node_needs(name, settings, stack), multus)

    def kept(answer: Report) -> Report:
        return dataclasses.replace(answer, findings=accepted(answer.findings, stack.ignore))

    question = Question(
        script=text,
        read=lambda name, said: kept(report.of_pod(name, said)),
        unasked=lambda name, why: kept(Report([_not_asked(name, why)])),
    )
    return ask_each(cluster, stack, nodes, question, options, on_answer=on_answer)


def _declared(stack: StackSettings, name: str, live: Object) -> NodeSettings:
    """What is declared of a node, with the labels that it has in the cluster."""
    known = stack.nodes.get(name) or NodeSettings()
    labels = {**(live["metadata"].get("labels") or {}), **known.labels}
    return known.model_copy(update={"labels": labels})


def _whose(daemon_sets: Iterable[Object]) -> str:
    """Whose the cluster's Multus is, as preflight.sh says it."""
    found: Sequence[Any] = [d for d in daemon_sets if is_multus(d)]
    if any(d["metadata"]["name"] == OWN_MULTUS for d in found):
        return "ours"
    return "theirs" if found else "unknown"


def _not_asked(node: str, why: str) -> Finding:
    rule = f"no pod could look at the node: {' '.join(why.split())[-300:]}"
    way_out = "mend that, or ask the node over SSH (declare it under multinet:nodes)"
    return Finding("node-not-asked", (report.ROOT, node), rule, way_out, node)

"""The nodes that a stack declares, against those that the cluster has. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Severity
from multinet.findings.suggest import nearest
from multinet.findings.text import named
from multinet.nodes.settings import NodeSettings

_OS = "kubernetes.io/os"


def strangers(
    declared: Mapping[str, NodeSettings], nodes: Sequence[Mapping[str, Any]] | None
) -> Iterator[Finding]:
    """Declared nodes that the cluster does not have, and nodes of the cluster that nobody declared.

    `nodes`: as the API server sends them; None: they were not shown. Nothing is said where no node
    is declared, which is a choice (docs/nodes.md). A node may be declared before it joins.
    """
    if nodes is None or not declared:
        return
    there = {node["metadata"]["name"] for node in nodes if _runs_linux(node)}
    for name, settings in declared.items():
        if name not in there and not settings.lost:
            yield _unknown(name, there - declared.keys())
    if undeclared := sorted(there - declared.keys()):
        rule = (
            f"the cluster has {named('node', undeclared)} besides the declared ones: whether they"
            " have the plugins and links that networks need is not checked, and nothing is made"
            " there"
        )
        way_out = "declare them, or keep networks off them by a nodeSelector"
        path, value = ("multinet:nodes",), undeclared[0]
        yield Finding("node-not-declared", path, rule, way_out, value, Severity.WARNING)


def _unknown(name: str, others: Collection[str]) -> Finding:
    rule = "the cluster has no node of this name: no pod lands on what is declared of it"
    way_out = "use the name that `kubectl get nodes` shows; lost: true where it is gone for good"
    if guess := nearest(name, others):
        way_out = f"did you mean {guess!r}? Else: {way_out}"
    path = ("multinet:nodes", name)
    return Finding("node-not-in-cluster", path, rule, way_out, name, Severity.WARNING)


def _runs_linux(node: Mapping[str, Any]) -> bool:
    return str((node["metadata"].get("labels") or {}).get(_OS, "linux")) == "linux"

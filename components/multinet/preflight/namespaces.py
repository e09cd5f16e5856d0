"""The namespaces that networks are to stand in, against those that the cluster has. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from multinet.findings import Finding, Path
from multinet.findings.suggest import nearest
from multinet.findings.text import named
from multinet.multus import objects
from multinet.preflight.look import Seen
from multinet.stack.settings import StackSettings


def missing_namespaces(
    stack: StackSettings, seen: Seen, made: Collection[str] = ()
) -> Iterator[Finding]:
    """One finding for each namespace that networks name and the cluster does not have.

    `made`: those that the program creates itself. Multus's own is made by this stack.
    """
    if seen.namespaces is None:
        return
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, network in stack.networks.items():
        wanted[network.namespace].append(name)
    made = {*made, *([stack.multus.namespace] if _makes_its_own(stack) else ())}
    for namespace, networks in wanted.items():
        there = seen.namespaces.get(namespace)
        ends = there is not None and bool(there["metadata"].get("deletionTimestamp"))
        if namespace in made or (there is not None and not ends):
            continue
        path: Path = ("multinet:networks", networks[0], "namespace")
        what = "is being deleted there" if ends else "the cluster has no such namespace"
        rule = f"{what}, and {named('network', networks)} would stand in it"
        guess = nearest(namespace, seen.namespaces)
        way_out = f"kubectl create namespace {namespace}"
        if ends:
            way_out = f"wait until it is gone, then: {way_out}"
        elif guess:
            way_out = f"did you mean {guess!r}? Else: {way_out}"
        yield Finding("namespace-missing", path, rule, way_out, namespace)


def _makes_its_own(stack: StackSettings) -> bool:
    return stack.multus.enabled and objects.namespace(stack.multus) is not None

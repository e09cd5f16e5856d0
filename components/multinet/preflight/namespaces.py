"""The namespaces that networks and policies are to stand in, against the cluster's. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator

from multinet.findings import Finding, Path
from multinet.findings.suggest import nearest
from multinet.findings.text import named
from multinet.multus import objects
from multinet.names import stack_key
from multinet.preflight.look import Seen
from multinet.stack.settings import StackSettings

_SECTIONS = {"network": stack_key("networks"), "policy": stack_key("policies")}


def missing_namespaces(
    stack: StackSettings, seen: Seen, made: Collection[str] = ()
) -> Iterator[Finding]:
    """One finding for each namespace that networks or policies name and the cluster does not have.

    `made`: those that the program creates itself. Multus's own is made by this stack.
    """
    if seen.namespaces is None:
        return
    wanted: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, network in stack.networks.items():
        wanted["network", network.namespace].append(name)
    for name, policy in stack.policies.items():
        wanted["policy", policy.namespace].append(name)
    made = {*made, *([stack.multus.namespace] if _makes_its_own(stack) else ())}
    for (kind, namespace), names in wanted.items():
        there = seen.namespaces.get(namespace)
        ends = there is not None and bool(there["metadata"].get("deletionTimestamp"))
        if namespace in made or (there is not None and not ends):
            continue
        path: Path = (_SECTIONS[kind], names[0], "namespace")
        what = "is being deleted there" if ends else "the cluster has no such namespace"
        rule = f"{what}, and {named(kind, names)} would stand in it"
        guess = nearest(namespace, seen.namespaces)
        way_out = f"kubectl create namespace {namespace}"
        if ends:
            way_out = f"wait until it is gone, then: {way_out}"
        elif guess:
            way_out = f"did you mean {guess!r}? Else: {way_out}"
        yield Finding("namespace-missing", path, rule, way_out, namespace)


def _makes_its_own(stack: StackSettings) -> bool:
    return stack.multus.enabled and objects.namespace(stack.multus) is not None

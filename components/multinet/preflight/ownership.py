"""What others have in a cluster under the names that a stack is about to write, as findings. Pure.

An object that carries the stack's own mark is its own, also when no state knows it: an `up` that
was killed left it there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from multinet.addons.site import SiteSettings
from multinet.addons.workloads import daemon_sets, key_of, takes_away
from multinet.findings import Finding, Path, Severity
from multinet.multus import objects
from multinet.multus.running import is_multus
from multinet.names import OWNER, POLICY_KIND, POLICY_SINGULAR, stack_key
from multinet.preflight.look import Seen
from multinet.preflight.marks import is_of, owner_of, place_of
from multinet.preflight.wanted import wanted
from multinet.primary_cni.agents import agent_of
from multinet.stack.settings import StackSettings

_Object = Mapping[str, Any]

_MULTUS: Path = (stack_key("multus"),)
_PRIMARY: Path = (stack_key("primaryCni"), "plugin")
_OPERATED = ("calico-system", "calico-node")


def ownership(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    """Objects that are in the cluster already and are not of `owner` (`project/stack`)."""
    yield from _networks(stack, owner, seen)
    yield from _another_multus(stack, seen)
    yield from _written(stack, owner, seen)
    yield from _addons_going(stack, owner, seen)
    yield from _primary(stack, owner, seen)


def _networks(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    there = {place_of(item): item for item in seen.networks}
    for name, network in stack.networks.items():
        item = there.get((network.namespace, name))
        if item is not None and not is_of(item, owner):
            path: Path = (stack_key("networks"), name)
            other = "give it another name, or remove it there"
            yield _taken(path, "network-attachment-definition", item, owner, other)


def _another_multus(stack: StackSettings, seen: Seen) -> Iterator[Finding]:
    ours = (stack.multus.namespace, objects.NAME)
    for item in seen.daemon_sets if stack.multus.enabled else ():
        if place_of(item) != ours and is_multus(item):
            rule = (
                f"another Multus runs in this cluster, as DaemonSet {_name(item)}: both would"
                " write 00-multus.conf on every node"
            )
            way_out = "multus.enabled: false uses that one; else remove it first"
            yield Finding("another-multus", _MULTUS, rule, way_out, _name(item))


def _addons_going(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    """Add-ons of ours that a destroy had begun to take away."""
    there = {place_of(item): item for item in seen.daemon_sets}
    site = SiteSettings.of(stack.multus, stack.primary_cni, stack.networks)
    for attribute in stack.addons.on:
        path: Path = (stack_key("addons"), key_of(attribute))
        for name in daemon_sets(attribute, site):
            item = there.get((stack.multus.namespace, name))
            if item is not None and is_of(item, owner) and takes_away(item):
                rule = f"{name} is told to take away what it laid out: a destroy was begun, and cut off"
                way_out = "`pulumi up --refresh` has it lay that out again; destroy goes on"
                yield Finding("addon-taking-away", path, rule, way_out, None, Severity.WARNING)


def _written(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    """What the stack writes under fixed names. Of a namespace, a destroy would delete all in it."""
    for name, path, other in wanted(stack):
        item = seen.objects.get(name)
        if item is None or is_of(item, owner):
            continue
        if name.kind == "Namespace" and _is_by_engine(item):
            continue  # one of a state of v0.1.0, which did not mark it
        kind = POLICY_SINGULAR if name.kind == POLICY_KIND else name.kind.lower()
        yield _taken(path, kind, item, owner, other)


def _primary(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    plugin = stack.primary_cni.plugin
    if plugin == "existing":
        return
    operated = plugin == "calico" and any(is_of(i, owner) for i in seen.installations)
    for item in seen.daemon_sets:
        agent, (namespace, name) = agent_of(item), place_of(item)
        by_chart = name == plugin and _is_by_engine(item)  # its objects have no mark of ours
        if agent is None or is_of(item, owner) or by_chart:
            continue
        if operated and place_of(item) == _OPERATED:
            continue
        rule = (
            f"the cluster has a primary CNI already, {agent.project} (DaemonSet {_name(item)}),"
            " which this stack did not install: two of them would give pods their eth0"
        )
        file = f"confFile: {agent.file}" if agent.file else "its confFile"
        way_out = (
            f"plugin: existing, with {file}, leaves it to those who manage it; to take it"
            f" over: kubectl -n {namespace} annotate daemonset {name} {OWNER}={owner}"
        )
        yield Finding("another-primary", _PRIMARY, rule, way_out, plugin)


def _is_by_engine(item: _Object) -> bool:
    """Whether Pulumi made it, for some stack, without a mark."""
    managers = [str(m.get("manager", "")) for m in item["metadata"].get("managedFields") or ()]
    return any(m.startswith("pulumi") for m in managers)


def _taken(path: Path, kind: str, item: _Object, owner: str, other: str) -> Finding:
    namespace, name = place_of(item)
    others = owner_of(item)
    whose = f"belongs to the stack {others}" if others else "is not of this stack"
    within = f" -n {namespace}" if namespace else ""
    rule = f"{kind} {_name(item)} is in the cluster already and {whose}"
    way_out = (
        f"{other}; to take it over (a destroy then deletes it): kubectl{within} annotate"
        f" --overwrite {kind} {name} {OWNER}={owner}"
    )
    return Finding("owned-by-others", path, rule, way_out)


def _name(item: _Object) -> str:
    return "/".join(part for part in place_of(item) if part)

"""What of a live cluster stands in a stack's way, as findings. Pure.

An object that carries the stack's own mark is its own, also when no state knows it: an `up` that
was killed left it there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Path
from multinet.multus import objects
from multinet.multus.running import is_multus
from multinet.names import OWNER
from multinet.primary_cni.agents import agent_of
from multinet.stack.settings import StackSettings

Object = Mapping[str, Any]

_MULTUS: Path = ("multinet:multus",)
_PRIMARY: Path = ("multinet:primaryCni", "plugin")

_OPERATED = ("calico-system", "calico-node")


@dataclasses.dataclass(frozen=True)
class Seen:
    """What a cluster has, of the kinds that a stack writes; objects as the API server sends them.

    Attributes:
        networks: every NetworkAttachmentDefinition.
        daemon_sets: every DaemonSet.
        namespace: the one that Multus is to run in; None: it is not there.
        installations: what Calico's operator is told to install; its agents have no mark of ours.
    """

    networks: Sequence[Object] = ()
    daemon_sets: Sequence[Object] = ()
    namespace: Object | None = None
    installations: Sequence[Object] = ()


def check(stack: StackSettings, owner: str, seen: Seen) -> list[Finding]:
    """Objects that are in the cluster already and are not of `owner` (`project/stack`)."""
    return [
        *_networks(stack, owner, seen.networks),
        *_multus(stack, owner, seen),
        *_primary(stack, owner, seen),
    ]


def _networks(stack: StackSettings, owner: str, found: Sequence[Object]) -> Iterator[Finding]:
    there = {_key(item): item for item in found}
    for name, network in stack.networks.items():
        item = there.get((network.namespace, name))
        if item is not None and not _is_of(item, owner):
            path: Path = ("multinet:networks", name)
            yield _taken(path, "network-attachment-definition", item, owner)


def _multus(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    if not stack.multus.enabled:
        return
    ours = (stack.multus.namespace, objects.NAME)
    for item in seen.daemon_sets:
        if _key(item) == ours:
            if not _is_of(item, owner):
                yield _taken(_MULTUS, "daemonset", item, owner)
        elif is_multus(item):
            rule = (
                f"another Multus runs in this cluster, as DaemonSet {_name(item)}: both would"
                " write 00-multus.conf on every node"
            )
            way_out = "enabled: false uses that one; else remove it first"
            yield Finding("another-multus", _MULTUS, rule, way_out, _name(item))
    needed, there = objects.namespace(stack.multus), seen.namespace
    if needed and there is not None and not _is_of(there, owner):
        yield _taken((*_MULTUS, "namespace"), "namespace", there, owner)


def _primary(stack: StackSettings, owner: str, seen: Seen) -> Iterator[Finding]:
    plugin = stack.primary_cni.plugin
    if plugin == "existing":
        return
    operated = plugin == "calico" and any(_is_of(i, owner) for i in seen.installations)
    for item in seen.daemon_sets:
        agent = agent_of(item)
        if agent is None or _is_of(item, owner) or _is_by_chart(plugin, item):
            continue
        if operated and _key(item) == _OPERATED:
            continue
        rule = (
            f"the cluster has a primary CNI already, {agent.project} (DaemonSet {_name(item)}),"
            f" which this stack did not install: two of them would give pods their eth0"
        )
        namespace, name = _key(item)
        file = f"confFile: {agent.file}" if agent.file else "its confFile"
        way_out = (
            f"plugin: existing, with {file}, leaves it to those who manage it; to take it"
            f" over: kubectl -n {namespace} annotate daemonset {name} {OWNER}={owner}"
        )
        yield Finding("another-primary", _PRIMARY, rule, way_out, plugin)


def _is_by_chart(plugin: str, item: Object) -> bool:
    """Whether a chart of the engine's made it: its objects have no mark of ours."""
    managers = [str(m.get("manager", "")) for m in item["metadata"].get("managedFields") or ()]
    return item["metadata"]["name"] == plugin and any(m.startswith("pulumi") for m in managers)


def _taken(path: Path, kind: str, item: Object, owner: str) -> Finding:
    namespace, name = _key(item)
    others = _annotations(item).get(OWNER)
    whose = f"belongs to the stack {others}" if others else "is not of this stack"
    within = f" -n {namespace}" if namespace else ""
    rule = f"{kind} {_name(item)} is in the cluster already and {whose}"
    way_out = (
        f"give it another name, or remove it there; to take it over (a destroy then deletes it):"
        f" kubectl{within} annotate --overwrite {kind} {name} {OWNER}={owner}"
    )
    return Finding("owned-by-others", path, rule, way_out)


def _is_of(item: Object, owner: str) -> bool:
    return bool(_annotations(item).get(OWNER) == owner)


def _annotations(item: Object) -> Mapping[str, str]:
    return item["metadata"].get("annotations") or {}


def _key(item: Object) -> tuple[str, str]:
    metadata = item["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def _name(item: Object) -> str:
    return "/".join(part for part in _key(item) if part)

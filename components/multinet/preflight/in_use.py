"""Networks that pods use, and that an `up` would take away or change. Pure.

A pod is attached when it starts. If its network goes, it runs on, and does not start again; if the
network changes, it keeps what it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.findings import Finding, Severity
from multinet.findings.text import count, some
from multinet.live import has_ended
from multinet.names import PER_NODE, PROTECT, stack_key
from multinet.networks import nad
from multinet.networks.asked import asks_for
from multinet.preflight.marks import is_of, place_of
from multinet.stack.settings import StackSettings
from multinet.untrusted import plain_json

_Object = Mapping[str, Any]


def matters(stack: StackSettings, owner: str, networks: Sequence[_Object]) -> bool:
    """Whether it has to be known which pods there are."""
    return bool(_leaving(stack, owner, networks) or _changing(stack, owner, networks))


def in_use(
    stack: StackSettings,
    owner: str,
    networks: Sequence[_Object],
    pods: Sequence[_Object],
    *,
    plain: bool,
) -> Iterator[Finding]:
    """One finding for each network that pods ask for and that goes or changes.

    Args:
        owner: the stack, as `project/stack`.
        networks: the NADs that the cluster has. pods: all of its pods.
        plain: whether the program makes nothing but what its configuration says. Another one may
            make the network by itself: then it is a warning.
    """
    for item in _leaving(stack, owner, networks):
        if using := _using(item, pods):
            yield _goes(item, using, Severity.ERROR if plain else Severity.WARNING)
    for name, item in _changing(stack, owner, networks):
        if using := _using(item, pods):
            path = (stack_key("networks"), name, "config")
            rule = f"changes, and {_told(using)} keep it as it was until they restart"
            way_out = "`multinet restart` rolls them after the update; `verify --stale` lists them"
            yield Finding("pods-keep-old", path, rule, way_out, None, Severity.WARNING)


def _leaving(stack: StackSettings, owner: str, networks: Sequence[_Object]) -> list[_Object]:
    declared = {(network.namespace, name) for name, network in stack.networks.items()}
    return [
        item
        for item in networks
        if is_of(item, owner) and place_of(item) not in declared and not _let_go(item)
    ]


def _changing(
    stack: StackSettings, owner: str, networks: Sequence[_Object]
) -> list[tuple[str, _Object]]:
    there = {place_of(item): item for item in networks if is_of(item, owner)}
    found = []
    for name, network in stack.networks.items():
        item = there.get((network.namespace, name))
        if item is not None and _meaning(item) != _meaning(nad.manifest(name, network)):
            found.append((name, item))
    return found


def _goes(item: _Object, using: Sequence[_Object], severity: Severity) -> Finding:
    name = item["metadata"]["name"]
    rule = f"is not declared any more, and {_told(using)} ask for it: they would not start again"
    way_out = (
        "declare it again, or take it out of their annotation and restart them; to let it go all"
        " the same: protect: false on it, `pulumi up`, then remove it"
    )
    return Finding("network-in-use", (stack_key("networks"), name), rule, way_out, None, severity)


def _told(using: Sequence[_Object]) -> str:
    """Pods by what brings them back: `3 pods (deployment web in apps, pod alone in default)`."""
    owners = Counter(_owner(pod) for pod in using)
    return f"{count(len(using), 'pod')} ({some(sorted(owners))})"


def _owner(pod: _Object) -> str:
    metadata = pod["metadata"]
    for reference in metadata.get("ownerReferences") or ():
        if reference.get("controller"):
            kind, name = str(reference.get("kind", "")).lower(), str(reference.get("name", ""))
            if kind == "replicaset" and "-" in name:
                kind, name = "deployment", name.rpartition("-")[0]
            return f"{kind} {name} in {metadata['namespace']}"
    return f"pod {metadata['name']} in {metadata['namespace']}"


def _using(item: _Object, pods: Sequence[_Object]) -> list[_Object]:
    reference = "/".join(place_of(item))
    return [
        pod
        for pod in pods
        if not has_ended(pod)
        and not pod["metadata"].get("deletionTimestamp")
        and asks_for(pod, reference)
    ]


def _let_go(item: _Object) -> bool:
    return (item["metadata"].get("annotations") or {}).get(PROTECT) == "false"


def _meaning(item: _Object) -> tuple[Any, Any]:
    """What it says, and what each node's own is made of."""
    annotations = item["metadata"].get("annotations") or {}
    return _read((item.get("spec") or {}).get("config")), _read(annotations.get(PER_NODE))


def _read(text: Any) -> Any:
    try:
        return plain_json.loads(text) if text else None
    except (TypeError, ValueError):
        return text

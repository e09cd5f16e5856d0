"""Addresses of running pods that a change would hand out again. Pure.

An IPAM keeps its books under a name: host-local in a directory of the node that is called like
the CNI network, whereabouts by the range. A network that is renamed, or gets another IPAM, begins
with empty books, while pods still have the addresses of before.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.cni.config import parse
from multinet.cni.ipam.static import Static
from multinet.findings import Finding, Path, Severity
from multinet.findings.text import named
from multinet.live import has_ended
from multinet.names import NETWORK_STATUS, RESOURCE_NAME
from multinet.networks.checks.view import NetworkView, Use
from multinet.preflight.marks import is_of
from multinet.stack.settings import StackSettings
from multinet.untrusted import plain_json

_Object = Mapping[str, Any]


@dataclasses.dataclass(frozen=True)
class _Handover:
    """A range that other books are going to hand out.

    Attributes:
        before: the network as it is in the cluster. after: the one of the stack.
        old, new: what each hands out.
    """

    before: NetworkView
    after: NetworkView
    old: Use
    new: Use


def questionable(stack: StackSettings, owner: str, networks: Sequence[_Object]) -> bool:
    """Whether it has to be known which pods are attached: a list of all pods is a large one."""
    return any(_handovers(stack, owner, networks))


def handed_out_again(
    stack: StackSettings, owner: str, networks: Sequence[_Object], pods: Sequence[_Object]
) -> Iterator[Finding]:
    """One finding for each network that would hand out what running pods of another have.

    `networks`: the NADs that the cluster has, `pods`: all of its pods.
    """
    told: set[str] = set()
    for change in _handovers(stack, owner, networks):
        having = attached(f"{change.before.namespace}/{change.before.name}", pods)
        if not having or change.after.name in told:
            continue
        told.add(change.after.name)
        yield _finding(change, having)


def _handovers(
    stack: StackSettings, owner: str, networks: Sequence[_Object]
) -> Iterator[_Handover]:
    """What is in the cluster and this stack's, beside what the stack declares now."""
    declared = [
        NetworkView(name, n.namespace, n.config, n.resource_name or "", n.node_selector)
        for name, n in stack.networks.items()
    ]
    kept = {use.allocator for view in declared for use in view.uses}
    for view in (v for nad in networks if is_of(nad, owner) for v in _view(nad)):
        for use in view.uses:
            if use.allocator in kept or isinstance(use.ipam, Static):
                continue
            for after in declared:
                if after.segment is None or after.segment != view.segment:
                    continue
                for new in after.uses:
                    if not isinstance(new.ipam, Static) and _overlap(use, new):
                        yield _Handover(view, after, use, new)


def _view(nad: _Object) -> Iterator[NetworkView]:
    metadata = nad["metadata"]
    text = str((nad.get("spec") or {}).get("config") or "")
    config, _ = parse(text)
    if config is not None:
        resource = (metadata.get("annotations") or {}).get(RESOURCE_NAME, "")
        yield NetworkView(metadata["name"], metadata["namespace"], config, resource)


def _overlap(one: Use, other: Use) -> bool:
    a, b = one.range, other.range
    return a.first.version == b.first.version and a.first <= b.last and b.first <= a.last  # type: ignore[operator]


def attached(reference: str, pods: Sequence[_Object]) -> list[str]:
    """Pods that have an interface on a network, as `namespace/name`."""
    return [
        f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"
        for pod in pods
        if not has_ended(pod) and reference in _networks(pod)
    ]


def _networks(pod: _Object) -> set[str]:
    text = (pod["metadata"].get("annotations") or {}).get(NETWORK_STATUS, "[]")
    try:
        entries = plain_json.loads(text)
    except ValueError:
        return set()
    listed = entries if isinstance(entries, list) else []
    return {str(entry.get("name")) for entry in listed if isinstance(entry, dict)}


def _finding(change: _Handover, having: Sequence[str]) -> Finding:
    before, after = change.before, change.after
    renamed = change.old.ipam.type == change.new.ipam.type == "host-local"
    path: Path = ("multinet:networks", after.name)
    was = f"network {before.name}" if before.name != after.name else "the network as it is"
    rule = (
        f"hands out {change.new.range} of the same segment with books of its own, and"
        f" {named('pod', having)} {'has' if len(having) == 1 else 'have'} addresses of {was}:"
        " they would be given to others as well"
    )
    if renamed:
        # host-local's directory is called like the CNI network, which is the NAD unless it is said.
        name = before.config.name(before.name)
        way_out = f"keep the books: config.name: {name}; or delete those pods first"
        return Finding("addresses-given-again", path, rule, way_out, str(change.new.range))
    way_out = "delete those pods first, or let it hand out other addresses until they are gone"
    warning = Severity.WARNING
    return Finding("addresses-given-again", path, rule, way_out, str(change.new.range), warning)

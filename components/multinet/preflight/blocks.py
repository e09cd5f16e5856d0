"""The book of the nodes' numbers against the cluster's nodes, and blocks that would move. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from multinet.blocks.book import numbers_in
from multinet.blocks.objects import CLAIM, served
from multinet.findings import Finding, Path, Severity
from multinet.findings.model import check
from multinet.findings.text import named
from multinet.names import PER_NODE, stack_key
from multinet.networks.blocks import Blocks
from multinet.networks.settings import NetworkSettings
from multinet.preflight.allocations import attached
from multinet.preflight.marks import is_of
from multinet.stack.settings import StackSettings
from multinet.untrusted import plain_json

_Object = Mapping[str, Any]
_SHOWN = 8


def node_blocks(
    stack: StackSettings,
    owner: str,
    *,
    networks: Sequence[_Object],
    pods: Sequence[_Object],
    nodes: Sequence[_Object] | None,
    leases: Sequence[_Object],
) -> Iterator[Finding]:
    """What an `up` would do to blocks that are in use, and nodes that get none.

    Args:
        networks: every NAD. pods: of the cluster. nodes: None: they were not shown.
        leases: the book.
    """
    blocks = served(stack.networks)
    if not blocks:
        return
    numbers = numbers_in(leases)
    yield from _moved(stack, blocks, owner, networks, pods)
    if nodes is not None:
        there = [node["metadata"]["name"] for node in nodes]
        yield from _too_few(blocks, numbers, there)
        yield from _gone(stack, numbers, there)


def moving(stack: StackSettings, owner: str, networks: Sequence[_Object]) -> bool:
    """Whether it has to be known which pods are on a network: its blocks would be others."""
    return any(_changes(stack, served(stack.networks), owner, networks))


def _changes(
    stack: StackSettings, blocks: Mapping[str, Blocks], owner: str, networks: Sequence[_Object]
) -> Iterator[tuple[str, _Object]]:
    """Networks of this stack that are in the cluster and cut in another way, or not at all."""
    there = {(n["metadata"]["namespace"], n["metadata"]["name"]): n for n in networks}
    for name, after in blocks.items():
        nad = there.get((stack.networks[name].namespace, name))
        if nad is not None and is_of(nad, owner) and _places(_before(nad)) != _places(after):
            yield name, nad


def _before(nad: _Object) -> Blocks | None:
    """How the network is cut now; None: it is not."""
    text = (nad["metadata"].get("annotations") or {}).get(PER_NODE, "")
    try:
        settings, _ = check(NetworkSettings, plain_json.loads(text))
    except ValueError:
        return None
    return settings.blocks if settings is not None else None


def _places(blocks: Blocks | None) -> list[tuple[Any, int]]:
    """What decides where the blocks are."""
    return [(one.first, one.prefix) for one in blocks.cuts] if blocks is not None else []


def _moved(
    stack: StackSettings,
    blocks: Mapping[str, Blocks],
    owner: str,
    networks: Sequence[_Object],
    pods: Sequence[_Object],
) -> Iterator[Finding]:
    for name, nad in _changes(stack, blocks, owner, networks):
        having = attached(f"{nad['metadata']['namespace']}/{name}", pods)
        if having:
            rule = (
                f"{named('pod', having)} {'has' if len(having) == 1 else 'have'} addresses of the"
                " network as it is now, and its blocks would be elsewhere: another node would give"
                " them to others as well"
            )
            way_out = (
                "keep the range's start and the size of blocks (it may grow at its end), or delete"
                " those pods first"
            )
            yield Finding("blocks-moved", _path(name), rule, way_out)


def _too_few(
    blocks: Mapping[str, Blocks], numbers: Mapping[str, int], nodes: Sequence[str]
) -> Iterator[Finding]:
    """Nodes that have a number and no block of that number, or will get none."""
    for name, of in blocks.items():
        if not of.cuts:
            continue
        without = [node for node in nodes if numbers.get(node, 0) >= of.count]
        if without:
            some = ", ".join(without[:_SHOWN])
            rule = (
                f"has {of.count} blocks, and the numbers of {some} are above: no pod starts there"
            )
            way_out = (
                "choose smaller blocks or a larger range; nodes that are gone keep numbers too"
            )
            yield Finding("blocks-too-few", _path(name), rule, way_out, of.count)
        elif of.count < len(nodes):
            rule = (
                f"has {of.count} blocks, and the cluster {len(nodes)} nodes: on some no pod starts"
            )
            way_out = "choose smaller blocks or a larger range"
            yield Finding("blocks-too-few", _path(name), rule, way_out, of.count)


def _gone(
    stack: StackSettings, numbers: Mapping[str, int], nodes: Sequence[str]
) -> Iterator[Finding]:
    gone = sorted(numbers.keys() - set(nodes))
    if gone:
        leases = " ".join(f"{CLAIM}{numbers[node]}" for node in gone[:_SHOWN])
        rule = (
            f"{named('node', gone)} left the cluster, and {len(gone)} blocks of each network with"
        )
        rule += " that: only you know whether a machine is off"
        way_out = (
            f"where it is: kubectl -n {stack.multus.namespace} delete lease {leases}; else leave it"
        )
        path = (stack_key("networks"),)
        yield Finding("blocks-of-gone-nodes", path, rule, way_out, gone[0], Severity.WARNING)


def _path(name: str) -> Path:
    return (stack_key("networks"), name, "perNode")

"""Settings that nodes share in a file, and one of them has lost. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from multinet.findings import Finding, Severity
from multinet.findings.text import named
from multinet.nodes.settings import NodeSettings

_OWN = ("host", "host_key", "private_key", "private_key_password", "labels")
"""What differs from node to node where all else is shared."""


def keys_of_some(nodes: Mapping[str, NodeSettings]) -> Iterator[Finding]:
    """Nodes without a key that are otherwise declared like some that have one.

    YAML's anchors share a node's settings, and `pulumi config set --path` writes them out: the key
    that it sets is then that one node's alone. Paths start at the section.
    """
    alike: dict[str, dict[str, NodeSettings]] = defaultdict(dict)
    for name, node in nodes.items():
        if not node.local and not node.lost:
            alike[node.model_dump_json(exclude={*_OWN})][name] = node
    for group in alike.values():
        having = [name for name, node in group.items() if node.private_key is not None]
        for name in group if having else ():
            if name not in having:
                yield _finding(name, having)


def _finding(name: str, having: list[str]) -> Finding:
    rule = (
        f"has no key, and {named('node', having)}, declared alike,"
        f" {'has' if len(having) == 1 else 'have'} one: `pulumi config set --path` writes anchors"
        " out, and sets it on one node alone"
    )
    way_out = (
        f"pulumi config set --secret --path 'multinet:nodes.{name}.privateKey'; or take it off all"
        " of them, and use an SSH agent"
    )
    path = ("nodes", name, "privateKey")
    return Finding("key-of-some-nodes", path, rule, way_out, None, Severity.WARNING)

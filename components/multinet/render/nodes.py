"""The nodes' scripts as files, for people who run them without the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from multinet.nodes import script
from multinet.render.program import Planned
from multinet.stack import StackSettings
from multinet.stack.needs import node_needs

_COMMANDS = ("command:remote:Command", "command:local:Command")
_SUFFIX = "-apply"


def node_scripts(
    resources: Iterable[Planned], settings: StackSettings
) -> Iterator[tuple[str, str, str]]:
    """Node, file name and text of each script, in the plan's order.

    What changes a node is what the engine sends over standard input, byte for byte; undo is the
    same script with another first word. Nothing of the connection is in them, so no key.
    """
    for resource in resources:
        text = resource.inputs.get("stdin")
        if resource.type not in _COMMANDS or "create" not in resource.inputs:
            continue
        node = resource.name.removesuffix(_SUFFIX)
        if node not in settings.nodes or not isinstance(text, str):
            continue
        declared = settings.nodes[node]
        yield (
            node,
            "01-preflight.sh",
            script.preflight(node, declared, node_needs(node, declared, settings)),
        )
        yield node, "02-apply.sh", text
        undo = '\nset -eu\nset -- undo "$@"\n'
        yield node, "90-undo.sh", text.replace("\nset -eu\n", undo, 1)


def write_node_scripts(
    resources: Iterable[Planned], settings: StackSettings, directory: Path
) -> None:
    """Write `nodes/<node>/NN-step.sh` below `directory`."""
    for node, name, text in node_scripts(resources, settings):
        file = directory / "nodes" / node / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(0o755)

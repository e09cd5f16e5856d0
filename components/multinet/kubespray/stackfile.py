"""The stack file of a converted inventory: what was lost stands in it as comments."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from multinet.findings.text import count
from multinet.kubespray.convert import Converted
from multinet.names import stack_key
from multinet.stack.written import written


def stack_file(converted: Converted, source: str, directory: Path = Path()) -> str:
    """Text of Pulumi.<stack>.yaml in a directory; the same for the same inventory."""
    config = {stack_key(key): value for key, value in converted.config.items()}
    return written(config, _comments(converted, source), directory)


def _comments(converted: Converted, source: str) -> Iterator[str]:
    yield f"Made from {source} by multinet import-kubespray."
    if converted.lost:
        yield "Not carried over, or not as it was:"
    for lost in converted.lost:
        yield f"  {lost.name}: {lost.value}  ({lost.source}) {lost.reason}"
    if converted.skipped:
        yield "Not read:"
    for file, reason in converted.skipped.items():
        yield f"  {file}: {reason}"
    if said := not_in_use(converted):
        yield said


def not_in_use(converted: Converted) -> str:
    """One line about variables of primary CNIs that are not in use; empty: there are none."""
    counts = [
        f"{count(len(names), 'variable')} of {plugin}" for plugin, names in converted.unused.items()
    ]
    return f"Not in use: {', '.join(counts)}" if counts else ""
